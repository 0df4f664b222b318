"""Passes: signed links by which a host lets its own people book what is not, or not yet, for everybody. No query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from maillage.booking.domain.terms import Pass
from maillage.core.links import LinkForged, read_link, sign_link
from maillage.points.models import Audience, Point, PriorityGroup, Room

PURPOSE = "room-pass"
GROUPS = (PriorityGroup.TENANTS, PriorityGroup.PARTNERS, PriorityGroup.INTERNAL)


@dataclass(frozen=True, slots=True)
class NamedLink:
    """An address to hand out, and for whom or what it is."""

    words: str
    address: str


def pass_token(point_id: int, group: str, *, now: datetime) -> str:
    """Return the token of a group at a point, the same all year, valid until the end of the next."""
    return sign_link(PURPOSE, f"{point_id}:{group}", datetime(now.year + 2, 1, 1, tzinfo=UTC))


def read_pass(token: str, now: datetime) -> Pass:
    """Return what a pass opens. Raises LinkForged, LinkExpired."""
    point_id, _, group = read_link(PURPOSE, token, now).partition(":")
    if not point_id.isdigit() or group not in GROUPS:
        raise LinkForged
    return Pass(int(point_id), group)


def pass_links(point: Point, rooms: Sequence[Room], *, now: datetime) -> list[NamedLink]:
    """Return the links to hand out to each group, if one of the rooms is not for everybody at any time."""
    for_some = any(room.priority_days or (room.audience or point.audience) != Audience.EVERYONE for room in rooms)
    if not for_some:
        return []
    chosen = rooms[0]
    return [
        NamedLink(
            str(group.label), _search(point, chosen) + "&" + urlencode({"pass": pass_token(point.pk, group, now=now)})
        )
        for group in GROUPS
    ]


def room_links(point: Point, rooms: Sequence[Room]) -> list[NamedLink]:
    """Return the own link of each room that the search does not offer."""
    return [NamedLink(room.name, _search(point, room)) for room in rooms if not (room.is_listed and point.is_listed)]


def _search(point: Point, room: Room) -> str:
    query = urlencode({"room_1": room.pk, "remove": 0})
    return f"{settings.BASE_URL}{reverse('booking:slot_search')}?{query}"
