"""Meetings with fixed values: two sides, Callac and Rennes, one hour from `start`, confirmed."""

from datetime import UTC, datetime, timedelta

from maillage.booking.models import Booking, BookingStatus, Party, PartyKind
from maillage.conference.models import Conference
from maillage.conference.services import Entry, Screen, enter_meeting, open_conference
from maillage.core.links import sign_link
from maillage.core.quarters import quarter_at

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""Tuesday 24 November 2026, 9:00 in Paris."""


def make_meeting(
    *, start: datetime = NINE, names: tuple[str, ...] = ("Callac", "Rennes"), status: str = BookingStatus.CONFIRMED
) -> Booking:
    """Make a booking of one hour and one party from a browser for each name, that takes no room."""
    count = Booking.objects.count() + 1
    booking = Booking.objects.create(
        reference=f"T{count:03}-M4",
        status=status,
        first_quarter=quarter_at(start),
        length=4,
        title="Point sur le chantier",
        request_key=f"meeting-{count}",
        held_until=start,
        cancel_cause="organiser" if status == BookingStatus.CANCELLED else "",
    )
    for position, name in enumerate(names):
        Party.objects.create(
            booking=booking, position=position, kind=PartyKind.BROWSER, name=name, head_count=position + 1
        )
    return booking


def parties_of(booking: Booking) -> list[Party]:
    """Return the parties of a booking, the organiser's first."""
    return list(booking.parties.select_related("booking").order_by("position"))


def token_of(party: Party, *, until: datetime = NINE + timedelta(days=180)) -> str:
    """Return the token of a party's link."""
    return sign_link("party", str(party.pk), until)


def screen(name: str = "screen-1", page: str = "page-0001") -> Screen:
    """Return a screen with its microphone and camera on."""
    return Screen(connection=name, page=page, device="Chromium 156, Linux", microphone=True, camera=True)


def enter(
    party: Party, *, now: datetime = NINE, take_over: bool = False, most_sites: int | None = None, **names: str
) -> Entry:
    """Make a party enter its meeting, by default with a page of its own."""
    conference: Conference = open_conference(party.booking_id)
    return enter_meeting(
        conference_id=conference.pk,
        party_id=party.pk,
        screen=screen(**{"page": f"page-{party.pk:04}"} | names),
        take_over=take_over,
        most_sites=most_sites,
        now=now,
    )
