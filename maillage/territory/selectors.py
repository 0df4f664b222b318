"""Find a commune from what a person types, and how far it is from one to another."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.conf import settings
from django.db.models import BooleanField, Case, ExpressionWrapper, IntegerField, Q, QuerySet, Value, When

from maillage.core.theme import current_network
from maillage.territory.domain.distance import KNOWN, Harbour, Road, Spot, Travel, travels_between
from maillage.territory.domain.folding import split_postcode
from maillage.territory.domain.zones import landmass_of
from maillage.territory.errors import AmbiguousCommune, UnknownCommune
from maillage.territory.models import Commune, DistanceOverride, FormerName, Island

_LONGEST_QUERY = 80


class Place(NamedTuple):
    """A commune as travel sees it, light enough to keep all of a country in memory."""

    pk: str
    name: str
    latitude: float | None
    longitude: float | None
    island_id: int | None
    grouping_id: str | None = None


class TravelFacts(NamedTuple):
    """What is known beside positions: sourced distances by pair of INSEE codes in order, and how islands are left."""

    distances: Mapping[tuple[str, str], Travel]
    harbours: Mapping[int, Harbour]


_PLACE_FIELDS = ("insee", "name", "latitude", "longitude", "island_id", "grouping_id")


def find_communes(query: str, limit: int = 8) -> list[Commune]:
    """Return what `query` may mean: exact names first, then beginnings, then our own regions, then the largest.

    Accents, case, hyphens and St for Saint do not count; a former name and the start of a postcode do. One query.
    """
    name, postcode = split_postcode(query[:_LONGEST_QUERY])
    if not name and not postcode:
        return []
    if name.isdigit():
        return list(
            _in_order(Commune.objects.filter(Q(postcodes__startswith=name) | Q(postcodes__contains=f" {name}")), "")[
                :limit
            ]
        )
    return list(_in_order(_matching(name, postcode), name)[:limit])


def commune_by_insee(insee: str) -> Commune:
    """Return the commune of an INSEE code. Raises UnknownCommune."""
    commune = Commune.objects.select_related("island").filter(pk=insee).first() if insee.isalnum() else None
    if commune is None:
        raise UnknownCommune(text=insee[:_LONGEST_QUERY])
    return commune


def commune_named(text: str) -> Commune:
    """Return the one commune that a person means by "Callac", "callac (22160)", "22160 Callac" or its INSEE code.

    An exact name wins over a beginning, the network's own region over others. Raises UnknownCommune if there is
    none, AmbiguousCommune, with the choices, if there are several.
    """
    name, postcode = split_postcode(text[:_LONGEST_QUERY])
    if not name and not postcode:
        raise UnknownCommune(text=text.strip()[:_LONGEST_QUERY])
    candidates = list(_in_order(_matching(name, postcode), name)[:60])
    chosen = _most_likely(candidates, name)
    if not chosen and postcode and not name:
        return commune_by_insee(postcode)
    if not chosen:
        raise UnknownCommune(text=text.strip()[:_LONGEST_QUERY])
    if len(chosen) > 1:
        shown = chosen[:8]
        raise AmbiguousCommune(
            text=text.strip(), choices=", ".join(c.label for c in shown), insee=[c.insee for c in shown]
        )
    return chosen[0]


def places(codes: Collection[str] | None = None) -> dict[str, Place]:
    """Return the communes of `codes`, all by default (0.1 s for a country), by INSEE code. One query."""
    rows = Commune.objects.all() if codes is None else Commune.objects.filter(pk__in=codes)
    return {row[0]: Place(*row) for row in rows.order_by().values_list(*_PLACE_FIELDS)}


def travel_facts(communes: Collection[Commune | Place] | None = None) -> TravelFacts:
    """Return what is known: all of it, or what concerns `communes`. Two queries, one if nobody is on an island."""
    distances = DistanceOverride.objects.all()
    if communes is not None:
        codes = {commune.pk for commune in communes}
        distances = distances.filter(Q(first__in=codes) | Q(second__in=codes))
    found = distances.values_list("first", "second", "distance_km", "minutes")
    known = {(first, second): Travel(km, minutes, KNOWN) for first, second, km, minutes in found}
    return TravelFacts(known, _harbours(communes))


def travels(
    origins: Sequence[Commune | Place],
    destinations: Sequence[tuple[float | None, float | None, Commune | Place]],
    facts: TravelFacts | None = None,
) -> list[list[Travel]]:
    """Return the way from each origin to each destination (latitude, longitude, its commune), one row per origin.

    Known distances replace estimates and islands have their boat. Two queries at most, one if nobody is on an island;
    none for who gives the `travel_facts` it keeps.
    """
    known, harbours = facts or travel_facts([*origins, *(place[2] for place in destinations)])
    road = Road(detour=settings.DETOUR_FACTOR, speed_kmh=settings.ROAD_SPEED_KMH)
    starts = [_spot(c.latitude, c.longitude, c, harbours) for c in origins]
    ends = [_spot(latitude, longitude, c, harbours) for latitude, longitude, c in destinations]
    rows = travels_between(starts, ends, road)
    if known:
        for row, origin in zip(rows, origins, strict=True):
            for column, (_latitude, _longitude, commune) in enumerate(destinations):
                row[column] = known.get(_pair(origin.pk, commune.pk), row[column])
    return rows


def travel_between(origin: Commune, destination: Commune) -> Travel:
    """Return the way from a commune to another. Two queries at most."""
    return travels([origin], [(destination.latitude, destination.longitude, destination)])[0][0]


def _matching(name: str, postcode: str) -> QuerySet[Commune]:
    found = Commune.objects.all()
    if name:
        former = FormerName.objects.filter(folded__startswith=name).values("commune_id")
        found = found.filter(Q(folded__startswith=name) | Q(folded__contains=f" {name}") | Q(pk__in=former))
    return found.filter(postcodes__contains=postcode) if postcode else found


def _in_order(communes: QuerySet[Commune], name: str) -> QuerySet[Commune]:
    closeness = Case(
        When(folded=name, then=0),
        When(folded__startswith=name, then=1),
        default=2,
        output_field=IntegerField(),
    )
    ours = ExpressionWrapper(Q(region__in=current_network().region_codes), output_field=BooleanField())
    elsewhere = Case(When(ours, then=Value(0)), default=Value(1)) if current_network().region_codes else Value(0)
    return communes.annotate(closeness=closeness, elsewhere=elsewhere).order_by(
        "closeness", "elsewhere", "-population", "pk"
    )


def _most_likely(candidates: list[Commune], name: str) -> list[Commune]:
    """Keep the exact names if there are any, else those that begin so; then those of the network's region if any."""
    exact = [commune for commune in candidates if commune.folded == name]
    kept = exact or [commune for commune in candidates if commune.folded.startswith(name)] or candidates
    ours = [commune for commune in kept if commune.region in current_network().region_codes]
    return ours or kept


def _harbours(communes: Iterable[Commune | Place] | None) -> dict[int, Harbour]:
    islands = Island.objects.all()
    if communes is not None:
        wanted = {commune.island_id for commune in communes if commune.island_id}
        if not wanted:
            return {}
        islands = islands.filter(pk__in=wanted)
    return {
        island.pk: Harbour(
            island=island.name,
            landing=(island.landing_latitude, island.landing_longitude),
            port=(island.port_latitude, island.port_longitude),
            crossing_minutes=island.crossing_minutes,
        )
        for island in islands
    }


def _spot(
    latitude: float | None, longitude: float | None, commune: Commune | Place, harbours: Mapping[int, Harbour]
) -> Spot:
    return Spot(
        latitude=latitude,
        longitude=longitude,
        landmass=landmass_of(commune.pk),
        harbour=harbours.get(commune.island_id or 0),
    )


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
