"""The ways people travel: from their communes to rooms, and from commune to commune."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from maillage.points.domain.catalogue import Catalogue, RoomOffer
from maillage.territory.domain.distance import Travel
from maillage.territory.errors import UnknownCommune
from maillage.territory.models import Commune
from maillage.territory.selectors import KnownDistances, known_distances, travels

KEPT_SECONDS: Final = 300
"""How long communes and known distances are kept in a process: an import is seen that much later at most."""

_NEEDED = ("insee", "latitude", "longitude", "island")


@dataclass(slots=True)
class _Kept:
    """What the ways to the rooms of one catalogue need, read as it is asked for."""

    rooms: Catalogue | None = None
    until: float = 0.0
    communes: dict[str, Commune] = field(default_factory=dict)
    distances: KnownDistances | None = None


_kept = _Kept()


def ways_between(
    origins: Sequence[str], offers: Sequence[RoomOffer], rooms: Catalogue | None = None
) -> dict[str, list[Travel]]:
    """Return the way from each commune of `origins` to each room, then to each of `origins`.

    Given the catalogue, communes and known distances are kept for five minutes and most calls ask the database
    nothing. Otherwise three queries, two without islands. Raises UnknownCommune.
    """
    if not origins:
        return {}
    kept = _kept_for(rooms)
    asked = {*origins, *(offer.commune_insee for offer in offers)}
    communes = _communes(asked, kept)
    for insee in origins:
        if insee not in communes:
            raise UnknownCommune(text=insee)
    places: list[tuple[float | None, float | None, Commune]] = [
        (offer.latitude, offer.longitude, communes[offer.commune_insee]) for offer in offers
    ]
    places += [(communes[insee].latitude, communes[insee].longitude, communes[insee]) for insee in origins]
    rows = travels([communes[insee] for insee in origins], places, kept.distances)
    return dict(zip(origins, rows, strict=True))


def _kept_for(rooms: Catalogue | None) -> _Kept:
    """Return what is kept for this edition of the catalogue, fresh if it changed or is old; nothing without it."""
    global _kept  # noqa: PLW0603 beside the one catalogue of the process
    if rooms is None:
        return _Kept()
    kept = _kept
    if kept.rooms is not rooms or monotonic() > kept.until:
        kept = _kept = _Kept(rooms, monotonic() + KEPT_SECONDS, distances=known_distances())
    return kept


def _communes(asked: Collection[str], kept: _Kept) -> dict[str, Commune]:
    missing = [insee for insee in asked if insee not in kept.communes]
    if missing:
        kept.communes.update(Commune.objects.only(*_NEEDED).in_bulk(missing))
    return kept.communes
