"""Store a new booking whole: its row, its spans and quarters, its parties, its line of the journal.

On PostgreSQL in one statement, so that whoever waits for its rooms waits for one way to the server and back; on
SQLite, where nothing travels, one statement each.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import IntegrityError, connection

from maillage.booking.errors import SlotTaken
from maillage.booking.models import Booking, Occupancy, Party, Span
from maillage.booking.services.occupancies import fill, quarters_of
from maillage.core.models import JournalEntry
from maillage.core.rows import insert_rows, insertion, mark_inserted

_TAKEN: Final = "occupancy_once"
_QUARTERS: Final = f"""INSERT INTO {Occupancy._meta.db_table} (room_id, quarter, span_id)
    SELECT room_id, quarter, id FROM span, generate_series(first_quarter, end_quarter - 1) AS quarter
    ORDER BY room_id, quarter"""  # noqa: S608 names only; the order in which everybody takes rooms, see `fill`


def store(booking: Booking, spans: Sequence[Span], parties: Sequence[Party], line: JournalEntry) -> None:
    """Insert all of it. Raises SlotTaken, unnamed, if a quarter of a room is taken; IntegrityError for the rest."""
    if connection.vendor == "postgresql":
        _store_at_once(booking, spans, parties, line)
    else:
        insert_rows([booking])
        insert_rows(spans)
        fill(quarters_of(spans))
        insert_rows(parties)
        insert_rows([line])
    booking.remember(list(parties))


def _store_at_once(booking: Booking, spans: Sequence[Span], parties: Sequence[Party], line: JournalEntry) -> None:
    """Insert all of it in one statement; keys that refer to one another are checked at the end of the transaction."""
    written, taken, seated, noted = insertion([booking]), insertion(spans), insertion(parties), insertion([line])
    sql = f"""WITH booking AS ({written.sql}),
        span AS ({taken.sql} RETURNING id, room_id, first_quarter, end_quarter),
        occupancy AS ({_QUARTERS}),
        party AS ({seated.sql} RETURNING id, position),
        line AS ({noted.sql})
        SELECT id FROM party ORDER BY position"""  # noqa: S608 statements of our own
    values: list[Any] = [*written.values, *taken.values, *seated.values, *noted.values]
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            numbers = [row[0] for row in cursor.fetchall()]
    except IntegrityError as clash:
        if _TAKEN in str(clash):
            raise SlotTaken(rooms="") from clash
        raise
    mark_inserted([booking, line])
    seats = sorted(parties, key=lambda party: party.position)
    mark_inserted(seats, numbers)
