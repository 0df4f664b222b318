"""What a card or a former booking asks of the engine: the same parties, in the same rooms."""

from collections.abc import Iterable

from maillage.booking.domain.wishes import PartyWish
from maillage.booking.forms import Offer
from maillage.booking.models import Party
from maillage.territory.models import Commune


def parties_of_offer(offer: Offer) -> tuple[PartyWish, ...]:
    """Return the parties of a signed offer, each with its town's name and place. One query."""
    communes = Commune.objects.in_bulk({seat.insee for seat in offer.parties})
    return tuple(
        _wish(
            position,
            communes.get(seat.insee),
            head_count=seat.head_count,
            kind=seat.kind,
            room_id=seat.room_id,
            needs=frozenset(offer.needs) if seat.room_id else frozenset(),
            name=seat.name,
            address=seat.address,
        )
        for position, seat in enumerate(offer.parties)
    )


def parties_of_booking(parties: Iterable[Party]) -> tuple[PartyWish, ...]:
    """Return the parties of a booking as a wish for the same rooms."""
    return tuple(
        _wish(
            party.position,
            party.origin,
            head_count=party.head_count,
            kind=party.kind,
            room_id=party.room_id,
            name="" if party.room_id else party.name,
            address=party.address,
        )
        for party in parties
    )


def _wish(
    position: int,
    commune: Commune | None,
    *,
    head_count: int,
    kind: str,
    room_id: int | None,
    needs: frozenset[str] = frozenset(),
    name: str = "",
    address: str = "",
) -> PartyWish:
    return PartyWish(
        position=position,
        head_count=head_count,
        commune_insee=commune.insee if commune else None,
        latitude=commune.latitude if commune else None,
        longitude=commune.longitude if commune else None,
        kind=kind,
        room_id=room_id,
        needs=needs,
        name=name or (commune.name if commune else ""),
        address=address,
    )
