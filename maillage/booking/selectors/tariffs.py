"""The price of a meeting in given rooms, from the tariffs in force that day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from maillage.booking.domain.openings import OpeningHour, opening_hour
from maillage.booking.domain.quotes import Quote, Reason, Stay, quote_stay
from maillage.booking.domain.tariffs import Group, Origin, Price, Unit, group_of
from maillage.booking.domain.tariffs import Package as PackageRules
from maillage.booking.models import (
    Beneficiary,
    Booking,
    BookingStatus,
    Package,
    PriceLine,
    PriceReason,
)
from maillage.booking.selectors.tariff_sheets import PricedRoom, priced_rooms
from maillage.core.quarters import moment_of, quarter_at
from maillage.points.domain.hours import is_open_throughout
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
    """A quote, and by room whom its host recognised. `is_written`: one of its points has written what it asks."""

    quote: Quote
    beneficiaries: Mapping[int, Beneficiary] = field(default_factory=dict)
    is_written: bool = True

    @property
    def spends_a_package(self) -> bool:
        """Tell whether free time is taken off a package, which others may be spending too."""
        return any(beneficiary.package_id for beneficiary in self.beneficiaries.values())


def package_rules(package: Package) -> PackageRules:
    """Return a package as the rules read it."""
    overage = () if package.overage_cents is None else (Price(Unit.HOUR, package.overage_cents),)
    return PackageRules(package.name, package.monthly_quarters, overage)


def price_meeting(
    parties: Sequence[PricedParty],
    *,
    first_quarter: int,
    length: int,
    payer: Payer,
    excluding: UUID | None = None,
    groupings: Mapping[str, str | None] | None = None,
) -> PricedMeeting:
    """Return what a meeting costs. At most five queries, however many rooms; one where nobody has written a tariff.

    excluding: the booking being priced, so that it does not count as an earlier use of itself.
    groupings: those of the communes that parties come from, for who knows them already.
    """
    rooms = priced_rooms({party.room_id for party in parties})
    is_written = any(room.sheets for room in rooms.values())
    if groupings is None:
        groupings = _groupings(parties) if is_written else {}
    hosts = {room.host_id for room in rooms.values()}
    known = _recognised(payer.email, hosts) if is_written else {}
    offers_first = any(sheet.rules.first_uses_free for room in rooms.values() for sheet in room.sheets)
    uses = _past_uses(payer.email, hosts, excluding) if offers_first else {}
    spent = _package_lines(known.values(), first_quarter, excluding)
    quote = Quote()
    for party in parties:
        room = rooms[party.room_id]
        beneficiary = known.get(room.host_id)
        package = beneficiary.package if beneficiary else None
        stay = Stay(
            room_id=room.room_id,
            first_quarter=first_quarter,
            length=length,
            zone=room.zone,
            group=_group(beneficiary, payer),
            origin=_origin(room, party.origin_insee, groupings),
            past_uses=uses.get(room.host_id, 0) if payer.email else _UNKNOWN_PAYER_USES,
            package=package_rules(package) if package else None,
            package_left=_left(beneficiary, spent, first_quarter, room.zone, quote, rooms),
            opening=_opening(room, first_quarter, length),
        )
        quote += quote_stay(room.tariff_at(first_quarter), stay)
    beneficiaries = {pk: known[room.host_id] for pk, room in rooms.items() if room.host_id in known}
    return PricedMeeting(quote, beneficiaries, is_written)


def price_unknown_payer(meetings: Sequence[tuple[int, Sequence[PricedParty]]], *, length: int) -> list[Quote]:
    """Return what meetings, each given by its first quarter and parties, cost a payer whom nobody knows yet.

    No first use, package or group is promised: the price can only fall. Two queries for all of them.
    """
    wanted = [party for _, parties in meetings for party in parties]
    rooms = priced_rooms({party.room_id for party in wanted})
    groupings = _groupings(wanted) if any(room.sheets for room in rooms.values()) else {}
    quotes = []
    for first_quarter, parties in meetings:
        quote = Quote()
        for party in parties:
            room = rooms[party.room_id]
            stay = Stay(
                room_id=room.room_id,
                first_quarter=first_quarter,
                length=length,
                zone=room.zone,
                origin=_origin(room, party.origin_insee, groupings),
                past_uses=_UNKNOWN_PAYER_USES,
                opening=_opening(room, first_quarter, length),
            )
            quote += quote_stay(room.tariff_at(first_quarter), stay)
        quotes.append(quote)
    return quotes


def opening_fees(room_ids: Collection[int], quarter: int) -> dict[int, dict[OpeningHour, int]]:
    """Return by room what its point asks, in cents, to open outside its hours, as written then. One query."""
    return {
        room.room_id: {kind: room.tariff_at(quarter).opening_cents(kind) for kind in OpeningHour}
        for room in priced_rooms(room_ids).values()
    }


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


def _opening(room: PricedRoom, first_quarter: int, length: int) -> OpeningHour | None:
    """Return the kind of hour if the point has to open for it outside its hours."""
    if is_open_throughout(room.hours, room.zone.key, first_quarter, length):
        return None
    return opening_hour(first_quarter, room.zone.key)


def _groupings(parties: Sequence[PricedParty]) -> dict[str, str | None]:
    """Return the grouping of each commune that parties come from. One query, none if nobody tells."""
    insees = {party.origin_insee for party in parties if party.origin_insee}
    return {commune.pk: commune.grouping_id for commune in Commune.objects.filter(pk__in=insees)} if insees else {}


def _origin(room: PricedRoom, insee: str | None, groupings: Mapping[str, str | None]) -> Origin:
    """Return TERRITORY for people of the point's commune or grouping; OUTSIDE for others and for the unknown."""
    if insee is None or insee not in groupings:
        return Origin.OUTSIDE
    grouping = groupings[insee]
    shared = grouping is not None and grouping == room.grouping_id
    return Origin.TERRITORY if shared or insee == room.commune_insee else Origin.OUTSIDE


