"""Who has which key, which meetings want one, which doors want a code."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from maillage.booking.models import Booking, BookingStatus, DoorCode, KeyLoan, Party, RoomKey
from maillage.booking.selectors.ways_in import way_into
from maillage.core.quarters import day_quarters, moment_of, quarter_of
from maillage.core.words import day_words, hour_words
from maillage.points.models import EntryWay, Room

CODE_DAYS: Final = 8
"""Codes of meetings are asked of the facilitator so many days ahead."""
AFTER_THE_MEETING: Final = timedelta(hours=1)
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class LateKey:
    """A key that should be back, and what its holder is told by text message, in the active language."""

    loan: KeyLoan

    @property
    def zone(self) -> str:
        """The clocks of its room."""
        return self.loan.key.room.point.time_zone

    @property
    def said(self) -> dict[str, str]:
        """The words of a reminder: the key, its point, when it was due, whom to call."""
        room = self.loan.key.room
        due = f"{day_words(self.loan.due_at, self.zone)}, {hour_words(self.loan.due_at, self.zone)}"
        return {"key": self.loan.key.label, "place": room.point.name, "due": due, "phone": room.point.phone}

    @property
    def text(self) -> str:
        """The text message."""
        return _("The key %(key)s of %(place)s was due back on %(due)s. Please bring it back. %(phone)s") % self.said


@dataclass(frozen=True, slots=True)
class KeyState:
    """A key, and who has it."""

    key: RoomKey
    loan: KeyLoan | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """A meeting in one room: who comes for its key, or wants the code of its door."""

    party: Party
    room: Room
    due_at: datetime
    free_keys: tuple[RoomKey, ...] = ()
    loans: tuple[KeyLoan, ...] = ()
    has_code: bool = False

    @property
    def booking(self) -> Booking:
        """Their meeting."""
        return self.party.booking

    @property
    def holder(self) -> str:
        """Who comes: the organiser in the first room, the people of the place elsewhere."""
        return self.booking.organiser_name if self.party.position == 0 else self.party.name


@dataclass(frozen=True, slots=True)
class KeyBoard:
    """What the keys' screen shows."""

    states: tuple[KeyState, ...]
    today: tuple[Expected, ...]
    codes: tuple[Expected, ...]

    @property
    def out(self) -> list[KeyState]:
        """The keys that somebody has, the one to be returned first first."""
        lent = [(state.loan.due_at, state.key.pk, state) for state in self.states if state.loan]
        return [state for _due, _key, state in sorted(lent, key=lambda one: one[:2])]

    @property
    def free(self) -> list[KeyState]:
        """The keys at hand."""
        return [state for state in self.states if not state.loan]


def late_loans(now: datetime, *, again_before: datetime, most: int) -> list[LateKey]:
    """Return the keys that are late and whose holder was not reminded since `again_before`. One query."""
    out = KeyLoan.objects.filter(returned_at=None, due_at__lt=now, reminders__lt=most)
    late = out.exclude(reminded_at__gt=again_before).select_related("key__room__point")
    return [LateKey(loan) for loan in late.order_by("due_at", "pk")[:_MOST]]


def key_board(rooms: "QuerySet[Room]", *, now: datetime) -> KeyBoard:
    """Return the keys of `rooms`, today's meetings that want one, the coming ones whose door wants its code.

    Six queries, whatever the number of rooms.
    """
    mine = {room.pk: room for room in rooms.select_related("point").order_by("point__name", "name")}
    keys = list(RoomKey.objects.filter(room__in=mine, is_in_use=True).select_related("room__point"))
    loans = {
        loan.key_id: loan
        for loan in KeyLoan.objects.filter(key__room__in=mine, returned_at=None).select_related("booking", "key__room")
    }
    free: dict[int, list[RoomKey]] = defaultdict(list)
    for key in keys:
        if key.pk not in loans:
            free[key.room_id].append(key)
    states = [KeyState(key, loan := loans.get(key.pk), loan is not None and loan.due_at < now) for key in keys]
    has_keys = {key.room_id for key in keys}
    with_key = [room for room in mine.values() if way_into(room) == EntryWay.KEY or room.pk in has_keys]
    with_code = [room for room in mine.values() if way_into(room) == EntryWay.OWN_CODE]
    return KeyBoard(
        tuple(states),
        tuple(_expected(with_key, now, days=1, free=free, loans=list(loans.values()))),
        tuple(_expected(with_code, now, days=CODE_DAYS)),
    )


def _expected(
    rooms: Sequence[Room],
    now: datetime,
    *,
    days: int,
    free: dict[int, list[RoomKey]] | None = None,
    loans: Collection[KeyLoan] = (),
) -> list[Expected]:
    """Return the meetings of `rooms` from now until the end of the day, `days` days long. Two queries."""
    if not rooms:
        return []
    known = {room.pk: room for room in rooms}
    ends = {room.pk: _end_of_day(room, now, days) for room in rooms}
    parties = Party.objects.filter(
        room__in=known,
        booking__status=BookingStatus.CONFIRMED,
        booking__first_quarter__lt=max(ends.values()),
        booking__first_quarter__gt=quarter_of(now) - 48,
    ).select_related("booking")
    found = [
        party
        for party in parties.order_by("booking__first_quarter", "pk")[:_MOST]
        if party.room_id and party.booking.first_quarter < ends[party.room_id] and moment_of(_end(party)) > now
    ]
    coded = set(
        DoorCode.objects.filter(booking__in=[party.booking_id for party in found]).values_list("room_id", "booking_id")
    )
    return [
        Expected(
            party,
            known[room_id],
            moment_of(_end(party)) + AFTER_THE_MEETING,
            tuple((free or {}).get(room_id, ())),
            tuple(loan for loan in loans if loan.booking_id == party.booking_id and loan.key.room_id == room_id),
            (room_id, party.booking_id) in coded,
        )
        for party in found
        if (room_id := party.room_id or 0)
    ]


def _end(party: Party) -> int:
    return party.booking.end_quarter


def _end_of_day(room: Room, now: datetime, days: int) -> int:
    zone = ZoneInfo(room.point.time_zone)
    last = now.astimezone(zone).date() + timedelta(days=days - 1)
    return day_quarters(last, zone).stop
