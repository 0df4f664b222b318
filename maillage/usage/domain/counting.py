"""From what happened in a meeting to what is counted for each party. Pure: no clock, no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from maillage.usage.domain.footprint import device_factor, footprint_kg
from maillage.usage.domain.journeys import DECLARED, NOTHING, TRAVELLING, Cost, Journey, access_trip, return_trip

TOGETHER = 2
"""A videoconference takes two parties or more."""


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What is known of one party: how it took part, how many they were, what they declared, how long they stayed.

    `trip` leads to the place where all would have met, None where it is not known; `access` leads to the room.
    """

    kind: str
    people: int
    mode: str
    seconds: float
    trip: Journey | None
    access: Journey
    image: str = "hd"
    is_meeting_place: bool = False


@dataclass(frozen=True, slots=True)
class PartyCount:
    """What is counted for one party. `avoided` is the trip minus the access, and may be below zero."""

    trip: Cost
    access: Cost
    avoided: Cost
    footprint_kg: float
    why: str
    factors: frozenset[str]


def count_party(facts: PartyFacts, rates: Mapping[str, float]) -> PartyCount:
    """Return what is counted for a party that was there.

    Nothing is avoided unless the party said how it would have come: without an answer trip, access and avoided are
    all zero. With one, the way to the room is deducted, even from nothing: those who would not have come, or at
    whose place all would have met, count below zero if they drove to a room. `why` is a stable code.
    """
    device = device_factor(facts.kind, facts.image)
    footprint = footprint_kg(facts.seconds, factor=device, rates=rates)
    trip = access = NOTHING
    if facts.mode in DECLARED:
        access = access_trip(facts.access, mode=facts.mode, people=facts.people, rates=rates)
    if facts.trip is not None and not facts.is_meeting_place:
        trip = return_trip(facts.trip, mode=facts.mode, people=facts.people, rates=rates)
    avoided = trip - access if _is_countable(facts) else NOTHING
    if not _is_countable(facts):
        trip = access = NOTHING
    return PartyCount(trip, access, avoided, footprint, _why(facts, trip), avoided.factors | {device})


def _is_countable(facts: PartyFacts) -> bool:
    """Tell whether avoided can be counted: they answered, and where they would have gone is known if they travel."""
    return facts.mode in DECLARED and (facts.mode not in TRAVELLING or facts.trip is not None)


def _why(facts: PartyFacts, trip: Cost) -> str:
    if facts.mode not in DECLARED:
        return "not-declared"
    if facts.mode not in TRAVELLING:
        return "would-not-travel"
    if facts.trip is None:
        return "origin-unknown"
    if facts.is_meeting_place:
        return "meeting-place"
    return "counted" if trip is not NOTHING else "unreachable"


@dataclass(frozen=True, slots=True)
class Stay:
    """A party's presence: how long in all, when it first came and last left (aware)."""

    seconds: float
    joined_at: datetime
    left_at: datetime


@dataclass(frozen=True, slots=True)
class Together:
    """For how long at least two parties were there at once, and since when; None if never."""

    seconds: float
    first: datetime | None


def together(stays: Sequence[Stay]) -> Together:
    """Return when at least two of `stays` went on at once.

    Between coming and leaving a party may have been away: never more than the second longest presence is counted.
    """
    real = [stay for stay in stays if stay.left_at > stay.joined_at and stay.seconds > 0]
    if len(real) < TOGETHER:
        return Together(0.0, None)
    steps = sorted([(stay.joined_at, 1) for stay in real] + [(stay.left_at, -1) for stay in real])
    total, present, since, first = 0.0, 0, steps[0][0], None
    for moment, change in steps:
        if present >= TOGETHER:
            total += (moment - since).total_seconds()
        present, since = present + change, moment
        if present >= TOGETHER and first is None:
            first = moment
    second_longest = sorted(stay.seconds for stay in real)[-TOGETHER]
    return Together(min(total, second_longest), first if total > 0 else None)


def outcome_of(seconds: Sequence[float], together_seconds: float) -> str:
    """Return how a meeting ended, from each party's presence and the time two of them were together."""
    came = sum(1 for stayed in seconds if stayed > 0)
    if came == 0:
        return "nobody-came"
    if came == 1:
        return "one-side-came"
    return "held" if together_seconds > 0 else "never-together"


def topology_of(sites: int) -> str:
    """Return the shape of a meeting of `sites` parties."""
    return "multipoint" if sites > TOGETHER else "point-to-point"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a party sits: its country (ISO 3166-1) and, in France, its region; empty where unknown."""

    country: str
    region: str = ""


def destination_of(places: Iterable[Place], territory: frozenset[str], *, home: str = "FR") -> str:
    """Return how far the meeting reached: "abroad", "france", "territory", the widest of its known places.

    territory: region codes of the network. "unknown" if no place of the meeting is known.
    """
    reach = {_reach(place, territory, home) for place in places}
    return next((wide for wide in ("abroad", "france", "territory") if wide in reach), "unknown")


def _reach(place: Place, territory: frozenset[str], home: str) -> str:
    if place.country and place.country != home:
        return "abroad"
    if not place.region:
        return "unknown"
    return "territory" if place.region in territory else "france"
