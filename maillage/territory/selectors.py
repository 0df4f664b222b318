"""Find a commune from what a person types, and how far it is from one to another."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.conf import settings
from django.db.models import BooleanField, Case, ExpressionWrapper, IntegerField, Q, QuerySet, Value, When

from maillage.core.theme import current_network
from maillage.territory.domain.distance import KNOWN, Harbour, Road, Spot, Travel, travels_between
from maillage.territory.domain.folding import split_postcode
from maillage.territory.domain.zones import landmass_of
from maillage.territory.errors import AmbiguousCommune, UnknownCommune
from maillage.territory.models import Commune, DistanceOverride, FormerName, Island

_LONGEST_QUERY = 80

KnownDistances = Mapping[tuple[str, str], Travel]


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


def travels(
    origins: Sequence[Commune],
    destinations: Sequence[tuple[float | None, float | None, Commune]],
    known: KnownDistances | None = None,
) -> list[list[Travel]]:
    """Return the way from each origin to each destination (latitude, longitude, its commune), one row per origin.

    Known distances replace estimates and islands have their boat. Two queries at most, one if nobody is on an island;
    one less for who gives the `known_distances` it keeps.
    """
    communes = {commune.pk: commune for commune in [*origins, *(place[2] for place in destinations)]}
    harbours = _harbours(communes.values())
    road = Road(detour=settings.DETOUR_FACTOR, speed_kmh=settings.ROAD_SPEED_KMH)
    starts = [_spot(c.latitude, c.longitude, c, harbours) for c in origins]
    ends = [_spot(latitude, longitude, c, harbours) for latitude, longitude, c in destinations]
    rows = travels_between(starts, ends, road)
    if known is None:
        known = known_distances({c.pk for c in origins})
    if known:
        for row, origin in zip(rows, origins, strict=True):
            for column, (_latitude, _longitude, commune) in enumerate(destinations):
                row[column] = known.get(_pair(origin.pk, commune.pk), row[column])
    return rows


def known_distances(origins: Collection[str] | None = None) -> KnownDistances:
    """Return the known distances, by pair of INSEE codes in order: all, or those from or to `origins`. One query."""
    rows = DistanceOverride.objects.all()
    if origins is not None:
        rows = rows.filter(Q(first__in=origins) | Q(second__in=origins))
    found = rows.values_list("first", "second", "distance_km", "minutes")
    return {(first, second): Travel(km, minutes, KNOWN) for first, second, km, minutes in found}


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


def _harbours(communes: Iterable[Commune]) -> dict[int, Harbour]:
    wanted = {commune.island_id for commune in communes if commune.island_id}
    if not wanted:
        return {}
    return {
        island.pk: Harbour(
            island=island.name,
            landing=(island.landing_latitude, island.landing_longitude),
            port=(island.port_latitude, island.port_longitude),
            crossing_minutes=island.crossing_minutes,
        )
        for island in Island.objects.filter(pk__in=wanted)
    }


def _spot(latitude: float | None, longitude: float | None, commune: Commune, harbours: dict[int, Harbour]) -> Spot:
    return Spot(
        latitude=latitude,
        longitude=longitude,
        landmass=landmass_of(commune.pk),
        harbour=harbours.get(commune.island_id or 0),
    )


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
