"""Receipts: numbers without gaps, copies that do not move, paper, and the accountant's file."""

import csv
import io
import re
import zlib
from datetime import date, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from maillage.booking.domain.accounts import COLUMNS, AccountRow, accounts_csv
from maillage.booking.domain.money import cents_decimal, cents_words
from maillage.booking.domain.tariffs import Price, Tariff, Unit
from maillage.booking.errors.tariffs import (
    NothingToPay,
    PaperMachineMissing,
    ReceiptCancelled,
    ReceiptExists,
    UnknownReceipt,
)
from maillage.booking.gateways import paper
from maillage.booking.gateways.payment import payment_door
from maillage.booking.models import Booking, PaymentMethod, Receipt, ReceiptCounter, TariffSheet
from maillage.booking.selectors.receipts import account_rows, receipt_lines, receipt_of_booking
from maillage.booking.services.receipts import cancel_receipt, issue_receipts, record_payment
from maillage.booking.services.tariffs import freeze_price, write_tariff
from maillage.booking.tests.factories import NOW
from maillage.booking.tests.test_prices import PARIS, YEAR, make_priced_booking
from maillage.points.models import Room
from maillage.points.tests.factories import make_point, make_room

FLAT = Tariff((Price(Unit.TWO_HOURS, 3_050),))


@pytest.fixture
def callac(db: None) -> Room:
    room = make_room(make_point(commune="Callac"))
    write_tariff(point=room.point, tariff=FLAT, valid_from=YEAR)
    return room


def priced(*rooms: Room, **fields: object) -> Booking:
    booking = make_priced_booking(*rooms, **fields)  # type: ignore[arg-type]
    freeze_price(booking_id=booking.pk, now=NOW)
    return booking


@pytest.mark.parametrize(
    ("cents", "french", "english", "decimal"),
    [
        (3_000, "30\u202f€", "€30", "30,00"),
        (1_250, "12,50\u202f€", "€12.50", "12,50"),
        (-123_405, "−1\u202f234,05\u202f€", "−€1,234.05", "-1234,05"),
        (5, "0,05\u202f€", "€0.05", "0,05"),
    ],
)
def test_amounts_are_said_and_written_without_a_float(cents: int, french: str, english: str, decimal: str) -> None:
    assert (cents_words(cents, "fr"), cents_words(cents, "en"), cents_decimal(cents)) == (french, english, decimal)


def test_numbers_follow_each_other_for_each_host_and_start_again_with_the_year(callac: Room) -> None:
    other = make_room(make_point(commune="Lannion"))
    write_tariff(point=other.point, tariff=FLAT, valid_from=YEAR)
    january = datetime(2027, 1, 1, 0, 30, tzinfo=PARIS)  # still 2026 in UTC
    both = issue_receipts(booking_id=priced(callac, other).pk, now=NOW)
    later = issue_receipts(booking_id=priced(callac).pk, now=NOW)
    next_year = issue_receipts(booking_id=priced(callac).pk, now=january)
    assert [receipt.label for receipt in (*both, *later, *next_year)] == [
        "2026-0001",
        "2026-0001",
        "2026-0002",
        "2027-0001",
    ]
    assert {receipt.host_id for receipt in both} == {callac.point.host_id, other.point.host_id}


def test_asking_again_gives_the_same_receipt(callac: Room) -> None:
    booking = priced(callac)
    assert issue_receipts(booking_id=booking.pk, now=NOW) == issue_receipts(booking_id=booking.pk, now=NOW)
    assert Receipt.objects.count() == 1


