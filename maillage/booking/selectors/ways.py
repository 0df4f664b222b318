"""The ways people travel: from their communes to rooms, and from commune to commune."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from maillage.points.domain.catalogue import Catalogue, RoomOffer
from maillage.territory.domain.distance import Travel
from maillage.territory.errors import UnknownCommune
from maillage.territory.selectors import Place, TravelFacts, places, travel_facts, travels

KEPT_SECONDS: Final = 300
"""How long communes and known distances are kept in a process: an import is seen that much later at most."""


@dataclass(slots=True)
class _Kept:
    """What the ways to the rooms of one catalogue need."""

    rooms: Catalogue | None = None
    until: float = 0.0
    communes: dict[str, Place] = field(default_factory=dict)
    facts: TravelFacts | None = None


_kept = _Kept()


def ways_between(
    origins: Sequence[str], offers: Sequence[RoomOffer], rooms: Catalogue | None = None
) -> dict[str, list[Travel]]:
    """Return the way from each commune of `origins` to each room, then to each of `origins`.

    Given the catalogue, what is known of the country is kept for five minutes and most calls ask the database
    nothing. Otherwise three queries, two without islands. Raises UnknownCommune.
    """
    if not origins:
        return {}
    communes = known_places({*origins, *(offer.commune_insee for offer in offers)}, rooms)
    for insee in origins:
        if insee not in communes:
            raise UnknownCommune(text=insee)
    ends: list[tuple[float | None, float | None, Place]] = [
        (offer.latitude, offer.longitude, communes[offer.commune_insee]) for offer in offers
    ]
    ends += [(communes[insee].latitude, communes[insee].longitude, communes[insee]) for insee in origins]
    facts = _kept_for(rooms).facts if rooms else None
    return dict(zip(origins, travels([communes[insee] for insee in origins], ends, facts), strict=True))


def known_places(asked: Collection[str], rooms: Catalogue | None = None) -> Mapping[str, Place]:
    """Return the communes of these INSEE codes, those that exist; given the catalogue, from what is kept with it.

    No query for a commune that is kept, one for those that are not.
    """
    if rooms is None:
        return places(asked)
    kept = _kept_for(rooms)
    if missing := [insee for insee in asked if insee not in kept.communes]:
        kept.communes.update(places(missing))
    return kept.communes


def _kept_for(rooms: Catalogue) -> _Kept:
    """Return what is kept for this edition of the catalogue, read again if it changed or is old."""
    global _kept  # noqa: PLW0603 beside the one catalogue of the process
    kept = _kept
    if kept.rooms is not rooms or monotonic() > kept.until:
        kept = _kept = _Kept(rooms, monotonic() + KEPT_SECONDS, places(), travel_facts())
    return kept
