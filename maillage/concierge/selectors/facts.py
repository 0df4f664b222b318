"""What happened so far in some meetings, gathered for all of them at once: the same queries for one or for forty."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from maillage.booking.models import Booking, BookingStatus, Party
from maillage.concierge.domain.cards import SideFacts
from maillage.concierge.domain.runbook import MeetingFacts
from maillage.concierge.models import Cause, FarEnd, RunbookStep, Ticket, Trial
from maillage.conference.models import Attendance, Failure, LeaveReason, QualitySample
from maillage.core.quarters import moment_of
from maillage.station.domain.verdict import Level
from maillage.station.models import SelfTest, Station, StationState

SILENT_AFTER = timedelta(seconds=45)
"""Three beats of a station: it is on the desk within the minute."""
AUDIBLE = 0.005
"""Root mean square of what a side hears of another: more than the hiss of a muted line."""
EVE = timedelta(hours=36)


@dataclass
class Facts:
    """By party, by room or by booking, what the tables below say."""

    stations: dict[int, Station] = field(default_factory=dict)
    stays: defaultdict[int, list[Attendance]] = field(default_factory=lambda: defaultdict(list))
    heard: set[int] = field(default_factory=set)
    failures: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    tickets: defaultdict[UUID, list[Ticket]] = field(default_factory=lambda: defaultdict(list))
    room_tickets: defaultdict[int, list[Ticket]] = field(default_factory=lambda: defaultdict(list))
    ticked: defaultdict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    tested: dict[tuple[UUID, int], str] = field(default_factory=dict)
    trials: dict[int, Trial] = field(default_factory=dict)
    closed: set[UUID] = field(default_factory=set)


def gather(bookings: Sequence[Booking]) -> Facts:
    """Return the facts of `bookings`, whose parties are loaded. Eight queries."""
    facts = Facts()
    ids = [booking.pk for booking in bookings]
    rooms = [party.room_id for booking in bookings for party in booking.parties.all() if party.room_id]
    for station in Station.objects.filter(room__in=rooms, state=StationState.ACTIVE):
        facts.stations[station.room_id] = station
    for stay in Attendance.objects.filter(conference__booking__in=ids).order_by("joined_at", "pk"):
        facts.stays[stay.party_id].append(stay)
    audible = QualitySample.objects.filter(attendance__conference__booking__in=ids, audio_level_in__gt=AUDIBLE)
    facts.heard.update(audible.exclude(remote=None).values_list("remote", flat=True).distinct())
    for party_id, code in Failure.objects.filter(conference__booking__in=ids).values_list("party", "code"):
        facts.failures[party_id].append(code)
    _gather_tickets(facts, ids, rooms)
    for booking_id, step in RunbookStep.objects.filter(booking__in=ids).values_list("booking", "step"):
        facts.ticked[booking_id].add(step)
    tests = SelfTest.objects.filter(booking__in=ids).order_by("at")
    for booking_id, room_id, level in tests.values_list("booking", "station__room", "level"):
        facts.tested[booking_id, room_id] = level
    for trial in Trial.objects.filter(party__booking__in=ids).order_by("at"):
        facts.trials[trial.party_id or 0] = trial
    return facts


def _gather_tickets(facts: Facts, ids: Sequence[UUID], rooms: Sequence[int]) -> None:
    open_tickets = Ticket.objects.filter(closed_at=None)
    for ticket in (open_tickets.filter(booking__in=ids) | open_tickets.filter(room__in=rooms)).order_by("opened_at"):
        if ticket.booking_id:
            facts.tickets[ticket.booking_id].append(ticket)
        elif ticket.room_id:
            facts.room_tickets[ticket.room_id].append(ticket)


def side_facts(facts: Facts, booking: Booking, party: Party, now: datetime) -> SideFacts:
    """Return what the rules of `domain.cards` judge. No query."""
    stays = facts.stays.get(party.pk, [])
    station = facts.stations.get(party.room_id or 0)
    tickets = [t for t in facts.tickets.get(booking.pk, []) if t.party_id == party.pk]
    return SideFacts(
        minutes=(moment_of(booking.first_quarter) - now).total_seconds() / 60,
        is_over=booking.status != BookingStatus.CONFIRMED or (moment_of(booking.end_quarter) <= now and not stays),
        is_in=any(stay.left_at is None for stay in stays),
        was_lost=bool(stays) and stays[-1].leave_reason == LeaveReason.LOST,
        sound_heard=party.pk in facts.heard,
        asks_help=any(ticket.cause == Cause.HELP_ASKED for ticket in tickets),
        failures=len(facts.failures.get(party.pk, [])),
        has_ticket=any(ticket.cause != Cause.HELP_ASKED for ticket in tickets),
        has_station=station is not None,
        station_red=station is not None and station.level == Level.RED,
        station_silent=station is not None and is_silent(station, now),
    )


def is_silent(station: Station, now: datetime) -> bool:
    """Tell whether a station missed three beats, since it was last heard or linked."""
    return now - (station.last_seen_at or station.paired_at) > SILENT_AFTER


def meeting_facts(facts: Facts, booking: Booking, now: datetime) -> MeetingFacts:
    """Return what the runbook needs. A room without a station is tested by nobody but a person. No query."""
    parties = list(booking.parties.all())
    start = moment_of(booking.first_quarter)
    stations = [facts.stations.get(party.room_id) for party in parties if party.room_id]
    levels = [facts.tested.get((booking.pk, party.room_id), Level.GREY) for party in parties if party.room_id]
    return MeetingFacts(
        start=start,
        end=moment_of(booking.end_quarter),
        everyone_reachable=all(_is_reachable(booking, party) for party in parties),
        tested_on_eve=_were_tested(stations, [facts.trials.get(party.pk) for party in parties], start),
        tested_before=bool(levels) and all(level in (Level.GREEN, Level.ORANGE) for level in levels),
        everyone_in=bool(parties) and all(facts.stays.get(party.pk) for party in parties),
        sound_proven=bool(parties) and all(party.pk in facts.heard for party in parties),
        is_closed=booking.status == BookingStatus.DONE,
        is_accompanied=booking.is_accompanied,
    )


def _is_reachable(booking: Booking, party: Party) -> bool:
    own = booking.organiser_phone or booking.organiser_email if party.position == 0 else party.email
    far_end: FarEnd | None = getattr(party, "far_end", None)
    host = party.room and (party.room.point.phone or party.room.point.recipient)
    return bool(own or host or (far_end and far_end.filled_at))


def _were_tested(stations: Sequence[Station | None], trials: Sequence[Trial | None], start: datetime) -> bool:
    """Tell whether every room was tested, and every side that rehearsed alone did well."""
    rehearsed = [trial.level != Level.RED and start - EVE <= trial.at for trial in trials if trial]
    return bool(stations or rehearsed) and all(rehearsed) and all(_was_tested(one, start) for one in stations)


def _was_tested(station: Station | None, start: datetime) -> bool:
    if station is None or station.tested_at is None or station.level == Level.RED:
        return False
    return start - EVE <= station.tested_at
