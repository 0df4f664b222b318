"""The directory: points by name, place or need, and those nearest to a place."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q

from maillage.points.domain.catalogue import NEEDS, need_bits
from maillage.points.errors import UnknownPoint
from maillage.points.models import Equipment, Point, PointQuerySet, PointStatus, Room
from maillage.territory.domain.distance import Travel, great_circle_km
from maillage.territory.domain.folding import fold, split_postcode
from maillage.territory.errors import AmbiguousCommune, UnknownCommune
from maillage.territory.models import Commune
from maillage.territory.selectors import commune_named, travels

_SHORTEST_NAME = 3
_CONVENIENCES = {
    "step-free": Q(has_step_free_entrance=True),
    "parking": Q(has_parking=True),
    "staff": Q(has_staff_on_site=True),
}


@dataclass(frozen=True, slots=True)
class NearbyPoint:
    """A point, and how far it is from where one asked; `travel` is None if nobody asked from anywhere."""

    point: Point
    travel: Travel | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """What a search of the directory gives. `origin` is the commune from which distances are counted, if any."""

    found: Sequence[NearbyPoint]
    total: int
    origin: Commune | None = None


def find_points(text: str = "", *, head_count: int = 1, needs: Collection[str] = (), limit: int = 60) -> Directory:
    """Return listed points: nearest first if `text` is a commune, those whose name or place holds it otherwise.

    Seven queries at most, whatever the number of points. Raises UnknownNeed.
    """
    suited = _suited(head_count, needs)
    origin = _commune_meant(text)
    if origin is not None and origin.latitude is not None:
        return _nearest(suited, origin, limit)
    if text.strip():
        suited = suited.filter(_named(text))
    ids = list(suited.order_by("commune__folded", "name").values_list("pk", flat=True))
    return Directory([NearbyPoint(point) for point in _loaded(ids[:limit])], len(ids))


def points_named(text: str, limit: int = 8) -> list[Point]:
    """Return the open points that people mean by a name: those of that very name, "name, town" too, even if not shown.

    Otherwise the listed ones whose name holds it. Three queries at most.
    """
    name = fold(text[:160])
    if len(name) < _SHORTEST_NAME:
        return []
    opened = Point.objects.filter(status=PointStatus.OPEN).select_related("commune")
    head, _, town = text[:160].rpartition(",")
    wanted = (
        [Q(folded=name), Q(folded=fold(head), commune__folded=split_postcode(town)[0])] if town else [Q(folded=name)]
    )
    for exact in wanted:
        if found := list(opened.filter(exact)[:limit]):
            return found
    return list(opened.listed().filter(folded__contains=name)[:limit])


def nearest_points(point: Point, limit: int = 5) -> list[NearbyPoint]:
    """Return the other points nearest to one, with the way from its commune, nearest first. Five queries at most."""
    others = Point.objects.listed().exclude(pk=point.pk)
    nearest = _by_distance(others, point.latitude, point.longitude)[: limit * 2]
    found = _with_travels(_loaded(nearest), point.commune)
    return sorted(found, key=_distance)[:limit]


def point_by_slug(slug: str) -> Point:
    """Return a listed point with all that its page shows. Raises UnknownPoint."""
    shown = (
        Point.objects.shown().prefetch_related("status_changes").select_related("commune__island", "commune__grouping")
    )
    point = shown.filter(slug=slug).first() if slug.isprintable() else None
    if point is None:
        raise UnknownPoint(slug=slug)
    return point


def points_of_the_map() -> list[dict[str, Any]]:
    """Return what the map and the open data need of each listed point. One query."""
    fields = (
        "slug", "name", "commune__name", "commune_id", "address", "latitude", "longitude", "position_accuracy",
        "status", "audience", "hours", "time_zone", "website", "is_demonstration", "source", "source_date",
        "updated_at",
    )  # fmt: skip
    return list(Point.objects.listed().order_by("pk").values(*fields))


def present_needs() -> list[str]:
    """Return the needs that at least one bookable room meets, in their usual order. Two queries."""
    rooms = Room.objects.bookable()
    present = set(Equipment.objects.filter(room__in=rooms).values_list("kind", flat=True).distinct())
    for row in Point.objects.bookable().values_list(*_COLUMNS).distinct():
        present |= {need for need, has in zip(_CONVENIENCES, row, strict=True) if has}
    return [need for need in NEEDS if need in present]


_COLUMNS = ("has_step_free_entrance", "has_parking", "has_staff_on_site")


def _suited(head_count: int, needs: Collection[str]) -> PointQuerySet:
    """Keep the points that have one room for all of it: large enough, with every equipment asked for."""
    need_bits(needs)
    points = Point.objects.listed()
    for need in set(needs) & set(_CONVENIENCES):
        points = points.filter(_CONVENIENCES[need])
    kinds = set(needs) - set(_CONVENIENCES)
    if head_count <= 1 and not kinds:
        return points
    rooms = Room.objects.filter(is_active=True, capacity__gte=head_count)
    for kind in kinds:
        rooms = rooms.filter(equipment__kind=kind)
    return points.filter(pk__in=rooms.values("point_id"))


def _commune_meant(text: str) -> Commune | None:
    if not text.strip():
        return None
    try:
        return commune_named(text)
    except (UnknownCommune, AmbiguousCommune):
        return None


def _named(text: str) -> Q:
    name, postcode = split_postcode(text)
    if not name:
        return Q(commune__postcodes__contains=postcode)
    return (
        Q(folded__contains=name)
        | Q(commune__folded__contains=name)
        | Q(commune__grouping__name__icontains=text.strip().replace("\0", ""))
    )


def _nearest(points: PointQuerySet, origin: Commune, limit: int) -> Directory:
    ids = _by_distance(points, origin.latitude or 0.0, origin.longitude or 0.0)
    found = _with_travels(_loaded(ids[:limit]), origin)
    return Directory(sorted(found, key=_distance), len(ids), origin)


def _by_distance(points: PointQuerySet, latitude: float, longitude: float) -> list[int]:
    rows = list(points.order_by("pk").values_list("pk", "latitude", "longitude"))
    if not rows:
        return []
    table = np.array(rows, dtype=float)
    order = np.argsort(great_circle_km(latitude, longitude, table[:, 1], table[:, 2]), kind="stable")
    return [rows[index][0] for index in order]


def _loaded(ids: Sequence[int]) -> list[Point]:
    points = Point.objects.shown().in_bulk(ids)
    return [points[pk] for pk in ids if pk in points]


def _with_travels(points: Sequence[Point], origin: Commune) -> list[NearbyPoint]:
    places = [(point.latitude, point.longitude, point.commune) for point in points]
    ways = travels([origin], places)[0]
    return [NearbyPoint(point, way) for point, way in zip(points, ways, strict=True)]


def _distance(nearby: NearbyPoint) -> tuple[int, str]:
    return (nearby.travel.minutes if nearby.travel else 0, nearby.point.name)
