"""The price of a meeting in given rooms, from the tariffs in force that day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q

from maillage.booking.domain.openings import OpeningHour, opening_hour
from maillage.booking.domain.quotes import Quote, Reason, Stay, quote_stay
from maillage.booking.domain.tariffs import FreeWindow, Group, Origin, Price, Tariff, Unit, group_of
from maillage.booking.domain.tariffs import Package as PackageRules
from maillage.booking.models import (
    Beneficiary,
    Booking,
    BookingStatus,
    Package,
    Party,
    PriceLine,
    PriceReason,
    TariffSheet,
)
from maillage.core.quarters import moment_of, quarter_at
from maillage.points.domain.hours import is_open_throughout
from maillage.points.models import Room
from maillage.territory.models import Commune

_UNKNOWN_PAYER_USES = 1_000  # without an e-mail no first use is promised: the price can only fall later


@dataclass(frozen=True, slots=True)
class PricedParty:
    """A party that takes a room, and the commune its people come from."""

    room_id: int
    origin_insee: str | None = None


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays: the organiser, known by e-mail, or not yet."""

    email: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class PricedMeeting:
    """A quote, and by room whom its host recognised."""

    quote: Quote
    beneficiaries: Mapping[int, Beneficiary] = field(default_factory=dict)


def has_tariff(point_ids: Collection[int]) -> bool:
    """Tell whether one of these points has ever written what it asks. One query, in plain SQL: every booking asks."""
    if not point_ids:
        return False
    points = ", ".join(f"{point_id:d}" for point_id in point_ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {TariffSheet._meta.db_table} WHERE point_id IN ({points}) LIMIT 1")  # noqa: S608
        return cursor.fetchone() is not None


def tariff_rules(sheet: TariffSheet) -> Tariff:
    """Return a sheet as the rules read it. No query if its prices and free hours were prefetched."""
    return Tariff(
        prices=tuple(
            Price(Unit(row.unit), row.cents, Group(row.group), Origin(row.origin), row.practice_cents)
            for row in sheet.prices.all()
        ),
        is_free=sheet.is_free,
        free_windows=tuple(
            FreeWindow(frozenset(map(int, row.weekdays)), row.start, row.end) for row in sheet.free_hours.all()
        ),
        first_uses_free=sheet.first_uses_free,
        evening_opening_cents=sheet.evening_opening_cents,
        weekend_opening_cents=sheet.weekend_opening_cents,
    )


def package_rules(package: Package) -> PackageRules:
    """Return a package as the rules read it."""
    overage = () if package.overage_cents is None else (Price(Unit.HOUR, package.overage_cents),)
    return PackageRules(package.name, package.monthly_quarters, overage)


def price_meeting(
    parties: Sequence[PricedParty], *, first_quarter: int, length: int, payer: Payer, excluding: UUID | None = None
) -> PricedMeeting:
    """Return what a meeting costs. At most eight queries, however many rooms.

    excluding: the booking being priced, so that it does not count as an earlier use of itself.
    """
    rooms = Room.objects.select_related("point__host", "point__commune").in_bulk({p.room_id for p in parties})
    hosts = {room.point.host_id for room in rooms.values()}
    origins = Commune.objects.in_bulk({p.origin_insee for p in parties if p.origin_insee})
    known = _recognised(payer.email, hosts)
    uses = _past_uses(payer.email, hosts, excluding)
    spent = _package_lines(known.values(), first_quarter, excluding)
    sheets = _sheets(rooms.values())
    quote = Quote()
    for party in parties:
        room = rooms[party.room_id]
        zone = ZoneInfo(room.point.time_zone)
        beneficiary = known.get(room.point.host_id)
        package = beneficiary.package if beneficiary else None
        stay = Stay(
            room_id=room.pk,
            first_quarter=first_quarter,
            length=length,
            zone=zone,
            group=_group(beneficiary, payer),
            origin=_origin(room, origins.get(party.origin_insee or "")),
            past_uses=uses.get(room.point.host_id, 0) if payer.email else _UNKNOWN_PAYER_USES,
            package=package_rules(package) if package else None,
            package_left=_left(beneficiary, spent, first_quarter, zone, quote, rooms),
            opening=_opening(room, first_quarter, length),
        )
        quote += quote_stay(_sheet_in_force(sheets, room, first_quarter, zone), stay)
    return PricedMeeting(quote, {pk: known[r.point.host_id] for pk, r in rooms.items() if r.point.host_id in known})


def price_unknown_payer(meetings: Sequence[tuple[int, Sequence[PricedParty]]], *, length: int) -> list[Quote]:
    """Return what meetings, each given by its first quarter and parties, cost a payer whom nobody knows yet.

    No first use, package or group is promised: the price can only fall. At most five queries for all of them.
    """
    wanted = [party for _, parties in meetings for party in parties]
    rooms = Room.objects.select_related("point__commune").in_bulk({party.room_id for party in wanted})
    sheets = _sheets(rooms.values())
    origins = Commune.objects.in_bulk({p.origin_insee for p in wanted if p.origin_insee}) if sheets else {}
    quotes = []
    for first_quarter, parties in meetings:
        quote = Quote()
        for party in parties:
            room = rooms[party.room_id]
            zone = ZoneInfo(room.point.time_zone)
            stay = Stay(
                room_id=room.pk,
                first_quarter=first_quarter,
                length=length,
                zone=zone,
                origin=_origin(room, origins.get(party.origin_insee or "")),
                past_uses=_UNKNOWN_PAYER_USES,
                opening=_opening(room, first_quarter, length),
            )
            quote += quote_stay(_sheet_in_force(sheets, room, first_quarter, zone), stay)
        quotes.append(quote)
    return quotes


def opening_fees(room_ids: Collection[int], quarter: int) -> dict[int, dict[OpeningHour, int]]:
    """Return by room what its point asks, in cents, to open outside its hours, as written then. Four queries."""
    rooms = Room.objects.select_related("point").in_bulk(room_ids)
    sheets = _sheets(rooms.values())
    fees = {}
    for room in rooms.values():
        rules = _sheet_in_force(sheets, room, quarter, ZoneInfo(room.point.time_zone))
        fees[room.pk] = {kind: rules.opening_cents(kind) for kind in OpeningHour}
    return fees


def price_booking(booking: Booking, payer: Payer | None = None) -> PricedMeeting:
    """Return what `booking` costs as its rooms and hours stand, for `payer` or its own organiser."""
    who = payer or Payer(booking.organiser_email, booking.category)
    parties = [PricedParty(p.room_id, p.origin_id) for p in booking.parties.all() if p.room_id is not None]
    paid = booking.length - booking.extra_quarters
    return price_meeting(parties, first_quarter=booking.first_quarter, length=paid, payer=who, excluding=booking.pk)


def _group(beneficiary: Beneficiary | None, payer: Payer) -> Group:
    if beneficiary and beneficiary.group != Group.EVERYONE:
        return Group(beneficiary.group)
    return group_of(payer.category)


def _opening(room: Room, first_quarter: int, length: int) -> OpeningHour | None:
    """Return the kind of hour if the point has to open for it outside its hours."""
    point = room.point
    if is_open_throughout(room.hours or point.hours, point.time_zone, first_quarter, length):
        return None
    return opening_hour(first_quarter, point.time_zone)


def _origin(room: Room, commune: Commune | None) -> Origin:
    """Return TERRITORY for people of the point's commune or grouping; OUTSIDE for others and for the unknown."""
    host = room.point.commune
    if commune is None:
        return Origin.OUTSIDE
    shared = commune.grouping_id is not None and commune.grouping_id == host.grouping_id
    return Origin.TERRITORY if shared or commune.pk == host.pk else Origin.OUTSIDE


def _recognised(email: str, hosts: Collection[int]) -> dict[int, Beneficiary]:
    """Return by host whom it recognises behind `email`; a whole address goes before a domain."""
    if not email:
        return {}
    address = email.strip().lower()
    domain = "@" + address.rpartition("@")[2]
    rows = Beneficiary.objects.filter(host__in=hosts, email__in=[address, domain]).select_related("package")
    return {row.host_id: row for row in sorted(rows, key=lambda row: row.email[0] != "@")}


def _past_uses(email: str, hosts: Collection[int], excluding: UUID | None) -> dict[int, int]:
    if not email:
        return {}
    rows = (
        Party.objects.filter(
            room__point__host__in=hosts,
            booking__organiser_email__iexact=email.strip(),
            booking__status__in=[BookingStatus.CONFIRMED, BookingStatus.DONE],
        )
        .exclude(booking=excluding)
        .values_list("room__point__host")
        .annotate(uses=Count("booking", distinct=True))
        .order_by()
    )
    return dict(rows)


def _package_lines(
    known: Collection[Beneficiary], first_quarter: int, excluding: UUID | None
) -> list[tuple[int, int, int]]:
    """Return (beneficiary, first quarter of the booking, quarters taken) within 32 days around `first_quarter`."""
    holders = [row.pk for row in known if row.package_id]
    if not holders:
        return []
    month = 32 * 96
    rows = PriceLine.objects.filter(
        beneficiary__in=holders,
        reason=PriceReason.PACKAGE,
        price__booking__status__in=[
            BookingStatus.HELD,
            BookingStatus.ASKED,
            BookingStatus.CONFIRMED,
            BookingStatus.DONE,
        ],
        price__booking__first_quarter__range=(first_quarter - month, first_quarter + month),
    ).exclude(price__booking=excluding)
    found = rows.values_list("beneficiary", "price__booking__first_quarter", "quarters")
    return [(holder, first, quarters) for holder, first, quarters in found if holder is not None]


def _left(
    beneficiary: Beneficiary | None,
    spent: Sequence[tuple[int, int, int]],
    first_quarter: int,
    zone: ZoneInfo,
    so_far: Quote,
    rooms: Mapping[int, Room],
) -> int:
    """Return the free quarters left this month, those of the same meeting's earlier rooms taken off."""
    if beneficiary is None or beneficiary.package is None:
        return 0
    month = _month(first_quarter, zone)
    before = sum(taken for holder, first, taken in spent if holder == beneficiary.pk and first in month)
    here = sum(
        line.quarters
        for line in so_far.lines
        if line.reason is Reason.PACKAGE and rooms[line.room_id].point.host_id == beneficiary.host_id
    )
    return max(0, beneficiary.package.monthly_quarters - before - here)


def _month(quarter: int, zone: ZoneInfo) -> range:
    """Return the quarters of the local month of `quarter`."""
    day = moment_of(quarter).astimezone(zone).date().replace(day=1)
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    first, end = (quarter_at(datetime.combine(edge, time(), tzinfo=zone)) for edge in (day, following))
    return range(first, end)


def _sheets(rooms: Collection[Room]) -> list[TariffSheet]:
    points = {room.point_id for room in rooms}
    sheets = TariffSheet.objects.filter(point__in=points).filter(Q(room=None) | Q(room__in=[r.pk for r in rooms]))
    return list(sheets.order_by("valid_from").prefetch_related("prices", "free_hours"))


def _sheet_in_force(sheets: Sequence[TariffSheet], room: Room, quarter: int, zone: ZoneInfo) -> Tariff:
    """Return the room's own tariff that day, else its point's, else one that is undefined."""
    day = moment_of(quarter).astimezone(zone).date()
    for wanted in (room.pk, None):
        current = [
            sheet
            for sheet in sheets
            if sheet.point_id == room.point_id
            and sheet.room_id == wanted
            and sheet.valid_from <= day
            and (sheet.valid_until is None or sheet.valid_until >= day)
        ]
        if current:
            return tariff_rules(current[-1])
    return Tariff()
