"""Find rooms and points. The slot search calls the first five; their queries are pinned in tests."""

from collections.abc import Collection, Iterable
from threading import Lock, Thread
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from maillage.core.quarters import PER_DAY, quarter_of
from maillage.points.domain.catalogue import NEEDS, Catalogue, RoomOffer, need_bits
from maillage.points.domain.hours import remember_hours
from maillage.points.errors import UnknownRoom
from maillage.points.models import Closure, Equipment, HouseRules, Room

_kept: tuple[str, Catalogue] | None = None
_reading = Lock()
_LARGEST_ID = 2**63 - 1
_MANY = 1_000
_HOURS_AHEAD = 21 * PER_DAY
_PRESENT_RULES = Subquery(
    HouseRules.objects.filter(point=OuterRef("point")).order_by("-version").values("pk")[:1],
)


def nearest_rooms(
    latitude: float, longitude: float, *, head_count: int, needs: Collection[str] = (), limit: int = 20
) -> list[RoomOffer]:
    """Return the `limit` bookable rooms nearest to a place that hold `head_count` people and have all of `needs`.

    One small query while no room changes; three, about a second at 35,000 rooms, after a change. Raises UnknownNeed.
    """
    wanted = need_bits(needs)
    return catalogue().nearest(latitude, longitude, head_count=head_count, needs=wanted, limit=limit)


def room_offers(ids: Iterable[int]) -> list[RoomOffer]:
    """Return the bookable rooms of `ids`, in their order. Raises UnknownRoom if one is missing. Queries as above."""
    rooms, offers = catalogue(), []
    for room_id in ids:
        offer = rooms.find(room_id)
        if offer is None:
            raise UnknownRoom(room=room_id)
        offers.append(offer)
    return offers


def bookable_room(room_id: int) -> Room:
    """Return a room that can be booked, its point and commune loaded. Raises UnknownRoom. One query."""
    bookable = Room.objects.bookable().select_related("point__commune")
    room = bookable.filter(pk=room_id).first() if 0 < room_id <= _LARGEST_ID else None
    if room is None:
        raise UnknownRoom(room=room_id)
    return room


def closures_between(point_ids: Collection[int], first: int, end: int) -> list[Closure]:
    """Return the closures of these points that touch the quarters from `first` to before `end`. One query."""
    return list(Closure.objects.filter(point_id__in=point_ids, first_quarter__lt=end, end_quarter__gt=first))


def closed_ranges(point_ids: Collection[int], first: int, end: int) -> list[tuple[int, int | None, int, int]]:
    """Return (point, room or None for all of it, first quarter, end quarter) of those closures.

    One query, in plain SQL: every search asks it.
    """
    if not point_ids:
        return []
    points = ", ".join(f"{point_id:d}" for point_id in point_ids)
    sql = f"""SELECT point_id, room_id, first_quarter, end_quarter FROM {Closure._meta.db_table}
        WHERE point_id IN ({points}) AND first_quarter < {end:d} AND end_quarter > {first:d}"""  # noqa: S608 numbers only
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def catalogue() -> Catalogue:
    """Return the rooms in service, from this process's memory if none changed since. One to three queries."""
    global _kept  # noqa: PLW0603 one catalogue for the process is the point
    token = _present_edition()
    kept = _kept
    if kept is not None and kept[0] == token:
        return kept[1]
    with _reading:
        if _kept is not None and _kept[0] == token:
            return _kept[1]
        fresh = _read_catalogue()
        if len(fresh.offers) > _MANY:
            _read_hours_beside(fresh)
        _kept = (token, fresh) if token else None
    return fresh


def _read_hours_beside(rooms: Catalogue) -> None:
    """Have a thread read the hours of the weeks to come: a country has thousands of kinds, all cold at first."""
    kinds = {(offer.hours, offer.time_zone) for offer in rooms.offers}
    now = quarter_of(timezone.now())
    Thread(target=remember_hours, args=(kinds, now, _HOURS_AHEAD), name="hours", daemon=True).start()


def _present_edition() -> str | None:
    """Return the token of the catalogue's edition. Every search asks, so in plain SQL: a fifth of the ORM's time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM points_catalogueedition")
        row = cursor.fetchone()
    return str(row[0]) if row else None


def _read_catalogue() -> Catalogue:
    rows = Room.objects.in_service().order_by("pk").values_list(
        "pk", "point_id", "name", "point__name", "point__slug", "point__commune_id", "point__latitude",
        "point__longitude", "capacity", "hours", "point__hours", "point__time_zone", "settle_quarters",
        "reset_quarters", "notice_minutes", "assisted_notice_minutes", "multipoint_notice_minutes", "is_station_ready",
        "audience", "point__audience", "is_listed", "point__is_listed", "priority_group", "priority_days",
        "point__request_hours", "needs_answer", _PRESENT_RULES, "point__has_step_free_entrance", "point__has_parking",
        "point__has_staff_on_site",
    )  # fmt: skip
    bit = {need: 1 << position for position, need in enumerate(NEEDS)}
    needs: dict[int, int] = {}
    for room_id, kind in Equipment.objects.filter(room__in=Room.objects.in_service()).values_list("room_id", "kind"):
        needs[room_id] = needs.get(room_id, 0) | bit.get(kind, 0)
    offers = []
    for row in rows:
        hours, audience, is_listed = row[9] or row[10], row[18] or row[19], row[20] and row[21]
        told: list[Any] = [*row[:9], hours, *row[11:18], audience, is_listed, *row[22:27]]
        offers.append(RoomOffer(*told))
        for need, has in zip(("step-free", "parking", "staff"), row[27:], strict=True):
            if has:
                needs[row[0]] = needs.get(row[0], 0) | bit[need]
    bits = np.array([needs.get(offer.room_id, 0) for offer in offers], dtype=np.int64)
    return Catalogue(offers, bits)
