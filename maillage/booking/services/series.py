"""Confirm a series: all its dates in one act, or each on its own; cancel what is left of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from maillage.booking.domain.contacts import Contact
from maillage.booking.domain.recurrence import Recurrence, SeriesDay, series_days
from maillage.booking.domain.terms import Pass
from maillage.booking.domain.wishes import PartyWish, check_request_key
from maillage.booking.errors import KeptForOthers, RoomClosed, SlotTaken, TooSoon
from maillage.booking.errors.openings import OpeningTooSoon
from maillage.booking.errors.series import SeriesChoiceMissing, SeriesDateTaken, SeriesEmpty
from maillage.booking.events import SeriesConfirmed
from maillage.booking.models import Booking, BookingStatus, Series, SeriesDate, SeriesDateState
from maillage.booking.selectors.rooms import blockers, check_rooms_open, offers_for
from maillage.booking.selectors.series import with_rooms
from maillage.booking.services.contacts import check_contact
from maillage.booking.services.endings import cancel_booking, release_expired_holds
from maillage.booking.services.holds import SlotRequest, book_together, take_slot
from maillage.core.events import publish
from maillage.core.journal import Door, journal_line, record
from maillage.core.models import JournalEntry
from maillage.core.quarters import quarter_of
from maillage.core.rows import insert_rows


@dataclass(frozen=True, slots=True)
class DateChoice:
    """What people decided for one date: its hour and, by position, other rooms. Left out if `first_quarter` is None."""

    first_quarter: int | None
    rooms: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """A series as it was shown and settled, date by date: `choices` has one for each date, in order."""

    request_key: str
    rule: Recurrence
    length: int
    parties: tuple[PartyWish, ...]
    choices: tuple[DateChoice, ...]
    time_zone: str
    language: str
    contact: Contact
    through: Door = "link"
    passes: frozenset[Pass] = frozenset()


def book_series(request: SeriesRequest, *, all_or_nothing: bool, now: datetime) -> Series:
    """Book the dates of a series, confirmed, or asked of the points that say yes each time.

    The same `request_key` again returns, or finishes, the same series.

    all_or_nothing: one act, refused whole if one date is no longer free (SeriesDateTaken, naming the days); otherwise
    each date is booked whole or noted as refused, with its code.
    Raises SeriesChoiceMissing, SeriesEmpty if every date is left out, ContactIncomplete, and what a rule, parties and
    rooms refuse, OpeningTooSoon if a point could not answer in time for the first date.
    """
    check_request_key(request.request_key)
    check_contact(request.contact)
    days = series_days(request.rule)
    _check_choices(request, days)
    if all_or_nothing:
        return _earlier(request) or _book_all(request, days, now)
    return _book_each(request, days, now)


@transaction.atomic
def cancel_rest(*, series_id: UUID, from_quarter: int, cause: str, now: datetime, through: Door = "link") -> int:
    """Cancel the dates of a series from a quarter on that have not begun; return how many. Harmless to run twice."""
    first = max(from_quarter, quarter_of(now))
    coming = [BookingStatus.ASKED, BookingStatus.CONFIRMED]
    left = Booking.objects.filter(series=series_id, status__in=coming, first_quarter__gte=first)
    ids = list(left.order_by("first_quarter").values_list("pk", flat=True))
    for booking_id in ids:
        cancel_booking(booking_id=booking_id, cause=cause, through=through, now=now)
    if ids:
        record("series.cancelled", f"series:{series_id}", through=through, dates=len(ids), cause=cause)
    return len(ids)


def _check_choices(request: SeriesRequest, days: Sequence[SeriesDay]) -> None:
    if len(request.choices) != len(days):
        missing = [day.day.isoformat() for day in days[len(request.choices) :]]
        raise SeriesChoiceMissing(days=", ".join(missing))
    if all(choice.first_quarter is None for choice in request.choices):
        raise SeriesEmpty


def _earlier(request: SeriesRequest) -> Series | None:
    return Series.objects.filter(request_key=request.request_key).first()


def _slots(request: SeriesRequest, series_id: UUID, now: datetime) -> dict[int, SlotRequest]:
    """Return one slot for each date that is not left out, by position, in the order of time."""
    kept = [(at, choice) for at, choice in enumerate(request.choices) if choice.first_quarter is not None]
    return {
        at: SlotRequest(
            request_key=f"{series_id.hex}:{at}",
            first_quarter=choice.first_quarter or 0,
            length=request.length,
            parties=with_rooms(request.parties, choice.rooms),
            time_zone=request.time_zone,
            language=request.language,
            now=now,
            through=request.through,
            contact=request.contact,
            series_id=series_id,
            wants_help=request.contact.wants_help,
            passes=request.passes,
        )
        for at, choice in sorted(kept, key=lambda item: item[1].first_quarter or 0)
    }


def _book_all(request: SeriesRequest, days: Sequence[SeriesDay], now: datetime) -> Series:
    series = _series(request)
    wanted = _slots(request, series.pk, now)
    for is_last in (False, True):
        try:
            return _book_whole(series, request, days, wanted)
        except (KeptForOthers, RoomClosed, TooSoon) as refusal:  # of the first date: people are told all of them
            raise _dates_taken(days, [at for at, slot in wanted.items() if _is_refused(slot, now)]) from refusal
        except SlotTaken as clash:
            if is_last or not release_expired_holds(now):
                raise _dates_taken(days, [at for at, slot in wanted.items() if _is_taken(slot)]) from clash
        except IntegrityError:  # the same request at the same instant: the other one made it
            if earlier := _earlier(request):
                return earlier
            raise
    return series


def _book_whole(
    series: Series, request: SeriesRequest, days: Sequence[SeriesDay], wanted: Mapping[int, SlotRequest]
) -> Series:
    def along(bookings: Sequence[Booking]) -> list[list[Model]]:
        dates = _dates(series, days, dict(zip(wanted, bookings, strict=True)))
        return [[series], [*dates], [_line(series, request, len(wanted))]]

    with transaction.atomic():
        book_together(list(wanted.values()), along)
        publish(SeriesConfirmed(series_id=series.pk))
    return series


def _book_each(request: SeriesRequest, days: Sequence[SeriesDay], now: datetime) -> Series:
    """Write the series first, its dates pending; then book each on its own. Cut short, the same request goes on."""
    series = _begun(request, days)
    pending = {date.position: date for date in series.dates.filter(state=SeriesDateState.PENDING)}
    for at, slot in _slots(request, series.pk, now).items():
        if at not in pending:
            continue
        date = pending[at]
        try:
            date.booking, date.state = take_slot(slot), SeriesDateState.BOOKED
        except (SlotTaken, KeptForOthers, RoomClosed, TooSoon, OpeningTooSoon) as refusal:
            date.state, date.refusal = SeriesDateState.REFUSED, refusal.code
        date.save(update_fields=["booking", "state", "refusal"])
    booked = series.dates.filter(state=SeriesDateState.BOOKED).count()
    if not booked:
        series.delete()
        raise _dates_taken(days, list(pending))
    if pending:
        with transaction.atomic():
            insert_rows([_line(series, request, booked)])
            publish(SeriesConfirmed(series_id=series.pk))
    return series


def _begun(request: SeriesRequest, days: Sequence[SeriesDay]) -> Series:
    try:
        with transaction.atomic():
            series = _series(request)
            series.save(force_insert=True)
            kept = {at for at, choice in enumerate(request.choices) if choice.first_quarter is not None}
            dates = _dates(series, days, {})
            for date in dates:
                date.state = SeriesDateState.PENDING if date.position in kept else SeriesDateState.LEFT_OUT
            SeriesDate.objects.bulk_create(dates)
            return series
    except IntegrityError:
        return Series.objects.get(request_key=request.request_key)


def _series(request: SeriesRequest) -> Series:
    return Series(
        request_key=request.request_key,
        rule=rule_as_json(request.rule),
        time_zone=request.time_zone,
        length=request.length,
    )


def _dates(series: Series, days: Sequence[SeriesDay], booked: Mapping[int, Booking]) -> list[SeriesDate]:
    return [
        SeriesDate(
            series=series,
            position=at,
            day=date.day,
            state=SeriesDateState.BOOKED if at in booked else SeriesDateState.LEFT_OUT,
            booking=booked.get(at),
        )
        for at, date in enumerate(days)
    ]


def _line(series: Series, request: SeriesRequest, booked: int) -> JournalEntry:
    return journal_line("series.confirmed", f"series:{series.pk}", through=request.through, dates=booked)


def _is_refused(slot: SlotRequest, now: datetime) -> bool:
    """Tell whether the rooms refuse a date whatever is booked: closed, or too soon."""
    offers = list(offers_for(slot.parties, terms=slot.terms).values())
    try:
        check_rooms_open(offers, slot.first_quarter, slot.length, terms=slot.terms, now=now)
    except (KeptForOthers, RoomClosed, TooSoon):
        return True
    return False


def _is_taken(slot: SlotRequest) -> bool:
    return bool(blockers(list(offers_for(slot.parties, terms=slot.terms).values()), slot.first_quarter, slot.length))


def _dates_taken(days: Sequence[SeriesDay], positions: Collection[int]) -> SeriesDateTaken:
    named = [days[at].day.strftime("%d/%m/%Y") for at in sorted(positions)]
    return SeriesDateTaken(days=", ".join(named), positions=sorted(positions))


def rule_as_json(rule: Recurrence) -> dict[str, object]:
    """Return a rule as plain values, for the record."""
    return {
        "kind": rule.kind.value,
        "first_day": rule.first_day.isoformat(),
        "at": rule.at.isoformat(timespec="minutes"),
        "zone": rule.zone.key,
        "times": rule.times,
        "until": rule.until.isoformat() if rule.until else None,
        "interval": rule.interval,
        "weekdays": sorted(rule.weekdays),
        "cycle": list(rule.cycle),
        "cycle_days": rule.cycle_days,
        "skips_holidays": rule.skips_holidays,
        "working_days": rule.working_days,
    }
