"""« Peut-on les joindre ? »: which rooms and equipped organisations near a town, or of a name, can answer a call."""

from collections.abc import Sequence
from dataclasses import dataclass

from maillage.actors.models import Organisation
from maillage.points.selectors.directory import NearbyPoint, find_points
from maillage.territory.domain.distance import Travel
from maillage.territory.domain.folding import fold
from maillage.territory.errors import AmbiguousCommune, UnknownCommune
from maillage.territory.models import Commune
from maillage.territory.selectors import commune_named, travels

ROOMS, ORGANISATIONS = 4, 8
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Counterpart:
    """An organisation, how far it is from where one asked, and the room of the network nearest to it.

    Its ways to call come loaded. `nearest` is looked for only when it has no way of its own.
    """

    organisation: Organisation
    travel: Travel | None = None
    nearest: NearbyPoint | None = None


@dataclass(frozen=True, slots=True)
class Reachable:
    """What can answer a call: near `origin` if a town was named, else by name."""

    origin: Commune | None
    points: Sequence[NearbyPoint]
    counterparts: Sequence[Counterpart]

    @property
    def is_empty(self) -> bool:
        """Nobody and nothing is known there."""
        return not self.points and not self.counterparts


def reachable(text: str) -> Reachable:
    """Return who can be reached near a town, or under a name. A dozen queries at most, whatever is known."""
    origin = _town(text)
    if origin is not None:
        return Reachable(origin, _bookable(find_points(origin.label, limit=3 * ROOMS).found), _near(origin))
    name = fold(text[:160])
    if len(name) < SHORTEST:
        return Reachable(None, [], [])
    named = [organisation for organisation in _organisations() if name in fold(organisation.name)][:ORGANISATIONS]
    return Reachable(None, _bookable(find_points(text, limit=3 * ROOMS).found), _with_rooms(named))


def _town(text: str) -> Commune | None:
    try:
        town = commune_named(text)
    except AmbiguousCommune as several:
        town = Commune.objects.get(pk=several.details["insee"][0])
    except UnknownCommune:
        return None
    return town if town.latitude is not None else None


def _bookable(found: Sequence[NearbyPoint]) -> list[NearbyPoint]:
    return [nearby for nearby in found if nearby.point.is_bookable and nearby.point.rooms.all()][:ROOMS]


def _organisations() -> list[Organisation]:
    """Return those of which a way to call is known, and those that are not hosts only: a host is found by its point."""
    known = Organisation.objects.select_related("commune").prefetch_related("ways")
    return list(known.exclude(ways=None, points__isnull=False).distinct())


def _near(origin: Commune) -> list[Counterpart]:
    known = [one for one in _organisations() if one.ways.all() and one.commune and one.commune.latitude is not None]
    ends = [(one.commune.latitude, one.commune.longitude, one.commune) for one in known if one.commune]
    ways = travels([origin], ends)[0] if ends else []
    found = [Counterpart(one, way) for one, way in zip(known, ways, strict=True)]
    return sorted(found, key=lambda one: (one.travel.distance_km if one.travel else 0.0, one.organisation.name))[
        :ORGANISATIONS
    ]


def _with_rooms(named: Sequence[Organisation]) -> list[Counterpart]:
    """Give the first three that have no way of their own the room nearest to them."""
    found, looked_for = [], 0
    for organisation in named:
        nearest = None
        if not organisation.ways.all() and organisation.commune and looked_for < ROOMS - 1:
            looked_for += 1
            rooms = _bookable(find_points(organisation.commune.label, limit=3 * ROOMS).found)
            nearest = rooms[0] if rooms else None
        found.append(Counterpart(organisation, nearest=nearest))
    return found
