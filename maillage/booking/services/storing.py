"""Store new bookings whole: their rows, spans and quarters, parties, lines of the journal.

On PostgreSQL in one statement, so that whoever waits for its rooms waits for one way to the server and back; on
SQLite, where nothing travels, one statement each.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import IntegrityError, connection
from django.db.models import Model

from maillage.booking.errors import SlotTaken
from maillage.booking.models import Booking, Occupancy, Party, Span
from maillage.booking.services.occupancies import fill, quarters_of
from maillage.core.rows import insert_rows, insertion, mark_inserted

_TAKEN: Final = "occupancy_once"
_QUARTERS: Final = f"""INSERT INTO {Occupancy._meta.db_table} (room_id, quarter, span_id)
    SELECT room_id, quarter, id FROM span, generate_series(first_quarter, end_quarter - 1) AS quarter
    ORDER BY room_id, quarter"""  # noqa: S608 names only; the order in which everybody takes rooms, see `fill`


def store(
    bookings: Sequence[Booking],
    spans: Sequence[Span],
    parties: Sequence[Party],
    rows: Sequence[Sequence[Model]],
) -> None:
    """Insert all of it: one booking, or several that stand or fall together.

    rows: what goes with them, such as their lines of the journal; the rows of a list are of one model.
    Raises SlotTaken, unnamed, if a quarter of a room is taken; IntegrityError for the rest.
    """
    with_them = [list(some) for some in rows if some]
    if connection.vendor == "postgresql":
        _store_at_once(bookings, spans, parties, with_them)
    else:
        insert_rows(bookings)
        insert_rows(spans)
        fill(quarters_of(spans))
        insert_rows(parties)
        for some in with_them:
            insert_rows(some)
    for booking in bookings:
        booking.remember([party for party in parties if party.booking_id == booking.pk])


def _store_at_once(
    bookings: Sequence[Booking], spans: Sequence[Span], parties: Sequence[Party], rows: Sequence[Sequence[Model]]
) -> None:
    """Insert all of it in one statement; keys that refer to one another are checked at the end of the transaction."""
    written, taken, seated = insertion(bookings), insertion(spans), insertion(parties)
    others = [insertion(some) for some in rows]
    along = "".join(f", other_{at} AS ({other.sql})" for at, other in enumerate(others))
    sql = f"""WITH booking AS ({written.sql}),
        span AS ({taken.sql} RETURNING id, room_id, first_quarter, end_quarter),
        occupancy AS ({_QUARTERS}),
        party AS ({seated.sql} RETURNING id, booking_id, position){along}
        SELECT id, booking_id, position FROM party"""  # noqa: S608 statements of our own
    values: list[Any] = [*written.values, *taken.values, *seated.values]
    for other in others:
        values += other.values
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            numbers = {(booking, position): number for number, booking, position in cursor.fetchall()}
    except IntegrityError as clash:
        if _TAKEN in str(clash):
            raise SlotTaken(rooms="") from clash
        raise
    mark_inserted(parties, [numbers[party.booking_id, party.position] for party in parties])
    for some in (bookings, *rows):
        mark_inserted(some)
