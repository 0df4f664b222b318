"""Documents of a meeting: brought, turned together, looked at, taken back, forgotten."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.booking.models import Party
from maillage.conference.domain.documents import MOST_BYTES, is_pdf, page_within, shown_name
from maillage.conference.errors import DocumentRefused, DocumentTooLarge, DocumentUnknown, MeetingOver, TooManyDocuments
from maillage.conference.models import Conference, Document, EndReason, Share
from maillage.conference.selectors.documents import shares_of, shown_in
from maillage.conference.services import (
    bring_document,
    change_state,
    end_meeting,
    forget_documents,
    leave_meeting,
    open_conference,
    show_page,
    take_back_document,
)
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of, token_of
from maillage.conference.tests.papers import make_pdf
from maillage.core.models import JournalEntry

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Path) -> Path:
    settings.PRIVATE_FILES = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def counted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count pages without a process of its own, except in the tests that ask for the `worker`."""
    if "worker" not in request.fixturenames:
        counting = "maillage.conference.gateways.papers.count_pages"
        monkeypatch.setattr(counting, lambda path: path.read_bytes().count(b"/Type /Page "))


@pytest.fixture
def worker() -> None:
    """The real process that opens PDF files."""


@pytest.fixture
def sides(db: None) -> list[Party]:
    return parties_of(make_meeting())


@pytest.fixture
def meeting(sides: list[Party]) -> Conference:
    return open_conference(sides[0].booking_id)


def bring(meeting: Conference, party: Party, content: bytes = b"", name: str = "Plan.pdf") -> Document:
    chunks = [content or make_pdf(3)]
    return bring_document(conference_id=meeting.pk, party=party, file_name=name, chunks=chunks, now=NINE)


def show(meeting: Conference, party: Party, document: Document | None, page: int = 1, after: int = 0) -> int:
    shown = show_page(
        conference_id=meeting.pk,
        party_id=party.pk,
        document_id=document.pk if document else None,
        page=page,
        now=NINE + after * MINUTE,
    )
    return shown.version


def test_the_signature_decides_not_the_name() -> None:
    assert is_pdf(b"%PDF-1.7\n")
    assert not is_pdf(b"PK\x03\x04 slides.pdf")
    assert not is_pdf(b" %PDF-1.7")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\Users\\maire\\Plan local.PDF", "Plan local"),
        ("../../etc/passwd", "passwd"),
        ("\u202eévil\x00.pdf", "évil"),
        ("", "document"),
        ("a" * 200 + ".pdf", "a" * 80),
    ],
)
def test_a_name_is_shown_without_folders_ending_or_tricks(given: str, shown: str) -> None:
    assert shown_name(given) == shown


def test_a_page_past_the_end_is_the_last() -> None:
    assert [page_within(page, 3) for page in (0, 1, 3, 9)] == [1, 1, 3, 3]


@pytest.mark.usefixtures("worker")
def test_a_document_is_kept_privately_and_the_same_file_twice_is_one(
    meeting: Conference, sides: list[Party], private_files: Path
) -> None:
    content = make_pdf(3)
    first, second = bring(meeting, sides[0], content), bring(meeting, sides[1], content, "Autre nom.pdf")
    assert first.pk == second.pk
    assert (first.name, first.pages, first.size) == ("Plan", 3, len(content))
    assert first.digest == hashlib.sha256(content).hexdigest()
    assert [folder.name for folder in (private_files / "documents").iterdir()] == [first.folder.hex]
    assert JournalEntry.objects.get(verb="document.brought").details["pages"] == 3


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"MZ an executable named .pdf", DocumentRefused),
        (b"%PDF-1.7 and then nothing that holds", DocumentRefused),
        (b"%PDF-1.7" + b" " * MOST_BYTES, DocumentTooLarge),
    ],
)
def test_what_is_not_a_document_is_refused_and_leaves_nothing_behind(
    content: bytes, refusal: type[Exception], meeting: Conference, sides: list[Party], private_files: Path
) -> None:
    with pytest.raises(refusal):
        bring(meeting, sides[0], content)
    assert not Document.objects.exists()
    assert list((private_files / "documents").iterdir()) == []


