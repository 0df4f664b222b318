"""Taking and freeing rooms. The uniqueness of (room, quarter) decides who was first, never an earlier read.

All the quarters of all the rooms go in one statement, sorted by room then quarter. Two bookings that want the same
quarters therefore wait for each other in one order only: one goes through, the other is refused, none deadlocks.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from django.db import IntegrityError, connection

from maillage.booking.errors import SlotTaken
from maillage.booking.models import Booking, Occupancy, Span
from maillage.booking.selectors.rooms import span_of
from maillage.points.domain.catalogue import RoomOffer

_TABLE: Final = Occupancy._meta.db_table
_MOST_ROWS: Final = 20_000
"""In one statement of SQLite, whose text has a limit; one transaction writes there at a time, so order is not lost."""


class Quarter(NamedTuple):
    """A quarter of a room to take, for a span that is saved."""

    room_id: int
    quarter: int
    span_id: int


def spans_of(booking: Booking, offers: Iterable[RoomOffer], first_quarter: int, length: int) -> list[Span]:
    """Return the spans of a meeting, buffers included, by room, not saved."""
    ranges = {offer.room_id: span_of(offer, first_quarter, length) for offer in offers}
    return [
        Span(room_id=room_id, booking=booking, first_quarter=taken.start, end_quarter=taken.stop)
        for room_id, taken in sorted(ranges.items())
    ]


def quarters_of(spans: Iterable[Span]) -> Iterator[Quarter]:
    """Return the quarters of saved spans."""
    return (
        Quarter(span.room_id, quarter, span.pk)
        for span in spans
        for quarter in range(span.first_quarter, span.end_quarter)
    )


def fill(wanted: Iterable[Quarter]) -> None:
    """Insert occupancies, in one sorted statement; plain SQL, since this is what everybody waits for.

    Raises SlotTaken, unnamed, if a quarter of a room is taken: the transaction is then over, names are read after it.
    """
    in_order = sorted(wanted)
    most = len(in_order) if connection.vendor == "postgresql" else _MOST_ROWS
    try:
        with connection.cursor() as cursor:
            for at in range(0, len(in_order), most or 1):
                batch = in_order[at : at + most]
                rows = ", ".join(f"({room:d}, {quarter:d}, {span:d})" for room, quarter, span in batch)
                sql = f"INSERT INTO {_TABLE} (room_id, quarter, span_id) VALUES {rows}"  # noqa: S608 numbers only
                cursor.execute(sql)
    except IntegrityError as clash:
        raise SlotTaken(rooms="") from clash


def shift_rooms(booking: Booking, offers: Iterable[RoomOffer], first_quarter: int, length: int) -> None:
    """Give the rooms of a locked booking to another time: what is new is taken, then what is old is freed.

    Never the other way, or two meetings changing places could deadlock. A room that it did not have is taken whole.
    Raises SlotTaken, unnamed.
    """
    spans = {span.room_id: span for span in Span.objects.filter(booking=booking)}
    wanted = {offer.room_id: span_of(offer, first_quarter, length) for offer in offers}
    added: list[Quarter] = []
    for room_id, taken in wanted.items():
        span = spans.get(room_id)
        mine = range(span.first_quarter, span.end_quarter) if span else range(0)
        if span is None:
            span = spans[room_id] = Span.objects.create(
                room_id=room_id, booking=booking, first_quarter=taken.start, end_quarter=taken.stop
            )
        added += [Quarter(room_id, quarter, span.pk) for quarter in taken if quarter not in mine]
        span.first_quarter, span.end_quarter = taken.start, taken.stop
    fill(added)
    _lay_spans(spans.values())


def _lay_spans(spans: Iterable[Span]) -> None:
    """Write where saved spans begin and end, and free their quarters outside: two statements for all of them."""
    rows = ", ".join(f"({span.pk:d}, {span.first_quarter:d}, {span.end_quarter:d})" for span in spans)
    if not rows:
        return
    laid = f"WITH laid (id, first, past) AS (VALUES {rows})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{laid} UPDATE {Span._meta.db_table} SET first_quarter = laid.first, end_quarter = laid.past
                FROM laid WHERE {Span._meta.db_table}.id = laid.id"""  # noqa: S608 numbers only
        )
        cursor.execute(
            f"""{laid} DELETE FROM {_TABLE} WHERE id IN (SELECT taken.id FROM {_TABLE} taken
                JOIN laid ON laid.id = taken.span_id WHERE taken.quarter < laid.first OR taken.quarter >= laid.past)"""  # noqa: S608 numbers only
        )


def free_rooms(booking: Booking) -> None:
    """Free all the rooms of a booking; their occupancies go with their spans."""
    Span.objects.filter(booking=booking).delete()


def free_from(booking: Booking, quarter: int) -> None:
    """Free what remains of the booking's rooms from `quarter` on, and keep what was used."""
    Occupancy.objects.filter(span__booking=booking, quarter__gte=quarter).delete()
    Span.objects.filter(booking=booking, first_quarter__gte=quarter).delete()
    Span.objects.filter(booking=booking, end_quarter__gt=quarter).update(end_quarter=quarter)
