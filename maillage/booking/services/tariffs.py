"""Write what hosts ask, and freeze what was shown in the booking."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from maillage.booking.domain.tariffs import Tariff, check_package, check_tariff
from maillage.booking.errors.tariffs import ReceiptExists
from maillage.booking.models import (
    Beneficiary,
    Booking,
    BookingPrice,
    FreeHours,
    Package,
    PriceLine,
    Receipt,
    TariffPrice,
    TariffSheet,
)
from maillage.booking.selectors.tariff_sheets import has_tariff
from maillage.booking.selectors.tariffs import PricedMeeting, package_rules, price_booking
from maillage.core.journal import Door, record
from maillage.core.rows import insert_rows
from maillage.points.models import Point, Room


@transaction.atomic
def write_tariff(
    *,
    point: Point,
    tariff: Tariff,
    valid_from: date,
    room: Room | None = None,
    note: str = "",
    source: str = "",
    through: Door = "agent",
    agent_id: int | None = None,
) -> TariffSheet:
    """Write what a point (or one of its rooms) asks from `valid_from` on; the sheet before ends the day before.

    Writing the same day again replaces that day's sheet. Raises what `check_tariff` raises.
    """
    check_tariff(tariff)
    same = TariffSheet.objects.filter(point=point, room=room)
    same.filter(valid_from=valid_from).delete()
    before = same.filter(valid_from__lt=valid_from).exclude(valid_until__lt=valid_from)
    before.update(valid_until=valid_from - timedelta(days=1))
    later = same.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    sheet = TariffSheet.objects.create(
        point=point,
        room=room,
        is_free=tariff.is_free,
        first_uses_free=tariff.first_uses_free,
        evening_opening_cents=tariff.evening_opening_cents,
        weekend_opening_cents=tariff.weekend_opening_cents,
        note=note,
        source=source,
        valid_from=valid_from,
        valid_until=later.valid_from - timedelta(days=1) if later else None,
    )
    TariffPrice.objects.bulk_create(
        TariffPrice(
            sheet=sheet,
            group=price.group,
            origin=price.origin,
            unit=price.unit,
            cents=price.cents,
            practice_cents=price.practice_cents,
        )
        for price in tariff.prices
    )
    FreeHours.objects.bulk_create(
        FreeHours(sheet=sheet, weekdays="".join(map(str, sorted(w.weekdays))), start=w.start, end=w.end)
        for w in tariff.free_windows
    )
    record("tariff.written", f"point:{point.slug}", through=through, agent_id=agent_id, valid_from=str(valid_from))
    return sheet


@transaction.atomic
def write_package(*, host_id: int, name: str, monthly_quarters: int, overage_cents: int | None = None) -> Package:
    """Write a host's package, or change the one of that name. Raises what `check_package` raises."""
    wanted = Package(host_id=host_id, name=name, monthly_quarters=monthly_quarters, overage_cents=overage_cents)
    check_package(package_rules(wanted))
    package, _ = Package.objects.update_or_create(
        host_id=host_id,
        name=name,
        defaults={"monthly_quarters": monthly_quarters, "overage_cents": overage_cents},
    )
    return package


def keep_price(booking: Booking, *, now: datetime, points: Collection[int] | None = None) -> None:
    """Freeze the price of a booking that was confirmed or moved. Two queries where no point has written a tariff.

    points: those of its rooms, from who knows them: one query less. A booking whose receipt was issued keeps the price
    that it shows.
    """
    if points is None:
        points = set(booking.parties.exclude(room=None).values_list("room__point", flat=True))
    if not has_tariff(points):
        return
    if not _standing_receipt(booking):
        freeze_price(booking_id=booking.pk, now=now)


def keep_first_price(booking: Booking, priced: PricedMeeting, *, now: datetime) -> None:
    """Freeze the price of a booking just written, as worked out before its rooms were taken.

    Two statements, none where no point has written a tariff. Time of a package is counted again under its lock.
    """
    if not priced.is_written:
        return
    if priced.spends_a_package:
        freeze_price(booking_id=booking.pk, now=now)
        return
    price = _price(booking, priced, now)
    insert_rows([price])
    insert_rows(_lines(price, priced))


@transaction.atomic
def freeze_price(*, booking_id: UUID, now: datetime) -> BookingPrice:
    """Keep in the booking what it costs now, in place of an earlier price.

    Beneficiaries with a package are locked first, so that two bookings cannot take the same free hour.
    Raises ReceiptExists once a receipt that is not cancelled shows the earlier price.
    """
    booking = Booking.objects.prefetch_related("parties").get(pk=booking_id)
    if standing := _standing_receipt(booking):
        raise ReceiptExists(number=standing.label)
    _lock_packages(booking)
    priced = price_booking(booking)
    BookingPrice.objects.filter(booking=booking).delete()
    price = _price(booking, priced, now)
    insert_rows([price])
    insert_rows(_lines(price, priced))
    return price


def _price(booking: Booking, priced: PricedMeeting, now: datetime) -> BookingPrice:
    return BookingPrice(
        booking=booking,
        written_cents=priced.quote.written_cents,
        total_cents=priced.quote.total_cents,
        is_complete=priced.quote.is_complete,
        frozen_at=now,
    )


def _standing_receipt(booking: Booking) -> Receipt | None:
    return Receipt.objects.filter(booking=booking, cancels=None, cancelled_by=None).first()


def _lock_packages(booking: Booking) -> None:
    email = booking.organiser_email.strip().lower()
    keys = [email, "@" + email.rpartition("@")[2]]
    holders = Beneficiary.objects.filter(email__in=keys, package__isnull=False).order_by("pk")
    list(holders.select_for_update(of=("self",), no_key=True))


def _lines(price: BookingPrice, priced: PricedMeeting) -> Sequence[PriceLine]:
    return [
        PriceLine(
            price=price,
            position=position,
            room_id=line.room_id,
            beneficiary=priced.beneficiaries.get(line.room_id),
            reason=line.reason,
            quarters=line.quarters,
            unit=line.unit or "",
            count=line.count,
            unit_cents=line.unit_cents,
        )
        for position, line in enumerate(priced.quote.lines)
    ]
