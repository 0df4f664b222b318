"""The parts of a use: from parties and their presence to what each would have travelled. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from maillage.booking.domain.meeting_place import meeting_place
from maillage.booking.models import Party
from maillage.territory.domain.distance import Travel, great_circle_km
from maillage.territory.selectors import travels
from maillage.usage.domain.counting import PartyFacts, count_party
from maillage.usage.domain.journeys import TRAVELLING, Journey
from maillage.usage.models import Factor, UsePart
from maillage.usage.selectors.bookings import Whereabouts, whereabouts


@dataclass(frozen=True, slots=True)
class CountedPart:
    """An unsaved part, and the codes of the factors its figures rest on."""

    part: UsePart
    factors: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Way:
    """How a party would have come: its journey, how the distance was found, whether all would have met there."""

    journey: Journey | None
    method: str
    is_host: bool


def count_parts(
    parties: list[Party], seconds: list[float], factors: Mapping[str, Factor], *, is_held: bool
) -> list[CountedPart]:
    """Return the part of each party, in order. Only in a held meeting is anything counted as avoided.

    Two queries at most, for the distances.
    """
    rates = {code: factor.value for code, factor in factors.items()}
    present = [index for index, stayed in enumerate(seconds) if stayed > 0]
    ways = _ways([parties[index] for index in present]) if is_held else [_NOWHERE] * len(present)
    way_of = dict(zip(present, ways, strict=True))
    counted: list[CountedPart] = []
    for index, party in enumerate(parties):
        part = _bare_part(party, seconds[index])
        if index not in way_of:
            part.why = "absent"
            counted.append(CountedPart(part, frozenset()))
            continue
        counted.append(_count(part, party, way_of[index], rates, is_held=is_held))
    return counted


def _count(part: UsePart, party: Party, way: _Way, rates: Mapping[str, float], *, is_held: bool) -> CountedPart:
    facts = PartyFacts(
        kind=party.kind,
        people=party.head_count,
        mode=party.travel_mode if is_held else "",
        seconds=part.attended_seconds,
        trip=way.journey,
        access=Journey(party.access_km, party.access_minutes, party.access_km),
        is_meeting_place=way.is_host,
    )
    count = count_party(facts, rates)
    part.is_meeting_place, part.method = way.is_host, way.method
    part.why = count.why if is_held else "not-held"
    part.trip_km, part.access_km = count.trip.km, count.access.km
    part.km_avoided, part.minutes_avoided = count.avoided.km, count.avoided.minutes
    part.co2_avoided_kg, part.co2_footprint_kg = count.avoided.co2_kg, count.footprint_kg
    return CountedPart(part, count.factors)


def _bare_part(party: Party, seconds: float) -> UsePart:
    return UsePart(
        party=party,
        position=party.position,
        kind=party.kind,
        point=party.room.point if party.room else None,
        room=party.room,
        origin=party.origin,
        country=party.country,
        attended_seconds=round(seconds),
        people=party.head_count,
        travel_mode=party.travel_mode,
    )


_NOWHERE = _Way(None, "", is_host=False)


def _ways(parties: list[Party]) -> list[_Way]:
    """Return each party's way to the place where all would have met, among those whose place is known."""
    places = [whereabouts(party) for party in parties]
    known = [(index, place) for index, place in enumerate(places) if place is not None]
    if len(known) < 2:
        return [_NOWHERE for _ in parties]
    found = travels(
        [place.commune for _, place in known], [(place.latitude, place.longitude, place.commune) for _, place in known]
    )
    would_come = [parties[index].travel_mode in TRAVELLING for index, _ in known]
    host = meeting_place([[travel.distance_km for travel in row] for row in found], would_come)
    ways = [_NOWHERE for _ in parties]
    for row, (index, place) in enumerate(known):
        travel = found[row][host]
        ways[index] = _Way(_journey(travel, place, known[host][1]), travel.method, is_host=row == host)
    return ways


def _journey(travel: Travel, start: Whereabouts, end: Whereabouts) -> Journey:
    return Journey(
        ground_km=travel.distance_km,
        minutes=travel.minutes,
        air_km=great_circle_km(start.latitude, start.longitude, end.latitude, end.longitude),
        sea_km=travel.sea_km,
        by_ground=travel.is_by_road,
    )
