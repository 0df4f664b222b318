"""The ways people travel: from their communes to rooms, and from commune to commune."""

from collections.abc import Collection, Sequence

from maillage.points.domain.catalogue import Catalogue, RoomOffer
from maillage.territory.domain.distance import Travel
from maillage.territory.errors import UnknownCommune
from maillage.territory.models import Commune
from maillage.territory.selectors import travels

_NEEDED = ("insee", "latitude", "longitude", "island")
_kept: tuple[Catalogue | None, dict[str, Commune]] = (None, {})


def ways_between(
    origins: Sequence[str], offers: Sequence[RoomOffer], rooms: Catalogue | None = None
) -> dict[str, list[Travel]]:
    """Return the way from each commune of `origins` to each room, then to each of `origins`.

    Given the catalogue `rooms`, the communes of its rooms are read once in its life. Otherwise three queries at most,
    two without islands. Raises UnknownCommune.
    """
    if not origins:
        return {}
    kept = _communes_of_rooms({offer.commune_insee for offer in offers}, rooms) if rooms else {}
    asked = {*origins, *(offer.commune_insee for offer in offers if offer.commune_insee not in kept)}
    communes = Commune.objects.only(*_NEEDED).in_bulk(asked)
    for insee in origins:
        if insee not in communes:
            raise UnknownCommune(text=insee)
    places: list[tuple[float | None, float | None, Commune]] = [
        (offer.latitude, offer.longitude, kept.get(offer.commune_insee) or communes[offer.commune_insee])
        for offer in offers
    ]
    places += [(communes[insee].latitude, communes[insee].longitude, communes[insee]) for insee in origins]
    return dict(zip(origins, travels([communes[insee] for insee in origins], places), strict=True))


def _communes_of_rooms(wanted: Collection[str], rooms: Catalogue) -> dict[str, Commune]:
    """Return the communes of rooms, kept in this process for as long as the catalogue itself is."""
    global _kept  # noqa: PLW0603 beside the one catalogue of the process
    edition, communes = _kept
    if edition is not rooms:
        edition, communes = rooms, {}
        _kept = (edition, communes)
    missing = [insee for insee in wanted if insee not in communes]
    if missing:
        communes.update(Commune.objects.only(*_NEEDED).in_bulk(missing))
    return communes
