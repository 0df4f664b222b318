"""Tickets: one open for a thing and a cause, however often it is seen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from maillage.concierge.errors import TicketUnknown
from maillage.concierge.events import TicketClosed, TicketOpened
from maillage.concierge.models import Cause, Owner, Ticket, TicketNote
from maillage.concierge.selectors.facts import SILENT_AFTER
from maillage.conference.models import Attendance
from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.station.models import Station, StationState


@dataclass(frozen=True, slots=True)
class About:
    """What a ticket is about: a side of a meeting, a whole meeting or a room."""

    booking_id: UUID | None = None
    party_id: int | None = None
    room_id: int | None = None
    test_id: int | None = None

    @property
    def thing(self) -> str:
        """The one thing, as text: what makes a ticket unique together with its cause."""
        if self.party_id:
            return f"party:{self.party_id}"
        return f"booking:{self.booking_id}" if self.booking_id else f"room:{self.room_id}"


def open_ticket(
    *, about: About, cause: Cause, owner: Owner, note: str, now: datetime, agent_id: int | None = None
) -> Ticket:
    """Open a ticket, or add `note` to the one already open for the same thing and cause."""
    ticket = Ticket(
        cause=cause,
        owner=owner,
        booking_id=about.booking_id,
        party_id=about.party_id,
        room_id=about.room_id,
        test_id=about.test_id,
        thing=about.thing,
        opened_at=now,
        opened_by_id=agent_id,
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                ticket.save()
        except IntegrityError:
            known = Ticket.objects.filter(thing=about.thing, cause=cause, closed_at=None).get()
            _note(known, note, now, agent_id)
            return known
        _note(ticket, note, now, agent_id)
        record("ticket.opened", f"ticket:{ticket.pk}", through=_door(agent_id), agent_id=agent_id, cause=cause.value)
        publish(TicketOpened(ticket_id=ticket.pk, cause=cause.value))
    return ticket


@transaction.atomic
def close_ticket(*, ticket_id: int, note: str, now: datetime, agent_id: int | None, owner: str = "") -> Ticket:
    """Close a ticket, with whose problem it turned out to be. Closing twice is harmless. Raises TicketUnknown."""
    ticket = Ticket.objects.select_for_update().filter(pk=ticket_id).first()
    if ticket is None:
        raise TicketUnknown
    if ticket.closed_at is not None:
        return ticket
    ticket.closed_at, ticket.owner = max(now, ticket.opened_at), owner or ticket.owner
    ticket.save(update_fields=["closed_at", "owner"])
    _note(ticket, note, now, agent_id)
    record("ticket.closed", f"ticket:{ticket.pk}", through=_door(agent_id), agent_id=agent_id, cause=ticket.cause)
    publish(TicketClosed(ticket_id=ticket.pk, cause=ticket.cause))
    return ticket


@transaction.atomic
def give_ticket(
    *, ticket_id: int, owner: str, supplier_id: int | None, note: str, now: datetime, agent_id: int
) -> Ticket:
    """Say whose problem it is, and which supplier was called. Raises TicketUnknown."""
    ticket = Ticket.objects.select_for_update().filter(pk=ticket_id).first()
    if ticket is None:
        raise TicketUnknown
    ticket.owner = Owner.SUPPLIER if supplier_id and owner == Owner.DESK else owner or ticket.owner
    ticket.supplier_id = supplier_id
    ticket.save(update_fields=["owner", "supplier"])
    _note(ticket, note, now, agent_id)
    record(
        "ticket.given", f"ticket:{ticket.pk}", through="agent", agent_id=agent_id, owner=ticket.owner,
        supplier=supplier_id,
    )  # fmt: skip
    return ticket


@transaction.atomic
def note_ticket(*, ticket_id: int, note: str, now: datetime, agent_id: int) -> None:
    """Add a line to a ticket's story. Raises TicketUnknown."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if ticket is None:
        raise TicketUnknown
    _note(ticket, note, now, agent_id)


def close_cause(*, room_id: int, cause: Cause, now: datetime) -> int:
    """Close the ticket of a room whose cause is over by itself. Return how many."""
    return close_about(about=About(room_id=room_id), cause=cause, now=now)


def close_about(*, about: About, cause: Cause, now: datetime) -> int:
    """Close the ticket of a thing whose cause is over by itself. Return how many."""
    tickets = Ticket.objects.filter(thing=about.thing, cause=cause, closed_at=None).values_list("pk", flat=True)
    return len([close_ticket(ticket_id=pk, note="", now=now, agent_id=None) for pk in tickets])


def notice_silence(now: datetime) -> int:
    """Open a ticket for each station that fell silent, close those heard again. Return how many changed. Two queries.

    A room that is in a meeting is not silent: its screen beats there.
    """
    meeting = Attendance.objects.filter(left_at=None, party__room__isnull=False).values("party__room")
    active = Station.objects.filter(state=StationState.ACTIVE, last_seen_at__isnull=False)
    silent = active.filter(last_seen_at__lt=now - SILENT_AFTER).exclude(room__in=meeting)
    rooms = set(silent.values_list("room", flat=True))
    told = set(Ticket.objects.filter(cause=Cause.STATION_SILENT, closed_at=None).values_list("room", flat=True))
    for room_id in sorted(rooms - told):
        about = About(room_id=room_id)
        open_ticket(about=about, cause=Cause.STATION_SILENT, owner=Owner.HOST, note="", now=now)
    for room_id in sorted(told - rooms):
        close_cause(room_id=room_id, cause=Cause.STATION_SILENT, now=now)
    return len(rooms ^ told)


def _note(ticket: Ticket, text: str, now: datetime, agent_id: int | None) -> None:
    if text.strip():
        TicketNote.objects.create(ticket=ticket, at=now, agent_id=agent_id, text=text.strip()[:2000])


def _door(agent_id: int | None) -> Door:
    return "task" if agent_id is None else "agent"
