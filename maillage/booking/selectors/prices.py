"""A price as people read it: on a card, on the form before confirming, then frozen on the page of the meeting."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from maillage.booking.domain.quotes import Quote
from maillage.booking.domain.wishes import Proposal
from maillage.booking.models import Booking, BookingPrice, PriceReason, TariffUnit
from maillage.booking.selectors.tariffs import Payer, PricedParty, price_booking, price_unknown_payer
from maillage.points.models import Room


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One amount, where and why. `unit` is empty when nothing is asked."""

    place: str
    reason: str
    quarters: int
    unit: str
    count: int
    unit_cents: int

    @property
    def cents(self) -> int:
        """What the line asks."""
        return self.count * self.unit_cents


@dataclass(frozen=True, slots=True)
class ShownPrice:
    """What a meeting costs, with its reasons. `written_cents` is what the grids say, `total_cents` what is asked."""

    total_cents: int
    written_cents: int
    is_complete: bool
    lines: tuple[ShownLine, ...] = ()

    @property
    def is_free(self) -> bool:
        """Nothing is asked, and nothing is left to ask at the point."""
        return self.is_complete and not self.total_cents

    @property
    def is_unknown(self) -> bool:
        """Nothing is known of what will be asked."""
        return not self.is_complete and not self.total_cents

    @property
    def is_reduced(self) -> bool:
        """Less is asked in fact than what is written."""
        return self.is_complete and self.total_cents < self.written_cents


def prices_of_proposals(
    proposals: Sequence[Proposal], origins: Mapping[int, str | None], *, length: int
) -> list[ShownPrice | None]:
    """Return what each proposal would cost somebody whom no host knows yet; None without a room.

    origins: the commune of each party, by position. At most five queries, however many proposals and rooms.
    """
    meetings = [
        (
            proposal.first_quarter,
            [
                PricedParty(seat.room.room_id, origins.get(seat.position))
                for seat in proposal.seats
                if seat.room is not None
            ],
        )
        for proposal in proposals
    ]
    names = {seat.room.room_id: seat.room.point_name for proposal in proposals for seat in proposal.seats if seat.room}
    quotes = price_unknown_payer(meetings, length=length)
    return [shown_price(quote, names) if quote.lines else None for quote in quotes]


def price_before_confirming(booking: Booking, payer: Payer) -> ShownPrice | None:
    """Return what `payer` would be asked for held rooms; None without a room. At most ten queries."""
    priced = price_booking(booking, payer)
    names = _names({line.room_id for line in priced.quote.lines})
    return shown_price(priced.quote, names) if priced.quote.lines else None


def frozen_price(booking: Booking) -> ShownPrice | None:
    """Return the price kept in a booking; undefined where no point had written one, None without a room.

    Two queries.
    """
    kept = BookingPrice.objects.filter(booking=booking).first()
    if kept is None:
        has_room = booking.parties.exclude(room=None).exists()
        return ShownPrice(0, 0, is_complete=False) if has_room else None
    lines = kept.lines.select_related("room__point")
    shown = tuple(
        ShownLine(
            line.room.point.name,
            str(line.get_reason_display()),
            line.quarters,
            str(line.get_unit_display()) if line.unit else "",
            line.count,
            line.unit_cents,
        )
        for line in lines
    )
    return ShownPrice(kept.total_cents, kept.written_cents, kept.is_complete, shown)


def _names(room_ids: Collection[int]) -> dict[int, str]:
    return dict(Room.objects.filter(pk__in=room_ids).values_list("pk", "point__name"))


def shown_price(quote: Quote, names: Mapping[int, str]) -> ShownPrice:
    """Return a quote in words. names: those of its rooms' points, by room."""
    reasons, units = dict(PriceReason.choices), dict(TariffUnit.choices)
    lines = tuple(
        ShownLine(
            names[line.room_id],
            str(reasons[line.reason.value]),
            line.quarters,
            str(units[line.unit.value]) if line.unit else "",
            line.count,
            line.unit_cents,
        )
        for line in quote.lines
    )
    return ShownPrice(quote.total_cents, quote.written_cents, quote.is_complete, lines)