def _recognised(email: str, hosts: Collection[int]) -> dict[int, Beneficiary]:
    """Return by host whom it recognises behind `email`; a whole address goes before a domain."""
    if not email or not hosts:
        return {}
    address = email.strip().lower()
    domain = "@" + address.rpartition("@")[2]
    if not _is_favoured_by_any(hosts, address, domain):
        return {}
    rows = Beneficiary.objects.filter(host__in=hosts, email__in=[address, domain]).select_related("package")
    return {row.host_id: row for row in sorted(rows, key=lambda row: row.email[0] != "@")}


def _is_favoured_by_any(hosts: Collection[int], address: str, domain: str) -> bool:
    """Tell whether one of these hosts knows that address. In plain SQL: every booking asks, few are known."""
    those = ", ".join(f"{host:d}" for host in hosts)
    sql = f"SELECT 1 FROM {Beneficiary._meta.db_table} WHERE host_id IN ({those}) AND email IN (%s, %s) LIMIT 1"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [address, domain])
        return cursor.fetchone() is not None


def _past_uses(email: str, hosts: Collection[int], excluding: UUID | None) -> dict[int, int]:
    if not email or not hosts:
        return {}
    those = ", ".join(f"{host:d}" for host in hosts)
    sql = f"""SELECT point.host_id, COUNT(DISTINCT booking.id) FROM booking_booking booking
        JOIN booking_party party ON party.booking_id = booking.id
        JOIN points_room room ON room.id = party.room_id JOIN points_point point ON point.id = room.point_id
        WHERE LOWER(booking.organiser_email) = %s AND booking.status IN (%s, %s) AND point.host_id IN ({those})
            AND booking.id <> %s GROUP BY point.host_id"""  # noqa: S608 numbers only
    other = Booking._meta.pk.get_db_prep_value(excluding or UUID(int=0), connection)
    values = [email.strip().lower(), BookingStatus.CONFIRMED, BookingStatus.DONE, other]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


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
    rooms: Mapping[int, PricedRoom],
) -> int:
    """Return the free quarters left this month, those of the same meeting's earlier rooms taken off."""
    if beneficiary is None or beneficiary.package is None:
        return 0
    month = _month(first_quarter, zone)
    before = sum(taken for holder, first, taken in spent if holder == beneficiary.pk and first in month)
    here = sum(
        line.quarters
        for line in so_far.lines
        if line.reason is Reason.PACKAGE and rooms[line.room_id].host_id == beneficiary.host_id
    )
    return max(0, beneficiary.package.monthly_quarters - before - here)


def _month(quarter: int, zone: ZoneInfo) -> range:
    """Return the quarters of the local month of `quarter`."""
    day = moment_of(quarter).astimezone(zone).date().replace(day=1)
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    first, end = (quarter_at(datetime.combine(edge, time(), tzinfo=zone)) for edge in (day, following))
    return range(first, end)
