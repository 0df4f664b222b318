"""Signs of life of a meeting, and its rooms given back when there is none: whoever writes its turnout first decides."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from maillage.booking.domain.no_shows import EARLIEST_SIGN, release_at, warn_at
from maillage.booking.errors import BookingIsCancelled, BookingOver
from maillage.booking.errors.turnouts import NotBegun, PeopleAreThere, RoomsGivenBack, TooEarlyToCome
from maillage.booking.events import BookingCancelled, PeopleCame
from maillage.booking.models import Booking, BookingStatus, CancelCause, LetterKind, NoShowWarning, SignKind, Turnout
from maillage.booking.rights import has_started
from maillage.booking.selectors.turnouts import lifeless_bookings, patience_of, warned_at
from maillage.booking.services.endings import end_booking, locked_booking
from maillage.booking.services.letters import write_letters
from maillage.booking.services.occupancies import free_from
from maillage.core.errors import DomainError
from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.core.quarters import moment_of, next_quarter
from maillage.core.words import hour_words


def check_in(
    *, booking_id: UUID, sign: SignKind, now: datetime, party_id: int | None = None, agent_id: int | None = None
) -> Turnout:
    """Note that somebody is there: the rooms are kept. The first sign stays, the others change nothing.

    Raises RoomsGivenBack if they were given back before, TooEarlyToCome an hour and more ahead,
    BookingIsCancelled, BookingOver, UnknownBooking.
    """
    booking = Booking.objects.filter(pk=booking_id).first() or locked_booking(booking_id)
    if sign != SignKind.ENTERED:  # the door of the meeting has its own rules
        _check_expected(booking, now)
    try:
        with transaction.atomic():
            turnout = Turnout.objects.filter(booking=booking).first() or _came(booking, sign, now, party_id, agent_id)
    except IntegrityError:  # somebody wrote it in the same instant
        turnout = Turnout.objects.get(booking=booking)
    if not turnout.came:
        raise RoomsGivenBack(hour=hour_words(turnout.at, booking.time_zone))
    return turnout


def _check_expected(booking: Booking, now: datetime) -> None:
    if now < moment_of(booking.first_quarter) - EARLIEST_SIGN:
        raise TooEarlyToCome(hour=hour_words(booking.first_quarter, booking.time_zone))
    if booking.status == BookingStatus.CANCELLED and booking.cancel_cause != CancelCause.NO_SHOW:
        raise BookingIsCancelled
    if booking.status == BookingStatus.DONE or now >= moment_of(booking.end_quarter):
        raise BookingOver


def _came(booking: Booking, sign: SignKind, now: datetime, party_id: int | None, agent_id: int | None) -> Turnout:
    turnout = Turnout.objects.create(booking=booking, party_id=party_id, came=True, sign=sign, at=now)
    through: Door = "agent" if sign == SignKind.SEEN else "link"
    record("booking.people-came", f"booking:{booking.reference}", through=through, agent_id=agent_id, sign=sign.value)
    publish(PeopleCame(booking_id=booking.pk, sign=sign.value))
    return turnout


@transaction.atomic
def release_deserted(
    *, booking_id: UUID, now: datetime, through: Door = "task", agent_id: int | None = None
) -> Booking:
    """Give back what remains of the rooms of a meeting to which nobody came. Given back already, return it as it is.

    Raises PeopleAreThere if a sign of life came first, NotBegun, UnknownBooking.
    """
    booking = locked_booking(booking_id)
    if booking.status == BookingStatus.CANCELLED and booking.cancel_cause == CancelCause.NO_SHOW:
        return booking
    is_under_way = has_started(booking, now=now) and now < moment_of(booking.end_quarter)
    if booking.status != BookingStatus.CONFIRMED or not is_under_way:
        raise NotBegun
    sign = SignKind.DECLARED if agent_id else SignKind.NOTHING
    try:
        with transaction.atomic():
            Turnout.objects.create(booking=booking, came=False, sign=sign, at=now)
    except IntegrityError as somebody:
        raise PeopleAreThere from somebody
    free_from(booking, next_quarter(now))
    end_booking(booking, BookingStatus.CANCELLED, now, cause=CancelCause.NO_SHOW)
    record("booking.deserted", f"booking:{booking.reference}", through=through, agent_id=agent_id, sign=sign.value)
    publish(BookingCancelled(booking_id=booking.pk, cause=CancelCause.NO_SHOW.value))
    return booking


def follow_lifeless(now: datetime) -> tuple[int, int]:
    """Warn the people of meetings that give no sign of life, then give their rooms back. Return how many of each.

    Only who was really written to loses a room: a warning that has not left releases nothing. Harmless to run twice.
    """
    waited = [(booking, patience) for booking in lifeless_bookings(now) if (patience := patience_of(booking))]
    told = warned_at([booking for booking, _patience in waited])
    warned = released = 0
    for booking, patience in waited:
        start = moment_of(booking.first_quarter)
        if not hasattr(booking, "no_show_warning"):
            warned += now >= warn_at(start, patience) and _warn(booking, patience, now)
        elif booking.pk in told and now >= release_at(start, patience, told[booking.pk]):
            released += _release(booking, now)
    return warned, released


@transaction.atomic
def _warn(booking: Booking, patience: int, now: datetime) -> bool:
    """Ask them once whether they come; return whether that is new."""
    until = release_at(moment_of(booking.first_quarter), patience, now)
    _warning, is_new = NoShowWarning.objects.get_or_create(booking=booking, defaults={"at": now, "release_at": until})
    if is_new:
        write_letters(booking.pk, LetterKind.NO_SIGN, now=now)
        record("booking.warned", f"booking:{booking.reference}", through="task", patience=patience)
    return is_new


def _release(booking: Booking, now: datetime) -> bool:
    try:
        release_deserted(booking_id=booking.pk, now=now)
    except DomainError:  # somebody came, cancelled or ended it meanwhile
        return False
    return True