def test_a_number_whose_receipt_fails_is_given_to_the_next(callac: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(**fields: object) -> None:
        raise RuntimeError("the disk is full")

    booking = priced(callac)
    with monkeypatch.context() as broken:
        broken.setattr(Receipt.objects, "create", fall)
        with pytest.raises(RuntimeError):
            issue_receipts(booking_id=booking.pk, now=NOW)
    assert not ReceiptCounter.objects.exists()
    assert issue_receipts(booking_id=booking.pk, now=NOW)[0].label == "2026-0001"


def test_a_credit_note_cancels_once_and_lets_the_price_change(callac: Room) -> None:
    booking = priced(callac)
    [receipt] = issue_receipts(booking_id=booking.pk, now=NOW)
    with pytest.raises(ReceiptExists):
        freeze_price(booking_id=booking.pk, now=NOW)
    note = cancel_receipt(receipt_id=receipt.pk, reason="Réunion annulée", now=NOW)
    assert (note.label, note.cents, note.cancels) == ("2026-0002", -3_050, receipt)
    with pytest.raises(ReceiptCancelled):
        cancel_receipt(receipt_id=receipt.pk, reason="encore", now=NOW)
    with pytest.raises(ReceiptCancelled):
        record_payment(receipt_id=receipt.pk, method=PaymentMethod.CASH, now=NOW)
    freeze_price(booking_id=booking.pk, now=NOW)
    assert issue_receipts(booking_id=booking.pk, now=NOW)[0].label == "2026-0003"


def test_a_receipt_says_what_was_true_the_day_it_was_issued(callac: Room) -> None:
    [receipt] = issue_receipts(booking_id=priced(callac).pk, now=NOW)
    TariffSheet.objects.all().delete()
    Room.objects.update(name="Renommée")
    receipt.refresh_from_db()
    [line] = receipt_lines(receipt)
    assert ("Renommée" in line.room, line.cents, line.quarters) == (False, 3_050, 8)


def test_a_free_or_unpriced_or_cancelled_booking_has_no_receipt(callac: Room) -> None:
    unpriced = make_priced_booking(callac)
    free = make_room(make_point(commune="Rennes"))
    write_tariff(point=free.point, tariff=Tariff(is_free=True), valid_from=YEAR)
    cancelled = priced(callac)
    Booking.objects.filter(pk=cancelled.pk).update(status="cancelled", cancel_cause="organiser")
    for booking in (unpriced, priced(free), cancelled):
        with pytest.raises(NothingToPay):
            issue_receipts(booking_id=booking.pk, now=NOW)
    assert not Receipt.objects.exists()


def test_an_unknown_receipt_is_missing(callac: Room) -> None:
    booking = priced(callac)
    issue_receipts(booking_id=booking.pk, now=NOW)
    assert receipt_of_booking(booking.pk, "2026-0001").cents == 3_050
    with pytest.raises(UnknownReceipt):
        receipt_of_booking(priced(callac).pk, "2026-0001")
    with pytest.raises(UnknownReceipt):
        cancel_receipt(receipt_id=0, reason="", now=NOW)


def test_the_accountant_reads_every_line_with_its_payment(callac: Room) -> None:
    first = priced(callac, organiser_name="=CMD()", length=16)
    [receipt] = issue_receipts(booking_id=first.pk, now=NOW)
    record_payment(receipt_id=receipt.pk, method=PaymentMethod.CHEQUE, now=NOW + timedelta(days=1))
    cancel_receipt(receipt_id=receipt.pk, reason="erreur", now=NOW + timedelta(days=2))
    issue_receipts(booking_id=priced(callac).pk, now=NOW + timedelta(days=40))
    rows = list(account_rows(callac.point.host_id, date(2026, 11, 23), date(2026, 11, 25), PARIS))
    text = accounts_csv(rows)
    read = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert [(row["numero"], row["montant"], row["annule"]) for row in read] == [
        ("2026-0001", "61,00", ""),
        ("2026-0002", "-61,00", "2026-0001"),
    ]
    assert (read[0]["payeur"], read[0]["mode"], read[0]["regle_le"]) == ("'=CMD()", "cheque", "2026-11-24")
    assert (read[0]["duree_minutes"], read[0]["quantite"], read[0]["prix_unitaire"]) == ("240", "2", "30,50")


def test_the_accountants_columns_do_not_change() -> None:
    assert ";".join(COLUMNS) == (
        "numero;date;emetteur;siret;annule;reference;jour;duree_minutes;salle;motif;unite;quantite;"
        "prix_unitaire;montant;payeur;regle_le;mode"
    )
    empty = AccountRow(*["" if field != "duree_minutes" else 0 for field in COLUMNS])  # type: ignore[arg-type]
    assert accounts_csv([empty]).count("\r\n") == 2


def unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def test_the_paper_receipt_is_a_tagged_pdf_in_its_language(callac: Room) -> None:
    [receipt] = issue_receipts(booking_id=priced(callac).pk, now=NOW)
    with translation.override("fr"):
        html = render_to_string("booking/print/receipt.html", {"receipt": receipt, "lines": receipt_lines(receipt)})
    assert "30,50\u202f€" in html
    assert "24\u00a0novembre 2026" in html
    made = paper.pdf_of(html)
    assert made.startswith(b"%PDF-1.7")
    written = b"".join(map(unpacked, re.findall(rb"stream\r?\n(.*?)\nendstream", made, re.DOTALL)))
    assert b"pdfuaid" in written
    assert b"/StructTreeRoot" in written
    assert b"/Lang" in written


def test_paper_never_reaches_for_the_network() -> None:
    with pytest.raises(ValueError, match="not one of our files"):
        paper._fetch("http://127.0.0.1/secret")
    with pytest.raises(ValueError, match="not one of our files"):
        paper._fetch("file:///etc/passwd")


def test_without_its_libraries_paper_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "weasyprint", None)
    monkeypatch.setattr(paper, "_MISSING", "cannot load library 'libpango-1.0-0'")
    with pytest.raises(PaperMachineMissing) as refusal:
        paper.pdf_of("<p></p>")
    assert "libpangoft2-1.0-0" in refusal.value.advice()


def test_today_people_pay_at_the_point() -> None:
    start = payment_door().start(cents=3_000, receipt="2026-0001", payer_email="", return_address="/")
    assert (start.code, start.address) == ("pay-on-site", "")
