"""Forget who met, keep that they met: names, addresses, letters and notes go; head counts, categories, places stay."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from maillage.booking.models import (
    Booking,
    BookingStatus,
    Broadcast,
    CalendarConflict,
    CalendarDoor,
    DeadAddress,
    KeyLoan,
    LetterRecord,
    OpeningRequest,
    Party,
    Receipt,
    RoomLoss,
    Seat,
    Series,
    SeriesDate,
    SideLetter,
    Span,
    Wait,
)
from maillage.core.forgetting import Found, Person, keeps
from maillage.core.journal import record
from maillage.core.models import JournalEntry, TextMessage
from maillage.core.quarters import quarter_of
from maillage.points.models import Closure

_MARK = "forgotten-"
_BATCH = 200
_ENDED = (BookingStatus.CANCELLED, BookingStatus.DONE)


def erase_meetings(person: Person, now: datetime, really: bool) -> Found:
    """Erase a person from the meetings that are over: all of those they organised, their address in the others."""
    quarter = quarter_of(now)
    organised = Booking.objects.filter(_organised_by(person))
    over = Q(status__in=_ENDED) | Q(first_quarter__lt=quarter - F("length"))
    mine = list(organised.filter(over).values_list("pk", flat=True))
    invited = Party.objects.filter(email__iexact=person.email) if person.email else Party.objects.none()
    invited = invited.exclude(booking__in=organised)
    past = Q(booking__status__in=_ENDED) | Q(booking__first_quarter__lt=quarter - F("booking__length"))
    parties = list(invited.filter(past).values_list("pk", flat=True))
    kept = organised.exclude(over).count() + invited.exclude(past).count()
    if really:
        forget_bookings(mine)
        _forget_guests(parties)
        DeadAddress.objects.filter(address=person.email).delete()
    return Found(len(mine) + len(parties), kept)


@keeps(
    "meetings",
    days=365,
    what=_("meetings: organiser, guests, subject, letters, notes of the place"),
    why=_("to find a meeting again, answer a question about it, book the same again"),
    erase=erase_meetings,
    why_kept=_("a meeting to come needs to reach its people: it is erased once it is over"),
)
def forget_meetings(before: datetime) -> int:
    """Forget who met in the meetings that ended before."""
    old = Booking.objects.filter(first_quarter__lt=quarter_of(before) - F("length"))
    count = _forget_in_batches(old)
    past = Span.objects.filter(end_quarter__lt=quarter_of(before)).exclude(note="")
    count += Closure.objects.filter(end_quarter__lt=quarter_of(before)).exclude(reason="").update(reason="")
    return count + past.update(note="") + CalendarConflict.objects.filter(booking__in=old).delete()[0]


def erase_desk_help(person: Person, now: datetime, really: bool) -> Found:
    """Erase a person from the keys they returned, the letters about them, the calendars they follow."""
    who = Q(email__iexact=person.email) if person.email else Q(phone=person.phone)
    loans = KeyLoan.objects.filter(who)
    returned = loans.exclude(returned_at=None)
    count, kept = returned.count(), loans.filter(returned_at=None).count()
    kept += Wait.objects.filter(who, until__gte=now).count()
    letters = SideLetter.objects.filter(recipient__iexact=person.reach)
    doors = CalendarDoor.objects.filter(email__iexact=person.email) if person.email else CalendarDoor.objects.none()
    count += letters.count() + doors.count()
    if really:
        returned.update(holder="", email="", phone="")
        letters.delete()
        doors.delete()
    return Found(count, kept)


@keeps(
    "help",
    days=31,
    what=_("keys lent, places in the waiting list, letters about them"),
    why=_("to find a key again, to offer what frees"),
    erase=erase_desk_help,
    why_kept=_("a key that is still out, a place in the waiting list: return it, or leave the list"),
)
def forget_desk_help(before: datetime) -> int:
    """Forget who had the keys that were returned before; waits and their letters end by themselves."""
    old = KeyLoan.objects.filter(returned_at__lt=before).exclude(holder="", email="", phone="")
    return old.update(holder="", email="", phone="") + SideLetter.objects.filter(due_at__lt=before).delete()[0]


@keeps(
    "requests",
    days=30,
    what=_("requests that came to nothing: rooms held and not booked, requests refused or withdrawn"),
    why=_("to answer somebody who asks what became of theirs"),
)
def forget_requests(before: datetime) -> int:
    """Forget who asked for what was never booked."""
    return _forget_in_batches(Booking.objects.filter(confirmed_at=None, created_at__lt=before, status__in=_ENDED))


@keeps(
    "letters",
    days=90,
    what=_("letters: to whom, when, what the mail server said; addresses that do not exist"),
    why=_("to say what was sent when somebody did not receive it"),
)
def forget_letters(before: datetime) -> int:
    """Delete the letters of the meetings that ended before, and the addresses flagged before."""
    ended = Booking.objects.filter(first_quarter__lt=quarter_of(before) - F("length"))
    gone = LetterRecord.objects.filter(booking__in=ended).delete()[0]
    return gone + DeadAddress.objects.filter(since__lt=before).delete()[0]


def erase_seats(person: Person, now: datetime, really: bool) -> Found:
    """Erase a person's seats at the public sessions that are over."""
    mine = Seat.objects.filter(reach__iexact=person.reach)
    over = mine.filter(_session_over(quarter_of(now)))
    count = over.count()
    kept = mine.count() - count
    if really:
        _forget_seats(list(over.values_list("pk", flat=True)))
    return Found(count, kept)


