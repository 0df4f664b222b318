"""Play a planned day over simulated stations, minute by minute of its own clock, and see what the desk sees of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maillage.booking.domain.references import COMBINATIONS, reference_of
from maillage.booking.models import Booking, BookingStatus, Party, PartyKind
from maillage.concierge.domain.cards import State
from maillage.concierge.domain.training import HAPPENS, MENDED_AFTER, Planned, Trouble
from maillage.concierge.models import Cause, Ticket
from maillage.concierge.selectors import day_board
from maillage.concierge.services.tickets import close_ticket
from maillage.conference.models import Attendance, Conference, EndReason, QualitySample
from maillage.conference.services import (
    Screen,
    ask_help,
    end_meeting,
    enter_meeting,
    open_conference,
    sweep_vanished,
)
from maillage.core.quarters import quarter_at
from maillage.points.models import Room
from maillage.station.domain.keys import digest, new_key
from maillage.station.domain.verdict import Measures
from maillage.station.models import Station, StationState, TestOccasion
from maillage.station.services import hear_stations, record_self_test

MINUTE = timedelta(minutes=1)
_WELL = Measures(True, True, 0.4, -20, -60, 120, -35, 8000, 2000, 0.2)
_DEAF = Measures(True, True, 0.4, None, -60, None, None, 8000, 2000, 0.2)


@dataclass
class Played:
    """A planned meeting in the database, and when the desk saw its trouble."""

    plan: Planned
    booking: Booking
    parties: list[Party]
    stations: list[Station]
    start: datetime
    seen_at: datetime | None = None

    @property
    def troubled_at(self) -> datetime | None:
        """When something goes wrong."""
        return self.start + HAPPENS[self.plan.trouble] if self.plan.trouble else None


@dataclass
class Report:
    """What became of the day."""

    meetings: int = 0
    done: int = 0
    troubles: int = 0
    missed: list[str] = field(default_factory=list)
    slowest: timedelta = timedelta()

    @property
    def is_well(self) -> bool:
        """Every trouble was on the desk within the minute, and no meeting was lost."""
        return self.done == self.meetings and not self.missed and self.slowest <= MINUTE


def play_day(
    *, plan: Sequence[Planned], rooms: Sequence[Room], day: date, zone: ZoneInfo, pause: Callable[[], None]
) -> Report:
    """Play `plan` in `rooms` on `day`; `pause` is called after each minute of the day's own clock."""
    stations = [_station_of(room, datetime.combine(day, time(7), tzinfo=zone)) for room in rooms]
    played = [_prepare(planned, rooms, stations, day, zone) for planned in plan]
    now = min(one.start for one in played) - timedelta(minutes=40)
    last = max(one.start for one in played) + timedelta(minutes=61)
    while now <= last:
        _beat(stations, played, now)
        for one in played:
            _act(one, now)
        _look(played, day, zone, now)
        pause()
        now += MINUTE
    return _report(played)


def _prepare(planned: Planned, rooms: Sequence[Room], stations: Sequence[Station], day: date, zone: ZoneInfo) -> Played:
    start = datetime.combine(day, time(planned.hour), tzinfo=zone)
    sides = [rooms[number] for number in planned.rooms]
    key = f"exercise-{day:%Y%m%d}-{planned.hour}-{sides[0].pk}-{sides[1].pk}"
    booking = Booking.objects.create(
        reference=_free_reference(),
        status=BookingStatus.CONFIRMED,
        first_quarter=quarter_at(start),
        length=4,
        title=f"{sides[0].point.commune} – {sides[1].point.commune}",
        request_key=f"{key}-{Booking.objects.count()}",
        confirmed_at=start - timedelta(days=2),
    )
    parties = [
        Party.objects.create(
            booking=booking, position=position, kind=PartyKind.ROOM, room=room, name=room.point.commune.name
        )
        for position, room in enumerate(sides)
    ]
    return Played(planned, booking, parties, [stations[number] for number in planned.rooms], start)


def _free_reference() -> str:
    """Return the reference after the last ones given to exercises: they count down from the end."""
    number = COMBINATIONS - 1
    while Booking.objects.filter(reference=reference_of(number)).exists():
        number -= 1
    return reference_of(number)


def _station_of(room: Room, now: datetime) -> Station:
    known = Station.objects.filter(room=room, state=StationState.ACTIVE).first()
    if known is not None:
        return known
    return Station.objects.create(
        room=room, key_digest=digest(new_key()), key_changed_at=now, paired_at=now, last_seen_at=now
    )


