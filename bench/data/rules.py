"""The rules of a real network, dealt out to its points and rooms in turn: so each search and booking meets them all.

Hosts with packages and people they favour; weekly hours with days they are shut, and hours on request; buffers;
priorities; closures; tariffs by group and origin with hours and first uses offered; calendars followed.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maillage.actors.models import Organisation
from maillage.booking.models import (
    Beneficiary,
    CalendarFeed,
    FreeHours,
    Package,
    TariffGroup,
    TariffOrigin,
    TariffPrice,
    TariffSheet,
    TariffUnit,
)
from maillage.core.quarters import local_quarter
from maillage.points.models import Closure, HouseRules, Point, PriorityGroup, Room

PARIS = ZoneInfo("Europe/Paris")
BUFFERS = ((1, 0), (1, 1), (2, 0), (0, 2))
"""Quarters before and after, by number of the room modulo 4: together never more than the pause at noon."""
_POINTS_A_HOST = 5
_OPENS = ("08:00", "08:30", "09:00")
_CLOSES = ("18:00", "18:30", "19:00", "20:00")
_WEEKS = ("Mo-Fr {0}-{1}", "Mo-Fr {0}-12:30,13:30-{1}", "Mo-Th {0}-{1}; Fr {0}-17:00", "Mo-Fr {0}-{1}; Sa 09:00-12:00")
_GRID = (
    (TariffGroup.EVERYONE, TariffOrigin.TERRITORY, ((TariffUnit.TWO_HOURS, 1500), (TariffUnit.HALF_DAY, 2500))),
    (TariffGroup.EVERYONE, TariffOrigin.OUTSIDE, ((TariffUnit.TWO_HOURS, 3000), (TariffUnit.HALF_DAY, 5000))),
    (TariffGroup.ASSOCIATION, TariffOrigin.ANY, ((TariffUnit.HOUR, 500), (TariffUnit.DAY, 2000))),
    (TariffGroup.MEMBER_TOWN_HALL, TariffOrigin.ANY, ((TariffUnit.USE, 0),)),
)


def make_hosts(rooms: int) -> list[Organisation]:
    """Make one host for five points, each with a package, an organisation that has it and a group it favours."""
    hosts = Organisation.objects.bulk_create(
        Organisation(name=f"Hôte {number}") for number in range(-(-rooms // _POINTS_A_HOST))
    )
    packages = Package.objects.bulk_create(
        Package(host=host, name="Dix heures", monthly_quarters=40, overage_cents=1200) for host in hosts
    )
    favoured: list[Beneficiary] = []
    for number, (host, package) in enumerate(zip(hosts, packages, strict=True)):
        favoured.append(Beneficiary(host=host, name="Titulaire", email=f"@titulaire-{number}.example", package=package))
        group = TariffGroup.MEMBER_TOWN_HALL
        favoured.append(Beneficiary(host=host, name="Mairie", email=f"@mairie-{number}.example", group=group))
    Beneficiary.objects.bulk_create(favoured)
    return hosts


def hours_of(number: int) -> dict[str, str]:
    """Return the hours of a point: a week, without public holidays and two days of its own, and hours on request."""
    today = datetime.now(PARIS).date()
    shut = [today + timedelta(days=2 + number % 11), today + timedelta(days=40 + number % 17)]
    week = _WEEKS[number % 4].format(_OPENS[number % 3], _CLOSES[number // 3 % 4])
    if number % 12 == 11:
        week = "24/7"
    days_off = "; ".join(f"{day:%Y %b %d} off" for day in shut)
    return {"hours": f"{week}; PH off; {days_off}", "request_hours": "Mo-Sa 07:00-22:00" if number % 3 == 0 else ""}


def priority_of(number: int) -> dict[str, Any]:
    """Return for whom a room is kept, until how many days before; every fourth one is."""
    return {"priority_group": PriorityGroup.PARTNERS, "priority_days": 10} if number % 4 == 3 else {}


def taken_by(row: int, number: int) -> tuple[str, int | None]:
    """Return what takes a room at a meeting's time, and which calendar: most often the meeting itself."""
    if row % 3 == 0 and number % 2:
        return "calendar", row // 3 + 1
    return ("block", None) if row % 3 == 1 and number % 7 == 0 else ("meeting", None)


def make_rules(points: Sequence[Point], rooms: Sequence[Room]) -> None:
    """Make closures, house rules, tariffs and calendars for points with one room each."""
    today = datetime.now(PARIS).date()
    Closure.objects.bulk_create(
        closure for number, point in enumerate(points) for closure in _closures(point, number, today)
    )
    HouseRules.objects.bulk_create(
        HouseRules(point=point, version=1, text="Rangez la salle en partant.", since=today) for point in points[::2]
    )
    CalendarFeed.objects.bulk_create(
        CalendarFeed(
            pk=number + 1, room=room, name="Théâtre", address=f"https://agenda.example/{room.pk}.ics",
            next_try_at=datetime.now(UTC) + timedelta(days=30),
        )
        for number, room in enumerate(rooms[::3])
    )  # fmt: skip
    _make_tariffs(points, today - timedelta(days=200))


def _closures(point: Point, number: int, today: date) -> list[Closure]:
    """Return a fortnight's closure two months ahead and, one point in five, one within the fortnight that is sought."""
    days = [(60 + number % 60, 14)] + ([(1 + number % 13, 1)] if number % 5 == 0 else [])
    return [
        Closure(
            point=point,
            first_quarter=local_quarter(today + timedelta(days=ahead), time(), PARIS),
            end_quarter=local_quarter(today + timedelta(days=ahead + length), time(), PARIS),
            reason="Fermeture",
        )
        for ahead, length in days
    ]


def _make_tariffs(points: Sequence[Point], since: date) -> None:
    """Give every point a sheet: one in three free, the others a grid, some with offered hours or first uses."""
    sheets = TariffSheet.objects.bulk_create(
        TariffSheet(
            point=point, is_free=number % 3 == 0, first_uses_free=int(number % 4 == 1), evening_opening_cents=1500,
            weekend_opening_cents=3000, valid_from=since,
        )
        for number, point in enumerate(points)
    )  # fmt: skip
    priced = [sheet for sheet in sheets if not sheet.is_free]
    TariffPrice.objects.bulk_create(
        TariffPrice(sheet=sheet, group=group, origin=origin, unit=unit, cents=cents)
        for sheet in priced
        for group, origin, units in _GRID
        for unit, cents in units
    )
    FreeHours.objects.bulk_create(
        FreeHours(sheet=sheet, weekdays="02", start=time(12), end=time(14)) for sheet in priced[::3]
    )
