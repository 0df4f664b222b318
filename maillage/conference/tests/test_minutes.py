"""Minutes: kept as they are written, never over another's text, sent to everyone once, on paper."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from maillage.booking.gateways.paper import missing_part
from maillage.booking.models import Party
from maillage.conference.domain.minutes import Action, Draft, read_actions, worth_keeping
from maillage.conference.errors import MinutesChanged, MinutesEmpty
from maillage.conference.models import Conference, Minutes, Notice
from maillage.conference.selectors.minutes import draft_of, minutes_of
from maillage.conference.services import open_conference, save_minutes, send_due_notices, send_minutes
from maillage.conference.services.notices import deliver
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of, token_of
from maillage.core.models import JournalEntry

DECIDED = Draft("Callac", "On refait le toit.", (Action("Demander trois devis", "Rennes", date(2026, 12, 1)),))


@pytest.fixture
def sides(db: None) -> list[Party]:
    booking = make_meeting()
    booking.parties.update(email="mairie@example.fr")
    booking.parties.filter(position=1).update(email="rennes@example.fr")
    return parties_of(booking)


@pytest.fixture
def meeting(sides: list[Party]) -> Conference:
    return open_conference(sides[0].booking_id)


def save(meeting: Conference, party: Party, draft: Draft = DECIDED, version: int = 0) -> Minutes:
    return save_minutes(conference_id=meeting.pk, party=party, draft=draft, version=version, now=NINE)


def form(version: int = 0, **fields: str) -> dict[str, str]:
    rows = {"actions-TOTAL_FORMS": "2", "actions-INITIAL_FORMS": "0"}
    return {"version": str(version), "present": "", "decisions": "", **rows, **fields}


def test_empty_rows_are_no_rows_and_actions_come_back_as_they_were_kept() -> None:
    kept = worth_keeping([(" ", "", None), ("Devis ", "Callac", date(2026, 12, 1)), ("", "Rennes", None)])
    assert kept == (Action("Devis", "Callac", date(2026, 12, 1)), Action("", "Rennes"))
    assert read_actions([action.as_json() for action in kept]) == kept


def test_before_anyone_writes_the_minutes_say_who_came(meeting: Conference, sides: list[Party]) -> None:
    enter(sides[1])
    enter(sides[0], now=NINE + timedelta(minutes=1))
    assert minutes_of(meeting).present == "Rennes, 2 personnes\nCallac"
    assert not Minutes.objects.exists()


def test_the_same_text_twice_is_kept_once(meeting: Conference, sides: list[Party]) -> None:
    assert [save(meeting, sides[0], version=version).version for version in (0, 0, 1)] == [1, 1, 1]
    assert draft_of(minutes_of(meeting)) == DECIDED


def test_a_text_written_from_an_older_version_never_erases_a_newer_one(meeting: Conference, sides: list[Party]) -> None:
    save(meeting, sides[0])
    with pytest.raises(MinutesChanged) as refusal:
        save(meeting, sides[1], Draft("", "On ne refait rien."))
    assert refusal.value.details == {"version": 1}
    assert draft_of(minutes_of(meeting)) == DECIDED


def test_empty_minutes_are_not_sent(meeting: Conference, sides: list[Party]) -> None:
    with pytest.raises(MinutesEmpty):
        send_minutes(conference_id=meeting.pk, party=sides[0], now=NINE)


def test_minutes_go_to_every_party_once_for_each_version(meeting: Conference, sides: list[Party]) -> None:
    save(meeting, sides[0])
    for _pressed in range(2):
        assert send_minutes(conference_id=meeting.pk, party=sides[0], now=NINE) == 2
    sent = [deliver(notice.pk, now=NINE) for notice in Notice.objects.order_by("pk") for _twice in range(2)]
    assert sent == [True, False, True, False]
    assert sorted(letter.to[0] for letter in mail.outbox) == ["mairie@example.fr", "rennes@example.fr"]
    letter = mail.outbox[0]
    for part in ("On refait le toit.", "Demander trois devis", "/compte-rendu"):
        assert part in letter.body
        assert part in letter.alternatives[0].content  # type: ignore[attr-defined]
    assert JournalEntry.objects.filter(verb="minutes.sent").count() == 1


def test_a_mail_server_that_says_no_is_asked_again(
    meeting: Conference, sides: list[Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    save(meeting, sides[0])
    send_minutes(conference_id=meeting.pk, party=sides[0], now=NINE)
    notice = Notice.objects.earliest("pk")
    sending = "maillage.conference.services.notices.send_letter"
    with monkeypatch.context() as broken:
        broken.setattr(sending, lambda letter: (_ for _ in ()).throw(OSError("no route")))
        assert not deliver(notice.pk, now=NINE)
    assert not deliver(notice.pk, now=NINE + timedelta(minutes=1))
    assert deliver(notice.pk, now=NINE + timedelta(minutes=2))
    assert send_due_notices(NINE + timedelta(hours=1)) == 1  # the other one, left by a stopped process


def test_the_page_keeps_what_is_written_and_says_when(client: Client, sides: list[Party], time_machine: Any) -> None:
    time_machine.move_to(NINE, tick=False)
    address = f"/r/{token_of(sides[0])}/compte-rendu"
    written = form(decisions="On refait le toit.") | {"actions-0-what": "Devis", "actions-0-due": "2026-12-01"}
    answer = client.post(address, written, headers={"Accept": "application/json"})
    assert answer.json() == {"version": 1, "saved": "9\u202fh\u202f00"}
    again = client.post(address, form(decisions="Autre chose"), headers={"Accept": "application/json"})
    assert (again.status_code, again.json()["code"], again.json()["details"]) == (
        409,
        "minutes-changed",
        {"version": "1"},
    )
    page = client.get(f"/r/{token_of(sides[1])}/compte-rendu").content.decode()
    assert "On refait le toit." in page
    assert 'value="2026-12-01"' in page


def test_sending_from_the_page_keeps_the_last_words_too(client: Client, sides: list[Party], time_machine: Any) -> None:
    time_machine.move_to(NINE, tick=False)
    address = f"/r/{token_of(sides[0])}/compte-rendu"
    refused = client.post(address, form() | {"send": "1"})
    assert refused.status_code == 409
    assert "Rien n’est encore écrit" in refused.content.decode()
    sent = client.post(address, form(1, decisions="On refait le toit.") | {"send": "1"})
    assert sent["Location"] == f"{address}?envoye=1"
    assert Notice.objects.count() == 2


def test_there_are_no_minutes_before_the_day(client: Client, sides: list[Party], time_machine: Any) -> None:
    time_machine.move_to(NINE - timedelta(days=2), tick=False)
    assert client.get(f"/r/{token_of(sides[0])}/compte-rendu").status_code == 403


@pytest.mark.skipif(bool(missing_part()), reason="WeasyPrint's libraries are not installed")
def test_minutes_are_printed(client: Client, meeting: Conference, sides: list[Party], time_machine: Any) -> None:
    time_machine.move_to(NINE, tick=False)
    address = f"/r/{token_of(sides[0])}/compte-rendu.pdf"
    assert client.get(address).status_code == 409
    save(meeting, sides[0])
    paper = client.get(address)
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
