"""The conduct of a meeting, changed under its conference's row and told whole to those inside."""

from datetime import datetime
from functools import partial

from django.db import transaction

from maillage.booking.models import Party
from maillage.conference.domain.floor import Floor, Mode
from maillage.conference.domain.floor_record import followed, read_floor
from maillage.conference.gateways.configured import configured_pool
from maillage.conference.models import Attendance, Conduct, Conference
from maillage.conference.selectors.conduct import conduct_told
from maillage.conference.services.floor_at_bridge import keep_floor_at_bridge
from maillage.conference.services.telling import tell_inside


def conduct_of(conference: Conference) -> Conduct:
    """Return how a meeting is led, made the first time: the organiser's side leads it."""
    known = Conduct.objects.filter(booking=conference.booking_id).first()
    if known:
        return known
    organiser = Party.objects.filter(booking=conference.booking_id).order_by("position").first()
    return Conduct.objects.get_or_create(booking_id=conference.booking_id, defaults={"leader": organiser})[0]


def keep(conference: Conference, conduct: Conduct, now: datetime) -> Conduct:
    """Save a changed conduct and tell it."""
    conduct.version += 1
    conduct.save()
    tell_inside(conference.pk, conduct_told(conference, conduct, now))
    return conduct


def follow_presence(conference: Conference, now: datetime) -> None:
    """Bring the floor up to who is in. Called, under the conference's row, by all that changes who is in."""
    conduct = conduct_of(conference)
    before = read_floor(conduct.floor)
    inside = Attendance.objects.filter(conference=conference, left_at=None).values_list("party_id", flat=True)
    floor = followed(before, list(inside), leader=conduct.leader_id, at=now.timestamp())
    if floor != before:
        keep_floor(conference, conduct, floor, now)


def keep_floor(conference: Conference, conduct: Conduct, floor: Floor, now: datetime) -> None:
    """Save and tell a changed floor; the bridge follows once it is committed."""
    if _heard(read_floor(conduct.floor)) != _heard(floor):
        follow = partial(keep_floor_at_bridge, conference_id=conference.pk, pool=configured_pool())
        transaction.on_commit(follow)
    conduct.floor = floor.as_json()
    keep(conference, conduct, now)


def _heard(floor: Floor) -> set[int | None] | None:
    """Return who is let through, None for everyone."""
    return None if floor.mode is Mode.FREE else {floor.holder, floor.chair}