def _beat(stations: Sequence[Station], played: Sequence[Played], now: datetime) -> None:
    silent = {one.stations[0].pk for one in played if _is_on(one, Trouble.SILENT, now)}
    hear_stations({station.pk: now for station in stations if station.pk not in silent})
    lost = [one.parties[0].pk for one in played if _is_on(one, Trouble.LOST, now)]
    Attendance.objects.filter(left_at=None).exclude(party__in=lost).update(last_seen_at=now)


def _is_on(one: Played, trouble: Trouble, now: datetime) -> bool:
    return one.plan.trouble is trouble and timedelta() <= now - one.start - HAPPENS[trouble] < MENDED_AFTER


def _act(one: Played, now: datetime) -> None:
    at = now - one.start
    first, second = one.parties
    if at == HAPPENS[Trouble.RED]:
        for number, station in enumerate(one.stations):
            _test(one, station, _DEAF if one.plan.trouble is Trouble.RED and number == 0 else _WELL, now)
    if one.plan.trouble:
        _go_wrong(one, at, now)
    if at == -MINUTE:
        _enter(one, second, now)
        if one.plan.trouble is not Trouble.LATE:
            _enter(one, first, now)
    if at == 2 * MINUTE:
        _hear_each_other(one, now)
    if at == timedelta(hours=1):
        conference = Conference.objects.get(booking=one.booking)
        end_meeting(conference_id=conference.pk, reason=EndReason.ENDED, party_id=first.pk, now=now)


def _go_wrong(one: Played, at: timedelta, now: datetime) -> None:
    """What goes wrong, and how it is mended MENDED_AFTER."""
    trouble = one.plan.trouble
    if trouble is None:
        return
    first = one.parties[0]
    begins, mended = at == HAPPENS[trouble], at == HAPPENS[trouble] + MENDED_AFTER
    if trouble is Trouble.HELP and begins:
        ask_help(conference=Conference.objects.get(booking=one.booking), party=first)
    if trouble is Trouble.HELP and mended:
        ticket = Ticket.objects.get(party=first, cause=Cause.HELP_ASKED, closed_at=None)
        close_ticket(ticket_id=ticket.pk, note="", now=now, agent_id=None)
    if trouble is Trouble.LOST and _is_on(one, trouble, now):
        sweep_vanished(conference_id=Conference.objects.get(booking=one.booking).pk, now=now)
    if trouble is Trouble.RED and mended:
        _test(one, one.stations[0], _WELL, now)
    if trouble in (Trouble.LATE, Trouble.LOST) and mended:
        _enter(one, first, now)
        _hear_each_other(one, now)


def _test(one: Played, station: Station, measures: Measures, now: datetime) -> None:
    record_self_test(
        station=station, occasion=TestOccasion.BEFORE_MEETING, measures=measures, booking_id=one.booking.pk, now=now
    )


def _enter(one: Played, party: Party, now: datetime) -> None:
    screen = Screen(connection=f"exercise-{party.pk}", page=f"page-{party.pk}", microphone=True, camera=True)
    conference = open_conference(one.booking.pk)
    enter_meeting(conference_id=conference.pk, party_id=party.pk, screen=screen, now=now)


def _hear_each_other(one: Played, now: datetime) -> None:
    stays = list(Attendance.objects.filter(conference__booking=one.booking, left_at=None))
    if len(stays) == len(one.parties):
        QualitySample.objects.bulk_create(
            QualitySample(attendance=stay, remote=other, at=now, audio_level_in=0.2, rtt_ms=40)
            for stay in stays
            for other in one.parties
            if other.pk != stay.party_id
        )


def _look(played: Sequence[Played], day: date, zone: ZoneInfo, now: datetime) -> None:
    """Note the troubles that the desk shows at `now`; it is looked at only while one is expected."""
    waiting = [one for one in played if one.seen_at is None and one.troubled_at and one.troubled_at <= now]
    if not waiting:
        return
    board = day_board(day=day, zone=zone, now=now)
    shown = {row.booking.pk for row in board.rows if row.state is State.TROUBLE and row.next_step is not None}
    for one in waiting:
        if one.booking.pk in shown:
            one.seen_at = now


def _report(played: Sequence[Played]) -> Report:
    ids = [one.booking.pk for one in played]
    report = Report(meetings=len(played), done=Booking.objects.filter(pk__in=ids, status=BookingStatus.DONE).count())
    for one in played:
        if one.troubled_at is None:
            continue
        report.troubles += 1
        if one.seen_at is None:
            report.missed.append(f"{one.booking.reference} {one.plan.trouble}")
        else:
            report.slowest = max(report.slowest, one.seen_at - one.troubled_at)
    return report
