"""Taking and freeing rooms. The uniqueness of (room, quarter) decides who was first, never an earlier read.

All the quarters of all the rooms go in one statement, sorted by room then quarter. Two bookings that want the same
quarters therefore wait for each other in one order only: one goes through, the other is refused, none deadlocks.
"""

from collections.abc import Iterable, Iterator

from django.db import IntegrityError, connection

from maillage.booking.errors import SlotTaken
from maillage.booking.models import Booking, Occupancy, Span
from maillage.booking.selectors.rooms import span_of
from maillage.points.domain.catalogue import RoomOffer


def take_rooms(booking: Booking, offers: Iterable[RoomOffer], first_quarter: int, length: int) -> None:
    """Take every room for the meeting, buffers included, or none. Two statements. Raises SlotTaken, unnamed."""
    spans = spans_of(booking, offers, first_quarter, length)
    Span.objects.bulk_create(spans)
    fill(quarters_of(spans))


def spans_of(booking: Booking, offers: Iterable[RoomOffer], first_quarter: int, length: int) -> list[Span]:
    """Return the spans of a meeting, buffers included, by room, not saved."""
    ranges = {offer.room_id: span_of(offer, first_quarter, length) for offer in offers}
    return [
        Span(room_id=room_id, booking=booking, first_quarter=taken.start, end_quarter=taken.stop)
        for room_id, taken in sorted(ranges.items())
    ]


def quarters_of(spans: Iterable[Span]) -> Iterator[Occupancy]:
    """Return the occupancies of spans, not saved."""
    return (
        Occupancy(span=span, room_id=span.room_id, quarter=quarter)
        for span in spans
        for quarter in range(span.first_quarter, span.end_quarter)
    )


def fill(wanted: Iterable[Occupancy]) -> None:
    """Insert occupancies, in one sorted statement; plain SQL, since this is what everybody waits for.

    SQLite, where one transaction writes at a time, takes a long series in several statements.
    Raises SlotTaken, unnamed, if a quarter of a room is taken: the transaction is then over, names are read after it.
    """
    in_order = sorted((o.room_id, o.quarter, o.span_id) for o in wanted)
    most = (connection.features.max_query_params or 3 * len(in_order)) // 3
    try:
        for batch in (in_order[at : at + most] for at in range(0, len(in_order), most or 1)):
            marks = ", ".join(["(%s, %s, %s)"] * len(batch))
            sql = f"INSERT INTO {Occupancy._meta.db_table} (room_id, quarter, span_id) VALUES {marks}"  # noqa: S608
            with connection.cursor() as cursor:
                cursor.execute(sql, [value for row in batch for value in row])
    except IntegrityError as clash:
        raise SlotTaken(rooms="") from clash


def free_rooms(booking: Booking) -> None:
    """Free all the rooms of a booking; their occupancies go with their spans."""
    Span.objects.filter(booking=booking).delete()


def free_from(booking: Booking, quarter: int) -> None:
    """Free what remains of the booking's rooms from `quarter` on, and keep what was used."""
    Occupancy.objects.filter(span__booking=booking, quarter__gte=quarter).delete()
    Span.objects.filter(booking=booking, first_quarter__gte=quarter).delete()
    Span.objects.filter(booking=booking, end_quarter__gt=quarter).update(end_quarter=quarter)
