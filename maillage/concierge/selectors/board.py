"""The day as the operator sees it: every meeting, how each side stands, what is to be done next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from maillage.booking.models import Booking, BookingStatus, Party
from maillage.concierge.domain.cards import Card, State, card_of, worst
from maillage.concierge.domain.runbook import StepState, next_step, runbook
from maillage.concierge.models import FarEnd, HandoverNote, Ticket, Trial
from maillage.concierge.selectors.facts import Facts, gather, meeting_facts, side_facts
from maillage.core.quarters import day_quarters, moment_of
from maillage.station.models import Station
from maillage.territory.models import Grouping

FOLLOWED = (BookingStatus.CONFIRMED, BookingStatus.DONE)


@dataclass(frozen=True, slots=True)
class SideCard:
    """One side of a meeting: how it stands, and what it is reached by."""

    party: Party
    card: Card
    station: Station | None
    failures: tuple[str, ...]
    is_in: bool
    trial: Trial | None = None
    far_end: FarEnd | None = None


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting of the day."""

    booking: Booking
    sides: tuple[SideCard, ...]
    state: State
    steps: tuple[StepState, ...]
    next_step: StepState | None
    is_overdue: bool
    tickets: tuple[Ticket, ...]

    @property
    def start(self) -> datetime:
        """When it begins."""
        return moment_of(self.booking.first_quarter)


@dataclass(frozen=True, slots=True)
class Board:
    """The day: rows with trouble first, then overdue ones, then by time, those that are over last."""

    day: date
    rows: tuple[MeetingRow, ...]
    groupings: tuple[Grouping, ...]
    room_tickets: tuple[Ticket, ...]
    handover: HandoverNote | None

    @property
    def trouble_count(self) -> int:
        """How many meetings need somebody now."""
        return sum(row.state == State.TROUBLE for row in self.rows)


def day_board(*, day: date, zone: ZoneInfo, now: datetime, grouping: str = "") -> Board:
    """Return the board of a day, of one authority if `grouping` (a SIREN) is given. Thirteen queries at most."""
    quarters = day_quarters(day, zone)
    bookings = list(
        whole_bookings()
        .filter(status__in=FOLLOWED, first_quarter__gte=quarters.start, first_quarter__lt=quarters.stop)
        .order_by("first_quarter", "reference")
    )
    groupings = _groupings(bookings)
    if grouping:
        bookings = [booking for booking in bookings if grouping in _sirens(booking)]
    facts = gather(bookings)
    rows = sorted((meeting_row(booking, facts, now) for booking in bookings), key=_order)
    rooms = Ticket.objects.filter(closed_at=None, booking=None).select_related("room__point").order_by("opened_at")
    note = HandoverNote.objects.select_related("agent").first()
    return Board(day, tuple(rows), groupings, tuple(rooms), note)


def whole_bookings() -> QuerySet[Booking]:
    """Bookings with all that a row shows. Two queries."""
    parties = Party.objects.select_related("room__point__commune__grouping", "origin", "far_end").order_by("position")
    return Booking.objects.prefetch_related(Prefetch("parties", parties))


def meeting_row(booking: Booking, facts: Facts, now: datetime) -> MeetingRow:
    """Return one row from the facts gathered. No query."""
    sides = tuple(
        SideCard(
            party,
            card_of(side_facts(facts, booking, party, now)),
            facts.stations.get(party.room_id or 0),
            tuple(facts.failures.get(party.pk, ())),
            any(stay.left_at is None for stay in facts.stays.get(party.pk, ())),
            facts.trials.get(party.pk),
            getattr(party, "far_end", None),
        )
        for party in booking.parties.all()
    )
    steps = runbook(meeting_facts(facts, booking, now), facts.ticked.get(booking.pk, set()))
    upcoming = next_step(steps)
    state = worst(side.card for side in sides)
    rooms = [ticket for side in sides for ticket in facts.room_tickets.get(side.party.room_id or 0, ())]
    tickets = (*facts.tickets.get(booking.pk, ()), *rooms)
    overdue = upcoming is not None and upcoming.is_overdue(now) and state is not State.OVER
    return MeetingRow(booking, sides, state, steps, upcoming, overdue, tickets)


def _order(row: MeetingRow) -> tuple[int, int]:
    if row.state is State.TROUBLE:
        urgency = 0
    elif row.state is State.OVER:
        urgency = 3
    else:
        urgency = 1 if row.is_overdue else 2
    return urgency, row.booking.first_quarter


def _groupings(bookings: Sequence[Booking]) -> tuple[Grouping, ...]:
    found = {
        grouping.siren: grouping
        for booking in bookings
        for party in booking.parties.all()
        if party.room and (grouping := party.room.point.commune.grouping)
    }
    return tuple(sorted(found.values(), key=lambda grouping: grouping.name))


def _sirens(booking: Booking) -> set[str]:
    return {grouping.siren for grouping in _groupings([booking])}
