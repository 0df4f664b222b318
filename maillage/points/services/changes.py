"""Change points and rooms: one function, one act, one transaction, one line of journal.

Each ends with a new edition of the catalogue, so that every process searches the rooms as they are now.
"""

import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.points.domain.hours import parse_hours
from maillage.points.errors import RoomRulesInvalid, StatusOutOfOrder
from maillage.points.events import PointHoursChanged, PointOpened, PointStatusChanged
from maillage.points.models import (
    Audience,
    CatalogueEdition,
    EntryWay,
    HouseRules,
    Point,
    Precision,
    PriorityGroup,
    Room,
    StatusChange,
)
from maillage.territory.domain.folding import fold

MOST_NOTICE_MINUTES = 30 * 1440
MOST_PRIORITY_DAYS = 90
NO_SHOW_MINUTES = range(15, 61)


def renew_catalogue() -> None:
    """Make every process read the rooms again. Called inside the transaction that changed them."""
    CatalogueEdition.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(16)})


@transaction.atomic
def open_point(*, point: Point, since: date, through: Door, agent_id: int | None = None) -> Point:
    """Add `point`, not saved yet, to the directory, with its status dated `since`. Raises HoursUnreadable."""
    _check_hours(point.hours)
    point.folded = fold(point.name)
    point.full_clean(exclude=["host", "commune"])
    point.save()
    StatusChange.objects.create(point=point, status=point.status, since=since, source=point.source)
    record("point.opened", f"point:{point.slug}", through=through, agent_id=agent_id, status=point.status)
    renew_catalogue()
    publish(PointOpened(point_id=point.pk))
    return point


@transaction.atomic
def change_status(
    *, point_id: int, status: str, since: date, note: str = "", through: Door, agent_id: int | None = None
) -> StatusChange:
    """Give a point another status from `since` on; the same day twice keeps the last.

    Raises StatusOutOfOrder if it already has a status dated later.
    """
    point = Point.objects.select_for_update().get(pk=point_id)
    latest = point.status_changes.order_by("-since").first()
    if latest and latest.since > since:
        raise StatusOutOfOrder(point=point.name, since=latest.since.isoformat())
    values = {"status": status, "note": note, "precision": Precision.DAY}
    change, _created = StatusChange.objects.update_or_create(point=point, since=since, defaults=values)
    Point.objects.filter(pk=point.pk).update(status=status)
    record("point.status-changed", f"point:{point.slug}", through=through, agent_id=agent_id, status=status)
    renew_catalogue()
    publish(PointStatusChanged(point_id=point.pk, status=status, since=since))
    return change


@transaction.atomic
def change_hours(
    *, point_id: int, hours: str, room_id: int | None = None, through: Door, agent_id: int | None = None
) -> None:
    """Give a point, or one of its rooms, other opening hours; a room without hours follows its point.

    Raises HoursUnreadable.
    """
    _check_hours(hours)
    if room_id is None:
        Point.objects.filter(pk=point_id).update(hours=hours, hours_are_assumed=False)
    else:
        Room.objects.filter(pk=room_id, point_id=point_id).update(hours=hours)
    record("point.hours-changed", f"point:{point_id}", through=through, agent_id=agent_id, hours=hours, room=room_id)
    renew_catalogue()
    publish(PointHoursChanged(point_id=point_id))


@dataclass(frozen=True, slots=True)
class RoomRules:
    """What a room asks of whoever books it. A notice left None follows the network's rule; see `Room`."""

    settle_quarters: int
    reset_quarters: int
    notice_minutes: int
    assisted_notice_minutes: int | None = None
    multipoint_notice_minutes: int | None = None
    audience: str = ""
    is_listed: bool = True
    priority_group: str = ""
    priority_days: int = 0
    no_show_minutes: int | None = None

    def check(self) -> None:
        """Raises RoomRulesInvalid."""
        notices = (self.notice_minutes, self.assisted_notice_minutes or 0, self.multipoint_notice_minutes or 0)
        if not (
            0 <= self.settle_quarters <= 8
            and 0 <= self.reset_quarters <= 8
            and all(0 <= notice <= MOST_NOTICE_MINUTES for notice in notices)
            and 0 <= self.priority_days <= MOST_PRIORITY_DAYS
            and (self.no_show_minutes in {None, 0} or self.no_show_minutes in NO_SHOW_MINUTES)
            and self.audience in {"", *Audience.values}
            and self.priority_group in PriorityGroup.values
        ):
            raise RoomRulesInvalid


@transaction.atomic
def change_room_rules(*, room_id: int, rules: RoomRules, through: Door, agent_id: int | None = None) -> None:
    """Give a room other rules. Bookings already made keep theirs. Raises RoomRulesInvalid."""
    rules.check()
    Room.objects.filter(pk=room_id).update(**asdict(rules))
    record("room.rules-changed", f"room:{room_id}", through=through, agent_id=agent_id, **asdict(rules))
    renew_catalogue()


