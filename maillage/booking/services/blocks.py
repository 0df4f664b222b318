"""A host keeps a room for something else: council, theatre class, works. A block never displaces a meeting."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.booking.errors import SlotTaken
from maillage.booking.errors.rooms import BlockTooLong, UnknownBlock
from maillage.booking.models import Occupancy, Span, SpanKind
from maillage.booking.services.endings import release_expired_holds
from maillage.booking.services.occupancies import fill, quarters_of
from maillage.booking.services.waits import note_freed
from maillage.core.journal import Door, record
from maillage.core.quarters import PER_DAY, moment_of, quarter_of

MOST_QUARTERS = 366 * PER_DAY


def block_room(
    *,
    room_id: int,
    first_quarter: int,
    end_quarter: int,
    now: datetime,
    note: str = "",
    through: Door = "agent",
    agent_id: int | None = None,
) -> Span:
    """Block a room from a quarter to another. The same block again returns it.

    Raises BlockTooLong for a time that cannot be meant; SlotTaken, with the hours in the way, if a meeting, another
    block or another calendar has a part of it: then nothing is blocked.
    """
    length = end_quarter - first_quarter
    if not 1 <= length <= MOST_QUARTERS or end_quarter <= quarter_of(now):
        raise BlockTooLong
    same = Span.objects.filter(
        room=room_id, kind=SpanKind.BLOCK, first_quarter=first_quarter, end_quarter=end_quarter
    ).first()
    if same:
        return same
    try:
        return _block(room_id, first_quarter, end_quarter, note, through, agent_id)
    except SlotTaken as clash:
        if not release_expired_holds(now):
            raise _in_the_way(room_id, first_quarter, end_quarter) from clash
    try:
        return _block(room_id, first_quarter, end_quarter, note, through, agent_id)
    except SlotTaken as clash:
        raise _in_the_way(room_id, first_quarter, end_quarter) from clash


@transaction.atomic
def unblock_room(*, span_id: int, through: Door = "agent", agent_id: int | None = None) -> None:
    """Free a room that its host had blocked: somebody in line may want it. Raises UnknownBlock."""
    span = Span.objects.select_for_update().filter(pk=span_id, kind=SpanKind.BLOCK).first()
    if span is None:
        raise UnknownBlock
    span.delete()
    transaction.on_commit(note_freed)
    record("room.unblocked", f"room:{span.room_id}", through=through, agent_id=agent_id, first=span.first_quarter)


@transaction.atomic
def _block(room_id: int, first_quarter: int, end_quarter: int, note: str, through: Door, agent_id: int | None) -> Span:
    span = Span.objects.create(
        room_id=room_id,
        kind=SpanKind.BLOCK,
        first_quarter=first_quarter,
        end_quarter=end_quarter,
        note=" ".join(note.split())[:120],
    )
    fill(quarters_of([span]))
    record("room.blocked", f"room:{room_id}", through=through, agent_id=agent_id, first=first_quarter, end=end_quarter)
    return span


def _in_the_way(room_id: int, first_quarter: int, end_quarter: int) -> SlotTaken:
    """Return the refusal that says when the room is taken, on its own clocks."""
    taken = Occupancy.objects.filter(room=room_id, quarter__gte=first_quarter, quarter__lt=end_quarter)
    spans = (
        Span.objects.filter(occupancies__in=taken).select_related("room__point").distinct().order_by("first_quarter")
    )
    found = list(spans[:5])
    return SlotTaken(rooms=", ".join(_said(span) for span in found))


def _said(span: Span) -> str:
    zone = ZoneInfo(span.room.point.time_zone)
    first, end = (moment_of(quarter).astimezone(zone) for quarter in (span.first_quarter, span.end_quarter))
    return f"{first:%d/%m %H:%M}–{end:%H:%M}"
