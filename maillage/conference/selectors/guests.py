"""Who stands at the door: the single way from a link to a party, its booking and the state of its door."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from maillage.booking.models import Booking, Party
from maillage.conference.domain.door import Door, Opening, door_at
from maillage.conference.models import Conference
from maillage.core.links import LinkForged, read_link
from maillage.core.quarters import moment_of


@dataclass(frozen=True, slots=True)
class Guest:
    """A party before the door of its meeting."""

    party: Party
    booking: Booking
    conference: Conference | None
    door: Door
    start: datetime
    end: datetime

    @property
    def opens_at(self) -> datetime:
        """When the door opens."""
        return self.start - opening().opens


def opening() -> Opening:
    """Return the door's window, from the settings."""
    return Opening(timedelta(minutes=settings.DOOR_OPENS_MINUTES), timedelta(minutes=settings.DOOR_CLOSES_MINUTES))


def guest_by_link(token: str, now: datetime) -> Guest:
    """Return the party that `token` names. One query.

    Raises LinkForged if it is not ours or its booking is gone, LinkExpired after its time.
    """
    subject = read_link("party", token, now)
    asked = Party.objects.select_related("booking__conference", "room__point__commune", "origin")
    party = asked.filter(pk=int(subject)).first() if subject.isdecimal() else None
    if party is None:
        raise LinkForged
    return guest_of(party, now)


def guest_of(party: Party, now: datetime) -> Guest:
    """Return `party` before the door of its meeting. No query if its booking and conference are there."""
    booking = party.booking
    conference: Conference | None = getattr(booking, "conference", None)
    start, end = moment_of(booking.first_quarter), moment_of(booking.end_quarter)
    door = door_at(
        status=booking.status,
        is_over=conference is not None and conference.ended_at is not None,
        start=start,
        end=end,
        opening=opening(),
        now=now,
    )
    return Guest(party, booking, conference, door, start, end)