def test_a_meeting_takes_so_many_documents(
    meeting: Conference, sides: list[Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maillage.conference.domain.documents.MOST_DOCUMENTS", 1)
    bring(meeting, sides[0])
    with pytest.raises(TooManyDocuments):
        bring(meeting, sides[0], make_pdf(2))


def test_pages_turn_together_each_change_once(meeting: Conference, sides: list[Party]) -> None:
    plan = bring(meeting, sides[0])
    versions = [show(meeting, sides[0], plan, page) for page in (1, 2, 2, 99)]
    assert versions == [1, 2, 2, 3]
    shown = shown_in(meeting.pk)
    assert (shown.document, shown.page, shown.pages, shown.by) == (plan.pk, 3, 3, sides[0].pk)


def test_a_document_of_another_meeting_is_unknown(meeting: Conference, sides: list[Party]) -> None:
    elsewhere = parties_of(make_meeting())
    stranger = bring(open_conference(elsewhere[0].booking_id), elsewhere[0])
    with pytest.raises(DocumentUnknown):
        show(meeting, sides[0], stranger)


def test_only_the_side_that_brought_it_takes_it_back_and_nothing_is_shown_any_more(
    meeting: Conference, sides: list[Party], private_files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    plan = bring(meeting, sides[0])
    show(meeting, sides[0], plan)
    for wrong in (sides[1],):
        with pytest.raises(DocumentUnknown):
            take_back_document(conference_id=meeting.pk, party=wrong, document_id=plan.pk, now=NINE)
    with django_capture_on_commit_callbacks(execute=True):
        shown = take_back_document(conference_id=meeting.pk, party=sides[0], document_id=plan.pk, now=NINE)
    assert (shown.document, shown.version) == (None, 2)
    assert list((private_files / "documents").iterdir()) == []


def test_how_long_things_were_shown_is_a_fact_without_what_they_were(meeting: Conference, sides: list[Party]) -> None:
    stays = [enter(party).stay_id for party in sides]
    plan = bring(meeting, sides[0])
    show(meeting, sides[0], plan)
    show(meeting, sides[0], plan, 2, after=4)
    show(meeting, sides[1], plan, 3, after=5)
    show(meeting, sides[1], None, after=7)
    for screen, minute in ((True, 8), (True, 9), (False, 11), (True, 12)):
        change_state(
            stay_id=stays[0], microphone=True, camera=True, screen=screen, sound_only=False, now=NINE + minute * MINUTE
        )
    leave_meeting(stay_id=stays[0], now=NINE + 13 * MINUTE)
    booking = sides[0].booking
    assert [(one.party_id, one.kind, one.seconds) for one in shares_of(booking)] == [
        (sides[0].pk, "document", 300),
        (sides[1].pk, "document", 120),
        (sides[0].pk, "screen", 180),
        (sides[0].pk, "screen", 60),
    ]
    assert "name" not in {field.name for field in Share._meta.get_fields()}


def test_nothing_is_shown_in_a_meeting_that_is_over(meeting: Conference, sides: list[Party]) -> None:
    plan = bring(meeting, sides[0])
    end_meeting(conference_id=meeting.pk, reason=EndReason.ENDED, now=NINE)
    with pytest.raises(MeetingOver):
        show(meeting, sides[0], plan)
    with pytest.raises(MeetingOver):
        bring(meeting, sides[0], make_pdf(2))


def test_documents_are_removed_a_day_after_the_meeting(
    meeting: Conference, sides: list[Party], private_files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    bring(meeting, sides[0])
    end_meeting(conference_id=meeting.pk, reason=EndReason.ENDED, now=NINE)
    assert forget_documents(NINE + timedelta(hours=23)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_documents(NINE + timedelta(hours=25)) == 1
    assert forget_documents(NINE + timedelta(hours=25)) == 0
    assert list((private_files / "documents").iterdir()) == []


@pytest.mark.usefixtures("worker")
def test_a_document_is_sent_listed_and_looked_at_from_the_link_alone(
    client: Client, sides: list[Party], settings: Any, time_machine: Any
) -> None:
    time_machine.move_to(NINE, tick=False)
    for side in sides:
        enter(side)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500  # a document passes where a form would not
    address = f"/r/{token_of(sides[0])}/documents"
    sent = client.post(
        address, {"file": SimpleUploadedFile("Plan.pdf", make_pdf(2))}, headers={"Accept": "application/json"}
    )
    assert sent.status_code == 201, sent.content
    document = sent.json()["document"]
    other = f"/r/{token_of(sides[1])}/documents"
    assert client.get(other).json()["documents"] == [{"document": document, "name": "Plan", "pages": 2, "mine": False}]
    page = client.get(f"{other}/{document}/2")
    assert page["Content-Type"] == "image/webp"
    assert page["Cache-Control"] == "private, max-age=3600, immutable"
    assert page.getvalue()[8:12] == b"WEBP"
    assert client.get(f"{other}/{document}/3").status_code == 404
    outsider = parties_of(make_meeting())[0]
    stranger = token_of(outsider)
    assert client.get(f"/r/{stranger}/documents/{document}/1").status_code == 409  # at its own door still
    enter(outsider)
    assert client.get(f"/r/{stranger}/documents/{document}/1").status_code == 404


def test_a_refused_document_says_why_and_what_to_do(client: Client, sides: list[Party], time_machine: Any) -> None:
    time_machine.move_to(NINE, tick=False)
    enter(sides[0])
    address = f"/r/{token_of(sides[0])}/documents"
    file = SimpleUploadedFile("Plan.pdf", b"not a document")
    answer = client.post(address, {"file": file}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "document-refused")
    assert answer.json()["advice"]
    assert client.post(address).status_code == 422


def test_what_lies_on_the_table_is_one_query(
    meeting: Conference, sides: list[Party], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    show(meeting, sides[0], bring(meeting, sides[0]))
    with django_assert_num_queries(1):
        shown_in(meeting.pk)
