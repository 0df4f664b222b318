"""From a commune a person named to a party of the wish."""

from collections.abc import Collection

from maillage.booking.domain.wishes import PartyWish
from maillage.territory.models import Commune


def party_at(
    commune: Commune | None,
    *,
    position: int,
    head_count: int,
    kind: str = "room",
    room_id: int | None = None,
    country: str = "FR",
    needs: Collection[str] = (),
    name: str = "",
) -> PartyWish:
    """Return the wish of a party that leaves from `commune`, or from we do not know where."""
    return PartyWish(
        position=position,
        head_count=head_count,
        commune_insee=commune.pk if commune else None,
        latitude=commune.latitude if commune else None,
        longitude=commune.longitude if commune else None,
        kind=kind,
        room_id=room_id,
        country=country,
        needs=frozenset(needs),
        name=name,
    )