@transaction.atomic
def change_answering(
    *,
    point_id: int,
    request_hours: str,
    second_email: str,
    answering_rooms: Collection[int],
    through: Door,
    agent_id: int | None = None,
) -> None:
    """Say at which hours a point may be opened on request, who else answers, and which rooms need a yes each time.

    Raises HoursUnreadable.
    """
    _check_hours(request_hours)
    Point.objects.filter(pk=point_id).update(request_hours=request_hours, second_email=second_email)
    rooms = Room.objects.filter(point=point_id)
    rooms.filter(pk__in=answering_rooms).update(needs_answer=True)
    rooms.exclude(pk__in=answering_rooms).update(needs_answer=False)
    record(
        "point.answering-changed",
        f"point:{point_id}",
        through=through,
        agent_id=agent_id,
        hours=request_hours,
        rooms=sorted(answering_rooms),
    )
    renew_catalogue()


@transaction.atomic
def change_entry(*, point_id: int, entry: str, entry_note: str, through: Door, agent_id: int | None = None) -> None:
    """Say how people get into a point. Raises ValueError for a way that is not an EntryWay."""
    way = EntryWay(entry)
    Point.objects.filter(pk=point_id).update(entry=way, entry_note=entry_note)
    record("point.entry-changed", f"point:{point_id}", through=through, agent_id=agent_id, entry=way.value)


@transaction.atomic
def change_room_entry(
    *, room_id: int, entry: str, entry_note: str, through: Door, agent_id: int | None = None
) -> EntryWay | None:
    """Say how people get into one room; an empty way, or note, is its point's. Return its own way.

    Raises ValueError for a way that is not an EntryWay.
    """
    way = EntryWay(entry) if entry else None
    Room.objects.filter(pk=room_id).update(entry=way or "", entry_note=entry_note)
    record("room.entry-changed", f"room:{room_id}", through=through, agent_id=agent_id, entry=entry)
    return way


@transaction.atomic
def write_house_rules(
    *, point_id: int, text: str, link: str, since: date, through: Door, agent_id: int | None = None
) -> HouseRules | None:
    """Write the next version of a point's house rules; the same words again change nothing, no words write none.

    Those accepted with earlier versions keep them.
    """
    point = Point.objects.select_for_update().get(pk=point_id)
    latest = point.house_rules.order_by("-version").first()
    if not (text or link) or (latest and (latest.text, latest.link) == (text, link)):
        return latest
    version = latest.version + 1 if latest else 1
    rules = HouseRules.objects.create(point=point, version=version, text=text, link=link, since=since)
    renew_catalogue()
    record("point.rules-written", f"point:{point_id}", through=through, agent_id=agent_id, version=version)
    return rules


@transaction.atomic
def withhold_room(*, room_id: int, reason: str, through: Door, now: datetime) -> bool:
    """Stop offering a room, whose equipment failed, for new bookings. Return False if it was already so."""
    if not Room.objects.filter(pk=room_id, withheld_since=None).update(withheld_since=now):
        return False
    record("room.withheld", f"room:{room_id}", through=through, reason=reason)
    renew_catalogue()
    return True


@transaction.atomic
def offer_room_again(*, room_id: int, reason: str, through: Door) -> bool:
    """Offer a withheld room again. Return False if it was offered already."""
    if not Room.objects.filter(pk=room_id).exclude(withheld_since=None).update(withheld_since=None):
        return False
    record("room.offered-again", f"room:{room_id}", through=through, reason=reason)
    renew_catalogue()
    return True


@transaction.atomic
def note_readiness(*, ready: Collection[int], silent: Collection[int], through: Door) -> int:
    """Note which rooms have a station that answers, which one that does not; the others have none that tells.

    Return how many rooms changed. One query when none does.
    """
    known = dict(Room.objects.exclude(is_station_ready=None).values_list("pk", "is_station_ready"))
    told: dict[int, bool | None] = dict.fromkeys(known) | dict.fromkeys(silent, False) | dict.fromkeys(ready, True)
    changed = {room_id: state for room_id, state in told.items() if known.get(room_id) is not state}
    for state in (True, False, None):
        if rooms := sorted(room_id for room_id, now in changed.items() if now is state):
            Room.objects.filter(pk__in=rooms).update(is_station_ready=state)
    if changed:
        record("rooms.readiness-noted", "rooms", through=through, rooms=len(changed))
        renew_catalogue()
    return len(changed)


def _check_hours(hours: str) -> None:
    if hours.strip():
        parse_hours(hours)
