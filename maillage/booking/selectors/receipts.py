"""Receipts as pages, as paper and as the accountant's rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage.booking.domain.accounts import AccountRow
from maillage.booking.domain.money import cents_decimal
from maillage.booking.errors.tariffs import UnknownReceipt
from maillage.booking.models import PriceReason, Receipt, TariffUnit
from maillage.core.quarters import MINUTES, moment_of


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line of a receipt, as read on it."""

    room: str
    reason: str
    unit: str
    quarters: int
    count: int
    unit_cents: int

    @property
    def cents(self) -> int:
        """What the line asks."""
        return self.count * self.unit_cents


def receipt_lines(receipt: Receipt) -> list[ReceiptLine]:
    """Return the lines of a receipt, reasons and units in the active language."""
    reasons, units = dict(PriceReason.choices), dict(TariffUnit.choices)
    return [
        ReceiptLine(
            room=line["room"],
            reason=str(reasons.get(line["reason"], line["reason"])),
            unit=str(units.get(line["unit"], "")),
            quarters=line["quarters"],
            count=line["count"],
            unit_cents=line["unit_cents"],
        )
        for line in receipt.lines
    ]


def receipts_of(booking_id: UUID) -> list[Receipt]:
    """Return the receipts and credit notes of a booking, in order. One query."""
    rows = Receipt.objects.filter(booking=booking_id).select_related("booking", "host", "cancels")
    return list(rows.order_by("issued_at", "pk"))


def receipt_of_booking(booking_id: UUID, label: str) -> Receipt:
    """Return the receipt `label` (2026-0007) of a booking. Raises UnknownReceipt."""
    for receipt in receipts_of(booking_id):
        if receipt.label == label:
            return receipt
    raise UnknownReceipt


def account_rows(host_id: int, first_day: date, last_day: date, zone: ZoneInfo) -> Iterator[AccountRow]:
    """Yield the accountant's rows of the receipts issued from a day to another, both included, by number. One query."""
    first = datetime.combine(first_day, time(), tzinfo=zone)
    end = datetime.combine(last_day + timedelta(days=1), time(), tzinfo=zone)
    receipts = Receipt.objects.filter(host=host_id, issued_at__gte=first, issued_at__lt=end)
    for receipt in receipts.order_by("year", "number").select_related("booking", "cancels"):
        for line in receipt.lines:
            yield _row(receipt, line, zone)


def _row(receipt: Receipt, line: Mapping[str, str | int], zone: ZoneInfo) -> AccountRow:
    booking = receipt.booking
    return AccountRow(
        numero=receipt.label,
        date=receipt.issued_at.astimezone(zone).date().isoformat(),
        emetteur=receipt.issuer,
        siret=receipt.issuer_siret,
        annule=receipt.cancels.label if receipt.cancels else "",
        reference=booking.reference,
        jour=moment_of(booking.first_quarter).astimezone(ZoneInfo(booking.time_zone)).date().isoformat(),
        duree_minutes=int(line["quarters"]) * MINUTES,
        salle=str(line["room"]),
        motif=str(line["reason"]),
        unite=str(line["unit"]),
        quantite=int(line["count"]),
        prix_unitaire=cents_decimal(int(line["unit_cents"])),
        montant=cents_decimal(int(line["count"]) * int(line["unit_cents"])),
        payeur=receipt.payer,
        regle_le=receipt.paid_at.astimezone(zone).date().isoformat() if receipt.paid_at else "",
        mode=receipt.method,
    )
