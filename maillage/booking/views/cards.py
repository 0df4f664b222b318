"""Proposals as cards: what each shows, and what its button sends."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from maillage.booking.domain.wishes import MeetingWish, PartyWish, Proposal, Seat
from maillage.booking.forms import Offer, sign_offer
from maillage.booking.forms.offers import Seated
from maillage.booking.selectors.prices import ShownPrice, prices_of_proposals
from maillage.core.quarters import moment_of

STRIP_DAYS = 14
SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class CardSeat:
    """One party of a card: who, from where, and the room proposed to them."""

    party: PartyWish
    seat: Seat


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal, ready to be held: `offer` is the signed value of its button."""

    number: int
    proposal: Proposal
    seats: tuple[CardSeat, ...]
    offer: str
    day: date
    price: ShownPrice | None = None
    wants_help: bool = False
    is_soon: bool = False

    @property
    def tier(self) -> str:
        """What kind of meeting it is for its rooms."""
        return self.proposal.tier.value

    @property
    def end_quarter(self) -> int:
        """The first quarter after the meeting."""
        return self.proposal.first_quarter + self.proposal.length

    @property
    def room_count(self) -> int:
        """How many rooms the button books."""
        return sum(1 for line in self.seats if line.seat.room is not None)


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day of the light strip above the cards: the first card of that day, if any."""

    day: date
    card: Card | None


def cards_of(wish: MeetingWish, proposals: Sequence[Proposal], now: datetime) -> list[Card]:
    """Return a card for each proposal, best first. Each list has its own key: its buttons may be pressed twice."""
    list_key = secrets.token_urlsafe(12)
    zone = ZoneInfo(wish.time_zone)
    parties = {party.position: party for party in wish.parties}
    origins = {party.position: party.commune_insee for party in wish.parties}
    prices = prices_of_proposals(proposals, origins, length=wish.length)
    cards = []
    for number, (proposal, price) in enumerate(zip(proposals, prices, strict=True), start=1):
        seats = tuple(CardSeat(parties[seat.position], seat) for seat in proposal.seats)
        cards.append(
            Card(
                number=number,
                proposal=proposal,
                seats=seats,
                offer=sign_offer(_offer(f"{list_key}.{number}", wish, proposal, seats)),
                day=moment_of(proposal.first_quarter).astimezone(zone).date(),
                price=price,
                wants_help=wish.wants_help,
                is_soon=moment_of(proposal.first_quarter) - now <= SOON,
            )
        )
    return cards


def day_strip(wish: MeetingWish, cards: Sequence[Card]) -> list[StripDay]:
    """Return the days of the window, at most a fortnight, each with its first card; nothing for a single day."""
    zone = ZoneInfo(wish.time_zone)
    first = moment_of(wish.first_quarter).astimezone(zone).date()
    last = moment_of(max(wish.first_quarter, wish.end_quarter - 1)).astimezone(zone).date()
    count = min((last - first).days + 1, STRIP_DAYS)
    if count < 2:
        return []
    days = [first + timedelta(days=offset) for offset in range(count)]
    return [StripDay(day, next((card for card in cards if card.day == day), None)) for day in days]


def _offer(key: str, wish: MeetingWish, proposal: Proposal, seats: Sequence[CardSeat]) -> Offer:
    needs = {need for party in wish.parties for need in party.needs}
    return Offer(
        request_key=key,
        first_quarter=proposal.first_quarter,
        length=proposal.length,
        time_zone=wish.time_zone,
        parties=tuple(
            Seated(
                line.party.head_count,
                line.party.commune_insee or "",
                line.party.kind,
                line.seat.room.room_id if line.seat.room else None,
                "" if line.seat.room else line.party.name,
                line.party.address,
            )
            for line in seats
        ),
        needs=tuple(sorted(needs)),
        wants_help=wish.wants_help,
        passes=wish.passes,
    )
