"""Receipts: issue, mark as paid, cancel by a credit note. Numbers follow each other without a gap."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.actors.models import Organisation
from maillage.booking.errors.tariffs import NothingToPay, ReceiptCancelled, UnknownReceipt
from maillage.booking.models import (
    Booking,
    BookingPrice,
    BookingStatus,
    PaymentMethod,
    PriceLine,
    Receipt,
    ReceiptCounter,
)
from maillage.core.journal import Door, record


@transaction.atomic
def issue_receipts(*, booking_id: UUID, now: datetime, through: Door = "link") -> list[Receipt]:
    """Return the receipts of a booking, one for each host that asks money, issuing those not issued yet.

    Raises NothingToPay if its frozen price asks nothing, or if it is not confirmed.
    """
    booking = Booking.objects.select_for_update(of=("self",), no_key=True).get(pk=booking_id)
    price = BookingPrice.objects.filter(booking=booking).first()
    if price is None or booking.status not in {BookingStatus.CONFIRMED, BookingStatus.DONE}:
        raise NothingToPay
    by_host: dict[Organisation, list[PriceLine]] = {}
    for line in price.lines.select_related("room__point__host"):
        by_host.setdefault(line.room.point.host, []).append(line)
    owing = {host: lines for host, lines in by_host.items() if sum(line.cents for line in lines)}
    if not owing:
        raise NothingToPay
    standing = {receipt.host_id: receipt for receipt in _standing(booking)}
    return [
        standing.get(host.pk) or _issue(booking, host, lines, now, through)
        for host, lines in sorted(owing.items(), key=lambda item: item[0].pk)
    ]


@transaction.atomic
def cancel_receipt(
    *, receipt_id: int, reason: str, now: datetime, through: Door = "agent", agent_id: int | None = None
) -> Receipt:
    """Return the credit note that cancels a receipt, with the next number. Raises ReceiptCancelled the second time."""
    receipt = _locked(receipt_id)
    if receipt.cancels_id or Receipt.objects.filter(cancels=receipt).exists():
        raise ReceiptCancelled(number=receipt.label)
    zone = ZoneInfo(receipt.booking.time_zone)
    year, number = _next_number(receipt.host, now.astimezone(zone).year)
    note = Receipt.objects.create(
        host=receipt.host,
        year=year,
        number=number,
        booking=receipt.booking,
        cancels=receipt,
        issuer=receipt.issuer,
        issuer_siret=receipt.issuer_siret,
        payer=receipt.payer,
        cents=-receipt.cents,
        lines=[{**line, "unit_cents": -line["unit_cents"]} for line in receipt.lines],
        reason=reason,
        issued_at=now,
    )
    record(
        "receipt.cancelled",
        f"receipt:{receipt.label}",
        through=through,
        agent_id=agent_id,
        credit_note=note.label,
        host=receipt.host_id,
    )
    return note


@transaction.atomic
def record_payment(
    *, receipt_id: int, method: PaymentMethod, now: datetime, through: Door = "agent", agent_id: int | None = None
) -> Receipt:
    """Note that a receipt is paid; the first note stays. Raises ReceiptCancelled for a cancelled one."""
    receipt = _locked(receipt_id)
    if receipt.cancels_id or Receipt.objects.filter(cancels=receipt).exists():
        raise ReceiptCancelled(number=receipt.label)
    if receipt.paid_at is None:
        receipt.paid_at, receipt.method = now, method
        receipt.save(update_fields=["paid_at", "method"])
        record("receipt.paid", f"receipt:{receipt.label}", through=through, agent_id=agent_id, method=str(method))
    return receipt


def _standing(booking: Booking) -> Sequence[Receipt]:
    return list(Receipt.objects.filter(booking=booking, cancels=None, cancelled_by=None))


def _locked(receipt_id: int) -> Receipt:
    receipt = Receipt.objects.select_for_update(of=("self",), no_key=True).select_related("host", "booking")
    try:
        return receipt.get(pk=receipt_id)
    except Receipt.DoesNotExist as missing:
        raise UnknownReceipt from missing


def _next_number(host: Organisation, year: int) -> tuple[int, int]:
    """Take the next number of the host's year. The row stays locked until the receipt is written or undone."""
    ReceiptCounter.objects.get_or_create(host=host, year=year)
    counter = ReceiptCounter.objects.select_for_update(no_key=True).get(host=host, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return year, counter.last


def _issue(booking: Booking, host: Organisation, lines: Sequence[PriceLine], now: datetime, through: Door) -> Receipt:
    zone = ZoneInfo(lines[0].room.point.time_zone)
    year, number = _next_number(host, now.astimezone(zone).year)
    receipt = Receipt.objects.create(
        host=host,
        year=year,
        number=number,
        booking=booking,
        issuer=host.name,
        issuer_siret=host.siret,
        payer=booking.organiser_name or booking.organiser_email,
        cents=sum(line.cents for line in lines),
        lines=[_copy(line) for line in lines],
        issued_at=now,
    )
    record("receipt.issued", f"receipt:{receipt.label}", through=through, booking=booking.reference, host=host.pk)
    return receipt


def _copy(line: PriceLine) -> dict[str, str | int]:
    return {
        "room": str(line.room),
        "reason": line.reason,
        "quarters": line.quarters,
        "unit": line.unit,
        "count": line.count,
        "unit_cents": line.unit_cents,
    }
