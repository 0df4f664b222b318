"""Keys lent and brought back, codes of doors: who has what, who is told what and when, what the database forbids."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from maillage.booking.errors.keys import DoorCodeWrong, KeyAlreadyLent, KeyLabelTaken, LoanWrong, UnknownKey
from maillage.booking.models import Booking, DoorCode, KeyLoan, LetterKind, LetterRecord, RoomKey, SideLetter
from maillage.booking.selectors import meeting_of
from maillage.booking.selectors.letters import letter_for
from maillage.booking.selectors.ways_in import said_of_way
from maillage.booking.services.door_codes import forget_codes_used, write_door_code
from maillage.booking.services.keys import (
    add_key,
    forget_holders,
    lend_key,
    remind_late_keys,
    set_key_aside,
    take_key_back,
)
from maillage.booking.services.side_letters import deliver_side_letter, forget_side_letters
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking
from maillage.booking.tests.test_planning import FRENCH, agent, read
from maillage.core.models import JournalEntry, TextMessage
from maillage.points.models import EntryWay, Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
EVENING = NOW + timedelta(hours=10)
TOMORROW_8 = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


def lend(key: RoomKey, holder: str = "Anne Le Goff", **fields: object) -> KeyLoan:
    values = {"key_id": key.pk, "holder": holder, "due_at": EVENING, "now": NOW, **fields}
    return lend_key(**values)  # type: ignore[arg-type]


def test_a_key_is_lent_once_at_a_time_and_again_once_it_is_back(rooms: list[Room]) -> None:
    key = add_key(room_id=rooms[0].pk, label=" A1 ")
    loan = lend(key)
    assert lend(key).pk == loan.pk
    with pytest.raises(KeyAlreadyLent) as refusal:
        lend(key, "Yann")
    assert refusal.value.details == {"key": "A1", "holder": "Anne Le Goff"}
    with pytest.raises(KeyAlreadyLent):
        set_key_aside(key_id=key.pk)
    for _twice in range(2):
        take_key_back(loan_id=loan.pk, now=NOW + timedelta(hours=1))
    assert lend(key, "Yann", now=NOW + timedelta(hours=2)).pk != loan.pk
    verbs = JournalEntry.objects.filter(verb__startswith="key.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["key.added", "key.lent", "key.returned", "key.lent"]
    assert "Anne" not in str(list(JournalEntry.objects.filter(verb="key.lent").values()))


def test_the_database_itself_refuses_two_loans_and_a_loan_to_nobody(rooms: list[Room]) -> None:
    key = add_key(room_id=rooms[0].pk, label="A1")
    lend(key)
    wrong: list[dict[str, object]] = [
        {"key": key, "holder": "Yann", "lent_at": NOW, "due_at": EVENING},
        {"key": key, "holder": "", "lent_at": NOW, "due_at": EVENING, "returned_at": None},
        {"key": key, "holder": "Yann", "lent_at": NOW, "due_at": NOW, "returned_at": NOW},
        {"key": key, "holder": "Yann", "lent_at": NOW, "due_at": EVENING, "returned_at": NOW - timedelta(hours=1)},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            KeyLoan.objects.create(**fields)


def test_what_cannot_be_lent_is_refused(rooms: list[Room]) -> None:
    key = add_key(room_id=rooms[0].pk, label="A1")
    with pytest.raises(KeyLabelTaken):
        add_key(room_id=rooms[0].pk, label="A1")
    for fields in ({"holder": "  "}, {"due_at": NOW}, {"due_at": NOW + timedelta(days=400)}):
        with pytest.raises(LoanWrong):
            lend(key, **fields)
    set_key_aside(key_id=key.pk)
    with pytest.raises(UnknownKey):
        lend(key)
    assert add_key(room_id=rooms[0].pk, label="A1").pk == key.pk
    assert lend(key).key_id == key.pk


def test_a_late_key_is_asked_for_by_day_once_a_day_and_not_once_it_is_back(
    rooms: list[Room], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    key = add_key(room_id=rooms[0].pk, label="A1")
    loan = lend(key, email="anne@example.org", due_at=EVENING)
    assert remind_late_keys(EVENING) == 0
    assert remind_late_keys(EVENING + timedelta(hours=6)) == 0, "nobody is written to at night"
    assert remind_late_keys(TOMORROW_8) == 1
    assert remind_late_keys(TOMORROW_8 + timedelta(minutes=15)) == 0
    letter = SideLetter.objects.get()
    mail.outbox.clear()
    assert deliver_side_letter(letter.pk, now=TOMORROW_8)
    assert not deliver_side_letter(letter.pk, now=TOMORROW_8)
    assert [sent.to for sent in mail.outbox] == [["anne@example.org"]]
    assert "Merci de rapporter la clé de Point de Callac" in mail.outbox[0].subject
    assert "A1" in str(mail.outbox[0].body)
    assert "18" in str(mail.outbox[0].body)
    assert remind_late_keys(TOMORROW_8 + timedelta(days=1)) == 1
    take_key_back(loan_id=loan.pk, now=TOMORROW_8 + timedelta(days=1))
    second = SideLetter.objects.latest("pk")
    assert not deliver_side_letter(second.pk, now=TOMORROW_8 + timedelta(days=1))
    assert len(mail.outbox) == 1
    assert remind_late_keys(TOMORROW_8 + timedelta(days=2)) == 0
    assert forget_side_letters(NOW + timedelta(days=40)) == 2


def test_who_gave_only_a_mobile_number_is_reminded_by_text_message(rooms: list[Room], settings: Settings) -> None:
    settings.SMS_GATEWAY = "maillage.core.sms.HttpSms"
    key = add_key(room_id=rooms[0].pk, label="A1")
    lend(key, phone="0612345678")
    assert remind_late_keys(TOMORROW_8) == 1
    text = TextMessage.objects.get().text
    assert text.startswith("La clé A1 de Point de Callac devait revenir")
    assert len(text) <= 160


def test_who_had_a_key_is_forgotten_a_month_after_its_return(rooms: list[Room]) -> None:
    loan = lend(add_key(room_id=rooms[0].pk, label="A1"), email="anne@example.org")
    take_key_back(loan_id=loan.pk, now=EVENING)
    assert forget_holders(EVENING + timedelta(days=29)) == 0
    assert forget_holders(EVENING + timedelta(days=31)) == 1
    assert KeyLoan.objects.filter(holder="", email="", phone="").count() == 1


def press(client: Client, **data: object) -> int:
    return client.post("/planning/cles", data).status_code


def test_a_facilitator_lends_a_key_from_todays_meetings_in_one_press_and_takes_it_back_in_one(
    client: Client, rooms: list[Room]
) -> None:
    agent(client, rooms[0])
    assert press(client, act="add", **{"new-room": rooms[0].pk, "new-label": "A1"}) == 303
    assert press(client, act="add", **{"new-room": rooms[0].pk, "new-label": "A1"}) == 409
    booking = make_booking(rooms, first_quarter=TOMORROW_10 - 96 + 16)
    key, party = RoomKey.objects.get(), booking.parties.get(position=0)
    page = read(client, "/planning/cles")
    assert "Anne Le Goff" in page
    assert booking.reference in page
    assert press(client, act="lend", key=key.pk, party=party.pk) == 303
    assert press(client, act="lend", key=key.pk, party=party.pk) == 303
    loan = KeyLoan.objects.get()
    assert (loan.booking_id, loan.email, loan.holder) == (booking.pk, "anne@example.org", "Anne Le Goff")
    page = read(client, "/planning/cles")
    assert "Ils ont la clé A1" in page
    assert "15 h 00" in page.replace("\u202f", " "), "an hour after the end"
    assert "Anne Le Goff" in read(client, "/planning/cles/feuille")
    assert press(client, act="return", loan=loan.pk) == 303
    assert KeyLoan.objects.get().returned_at == NOW
    assert "Toutes les clés sont là" in read(client, "/planning/cles")


def test_a_key_is_lent_without_a_meeting_and_what_is_wrong_is_said(client: Client, rooms: list[Room]) -> None:
    agent(client, rooms[0])
    key = add_key(room_id=rooms[0].pk, label="A1")
    typed = {"loan-key": key.pk, "loan-holder": "Yann", "loan-day": "2026-11-24", "loan-at": "18:00"}
    assert press(client, act="loan", **typed | {"loan-reach": "12"}) == 422
    assert press(client, act="loan", **typed | {"loan-day": "2026-11-20"}) == 422
    assert press(client, act="loan", **typed | {"loan-reach": "06 12 34 56 78"}) == 303
    assert KeyLoan.objects.get().phone == "0612345678"


def test_nobody_lends_the_keys_of_others(client: Client, rooms: list[Room]) -> None:
    assert client.get("/planning/cles").status_code == 302
    key = add_key(room_id=rooms[1].pk, label="Anneau")
    loan = lend(key)
    booking = make_booking(rooms, first_quarter=TOMORROW_10 - 96 + 16)
    agent(client, rooms[0])
    assert "Anneau" not in read(client, "/planning/cles")
    assert press(client, act="return", loan=loan.pk) == 404
    assert press(client, act="aside", key=key.pk) == 404
    assert press(client, act="lend", key=key.pk, party=booking.parties.get(position=1).pk) == 404
    assert press(client, act="return", loan="x") == 404
    agent(client)
    assert client.get("/planning/cles").status_code == 403
    assert client.get("/planning/cles/feuille").status_code == 403


def test_the_screen_costs_as_many_queries_for_ten_keys_as_for_one(
    client: Client, rooms: list[Room], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    agent(client, *rooms)
    make_booking(rooms, first_quarter=TOMORROW_10 - 96 + 16)
    add_key(room_id=rooms[0].pk, label="A0")
    with django_assert_num_queries(10):
        client.get("/planning/cles")
    for number in range(1, 10):
        lend(add_key(room_id=rooms[number % 2].pk, label=f"A{number}"))
    with django_assert_num_queries(10):
        client.get("/planning/cles")


@pytest.fixture
def coded(rooms: list[Room]) -> Booking:
    """A meeting tomorrow at ten whose first room has a code at its door, known to its facilitator."""
    Room.objects.filter(pk=rooms[0].pk).update(entry=EntryWay.CODE)
    booking = make_booking(rooms, first_quarter=TOMORROW_10 + 96)
    write_door_code(room_id=rooms[0].pk, code="45 12A", now=NOW)
    return booking


def ways(booking: Booking, at: datetime) -> list[str]:
    with time_machine.travel(at, tick=False):
        return [side.way_in for side in meeting_of(booking.pk).sides]


def test_a_code_is_told_from_the_day_before_until_the_end_and_only_in_its_own_room(coded: Booking) -> None:
    day_before = NOW.replace(hour=0) + timedelta(hours=23)
    assert "4512A" not in ways(coded, NOW)[0]
    assert "la veille" in ways_in_french(coded, NOW)[0]
    assert ways_in_french(coded, day_before)[0] == "un code de porte. Code\u00a0: 4512A"
    assert ways(coded, day_before)[1] == ""
    assert "4512A" not in ways(coded, day_before + timedelta(days=1, hours=12))[0]
    Booking.objects.filter(pk=coded.pk).update(status="cancelled", cancel_cause="organiser")
    assert "4512A" not in ways(coded, day_before)[0]


def ways_in_french(booking: Booking, at: datetime) -> list[str]:
    with override("fr"):
        return ways(booking, at)


def test_a_code_is_sealed_and_in_no_journal_calendar_or_letter_before_its_time(coded: Booking) -> None:
    assert "4512" not in DoorCode.objects.get().sealed
    assert "4512" not in str(list(JournalEntry.objects.values_list("subject", "details")))
    party = coded.parties.get(position=0)
    record = LetterRecord(booking=coded, party=party, kind=LetterKind.DAY_BEFORE, recipient="anne@example.org")
    early = letter_for(record, meeting_of(coded.pk))
    assert early is not None
    assert "4512A" not in early.text + early.html
    with time_machine.travel(NOW + timedelta(days=1, hours=3), tick=False):
        told = letter_for(record, meeting_of(coded.pk))
        confirmed = letter_for(
            LetterRecord(booking=coded, party=party, kind=LetterKind.CONFIRMATION, recipient="a@b.fr"),
            meeting_of(coded.pk),
        )
        other = coded.parties.get(position=1)
        theirs = letter_for(
            LetterRecord(booking=coded, party=other, kind=LetterKind.DAY_BEFORE, recipient="y@b.fr"),
            meeting_of(coded.pk),
        )
    assert told is not None
    assert "4512A" in told.text
    assert "4512A" in told.html
    assert confirmed is not None
    assert "4512A" in confirmed.text
    assert b"4512A" not in confirmed.calendar
    assert theirs is not None
    assert "4512A" not in theirs.text + theirs.html


def test_a_facilitator_sets_a_rooms_way_in_and_the_code_goes_with_it(client: Client, rooms: list[Room]) -> None:
    agent(client, rooms[0])
    address, act = f"/planning/lieux/{rooms[0].point.slug}", f"way{rooms[0].pk}"
    typed = {"act": act, f"{act}-entry": "code", f"{act}-entry_note": "Porte côté cour", f"{act}-code": "45#12"}
    assert client.post(address, typed | {f"{act}-code": "é!"}).status_code == 422
    assert client.post(address, typed).status_code == 303
    assert client.post(address, typed | {f"{act}-code": ""}).status_code == 303
    assert DoorCode.objects.count() == 1
    assert "45#12" not in read(client, address)
    assert "Porte côté cour" in said_of_way(Room.objects.get(pk=rooms[0].pk))
    assert client.post(address, typed | {f"{act}-entry": "key"}).status_code == 303
    assert not DoorCode.objects.exists()
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {"room.entry-changed", "door-code.written", "door-code.forgotten"} <= verbs


def test_a_code_made_for_one_meeting_is_written_from_the_keys_screen_and_goes_with_it(
    client: Client, rooms: list[Room]
) -> None:
    Room.objects.filter(pk=rooms[0].pk).update(entry=EntryWay.OWN_CODE)
    booking = make_booking(rooms)
    write_door_code(room_id=rooms[0].pk, code="0000", now=NOW)
    assert "demandez le code" in ways_in_french(booking, NOW)[0].lower()
    agent(client, rooms[0])
    assert "pas encore de code" in read(client, "/planning/cles")
    party = booking.parties.get(position=0)
    assert press(client, act="code", party=party.pk, code="x") == 422
    assert press(client, act="code", party=party.pk, code="7788") == 303
    assert "7788" in ways(booking, NOW)[0]
    assert "7788" not in read(client, "/planning/cles")
    page = client.get(meeting_of(booking.pk).page, headers=FRENCH).content.decode()
    assert "7788" in page
    assert re.search(r"7788", client.get(f"{meeting_of(booking.pk).page}/fiche/0", headers=FRENCH).content.decode())
    assert "7788" not in client.get(f"{meeting_of(booking.pk).page}/fiche/1", headers=FRENCH).content.decode()
    assert "7788" in read(client, meeting_of(booking.pk).sides[0].door)
    assert "7788" not in read(client, meeting_of(booking.pk).sides[1].door)
    assert forget_codes_used(NOW) == 0
    assert forget_codes_used(NOW + timedelta(days=3)) == 1
    with pytest.raises(DoorCodeWrong):
        write_door_code(room_id=rooms[0].pk, code="12", now=NOW)