@keeps(
    "seats",
    days=30,
    what=_("seats at public sessions: name, e-mail or telephone"),
    why=_("to tell those who came what follows"),
    erase=erase_seats,
    why_kept=_("a session to come: give the seat back first"),
)
def forget_seats(before: datetime) -> int:
    """Forget who had a seat at the sessions that ended before."""
    over = Seat.objects.filter(_session_over(quarter_of(before))).exclude(reach__startswith=_MARK)
    return _forget_seats(list(over.values_list("pk", flat=True)))


def erase_receipts(person: Person, now: datetime, really: bool) -> Found:
    """Say how many receipts name the meetings of a person: the law has them kept."""
    return Found(0, Receipt.objects.filter(booking__in=Booking.objects.filter(_organised_by(person))).count())


@keeps(
    "receipts",
    days=3653,
    what=_("receipts: to whom, what, how much"),
    why=_("accounting papers are kept ten years (article L. 123-22 of the Commercial Code)"),
    erase=erase_receipts,
    why_kept=_("the law has accounting papers kept ten years"),
)
def forget_receipts(before: datetime) -> int:
    """Forget to whom receipts were issued before; numbers and amounts stay."""
    old = Receipt.objects.filter(issued_at__lt=before).exclude(payer="")
    return old.update(payer="", lines=[], reason="")


@transaction.atomic
def forget_bookings(booking_ids: Collection[UUID]) -> int:
    """Take out of these bookings all that names somebody; return how many. Their statistics do not change."""
    bookings = Booking.objects.filter(pk__in=booking_ids).exclude(request_key__startswith=_MARK)
    references = list(bookings.values_list("reference", flat=True))
    if not references:
        return 0
    ids = list(bookings.values_list("pk", flat=True))
    LetterRecord.objects.filter(booking__in=ids).delete()
    OpeningRequest.objects.filter(booking__in=ids).update(note="")
    RoomLoss.objects.filter(booking__in=ids).update(note="")
    Span.objects.filter(booking__in=ids).update(note="")
    CalendarConflict.objects.filter(booking__in=ids).delete()
    Party.objects.filter(booking__in=ids).update(name="", email="", address="")
    _forget_seats(list(Seat.objects.filter(broadcast__booking__in=ids).values_list("pk", flat=True)))
    Broadcast.objects.filter(booking__in=ids).update(title="", description="", slug=Concat(Value(_MARK), _key()))
    subjects = [f"booking:{reference}" for reference in references]
    JournalEntry.objects.filter(subject__in=subjects).update(details={})
    TextMessage.objects.filter(subject__in=subjects).delete()
    Booking.objects.filter(pk__in=ids).update(
        title="",
        organiser_name="",
        organiser_email="",
        organiser_phone="",
        booked_by=None,
        request_key=Concat(Value(_MARK), F("reference")),
    )
    _forget_series(ids)
    record("bookings.forgotten", "bookings", through="task", count=len(ids))
    return len(ids)


def _forget_series(booking_ids: Collection[UUID]) -> None:
    """Forget the request of the series whose dates are all forgotten."""
    known = Series.objects.filter(bookings__in=booking_ids).exclude(request_key__startswith=_MARK).distinct()
    living = Booking.objects.exclude(request_key__startswith=_MARK).filter(series__isnull=False).values("series")
    done = list(known.exclude(pk__in=living).values_list("pk", flat=True))
    SeriesDate.objects.filter(series__in=done).update(refusal="")
    for pk in done:
        Series.objects.filter(pk=pk).update(request_key=f"{_MARK}{pk.hex}")


def _forget_in_batches(bookings: "QuerySet[Booking]") -> int:
    count = 0
    left = bookings.exclude(request_key__startswith=_MARK).order_by("pk")
    while batch := list(left.values_list("pk", flat=True)[:_BATCH]):
        count += forget_bookings(batch)
    return count


@transaction.atomic
def _forget_guests(party_ids: Collection[int]) -> None:
    parties = Party.objects.filter(pk__in=party_ids)
    for party_id, booking_id, email in parties.values_list("pk", "booking_id", "email"):
        LetterRecord.objects.filter(booking=booking_id, party=party_id, recipient__iexact=email).delete()
    parties.update(name="", email="", address="")


def _forget_seats(seat_ids: Collection[int]) -> int:
    seats = Seat.objects.filter(pk__in=seat_ids)
    for seat_id, reach, booking_id in seats.values_list("pk", "reach", "broadcast__booking"):
        LetterRecord.objects.filter(booking=booking_id, recipient__iexact=reach, kind__startswith="seat").delete()
        TextMessage.objects.filter(subject=f"seat:{seat_id}").delete()
    return seats.update(name="", reach=Concat(Value(_MARK), _key()))


def _organised_by(person: Person) -> Q:
    return Q(organiser_email__iexact=person.email) if person.email else Q(organiser_phone=person.phone)


def _session_over(quarter: int) -> Q:
    return Q(broadcast__booking__first_quarter__lt=quarter - F("broadcast__booking__length"))


def _key() -> Cast:
    return Cast("pk", CharField())
