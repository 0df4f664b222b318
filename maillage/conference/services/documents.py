"""Documents of a meeting: brought, shown, turned together, taken back, and forgotten after it."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from maillage.booking.models import Party
from maillage.conference.domain import documents as rules
from maillage.conference.domain.documents import Shown
from maillage.conference.errors import (
    DocumentRefused,
    DocumentTooLarge,
    DocumentUnknown,
    MeetingOver,
    TooManyDocuments,
)
from maillage.conference.gateways import papers
from maillage.conference.models import Board, Conference, Document, ShareKind
from maillage.conference.selectors.documents import shown_in
from maillage.conference.services.shares import note_share
from maillage.conference.services.stays import locked
from maillage.conference.services.telling import tell_inside
from maillage.core.journal import record
from maillage.core.quarters import quarter_of

STRAY_AFTER: Final = timedelta(hours=1)


class _Measured:
    """Chunks as they pass: their digest and their size, refused as soon as they are not what we take."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._digest, self.size = chunks, hashlib.sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            if self.size == 0 and not rules.is_pdf(chunk[:16]):
                raise DocumentRefused
            self.size += len(chunk)
            if self.size > rules.MOST_BYTES:
                raise DocumentTooLarge(most=rules.MOST_BYTES // 1024 // 1024)
            self._digest.update(chunk)
            yield chunk

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()


def bring_document(
    *, conference_id: int, party: Party, file_name: str, chunks: Iterable[bytes], now: datetime
) -> Document:
    """Keep a PDF for the time of the meeting; the same file brought twice is one document.

    Raises DocumentTooLarge, DocumentRefused, TooManyDocuments, MeetingOver.
    """
    folder, measured = uuid.uuid4(), _Measured(chunks)
    with papers.received(iter(measured), folder) as content:
        pages = papers.count_pages(content) if measured.size else 0
        if not 1 <= pages <= rules.MOST_PAGES:
            raise DocumentRefused
        fresh = Document(
            conference_id=conference_id, party=party, name=rules.shown_name(file_name), pages=pages,
            size=measured.size, digest=measured.digest, folder=folder, brought_at=now,
        )  # fmt: skip
        kept = _keep(fresh)
    if kept.pk != fresh.pk:
        papers.erase(folder)
    return kept


@transaction.atomic
def _keep(fresh: Document) -> Document:
    conference = locked(fresh.conference_id)
    if conference.ended_at is not None:
        raise MeetingOver
    present = Document.objects.filter(conference=conference)
    same = present.filter(digest=fresh.digest).first()
    if same:
        return same
    if present.count() >= rules.MOST_DOCUMENTS:
        raise TooManyDocuments(most=rules.MOST_DOCUMENTS)
    fresh.save()
    subject = f"booking:{fresh.party.booking.reference}"
    record("document.brought", subject, through="link", party=fresh.party_id, pages=fresh.pages, size=fresh.size)
    return fresh


@transaction.atomic
def show_page(*, conference_id: int, party_id: int, document_id: int | None, page: int, now: datetime) -> Shown:
    """Put a page before everyone, or nothing if `document_id` is None. Saying it twice changes nothing.

    Raises DocumentUnknown, MeetingOver.
    """
    conference = locked(conference_id)
    if conference.ended_at is not None:
        raise MeetingOver
    document = Document.objects.filter(conference=conference, pk=document_id).first() if document_id else None
    if document_id and document is None:
        raise DocumentUnknown
    board = Board.objects.get_or_create(conference=conference)[0]
    _turn(board, document, page, party_id, now)
    return _told(conference_id)


def _told(conference_id: int) -> Shown:
    shown = shown_in(conference_id)
    tell_inside(conference_id, {"type": "document", **shown.as_json()})
    return shown


def _turn(board: Board, document: Document | None, page: int, party_id: int | None, now: datetime) -> None:
    wanted = rules.page_within(page, document.pages) if document else 1
    if (board.document_id, board.page) == (document.pk if document else None, wanted):
        return
    if board.shown_by_id and (document is None or board.shown_by_id != party_id):
        note_share(board.conference_id, board.shown_by_id, ShareKind.DOCUMENT, is_on=False, now=now)
    if document and party_id:
        note_share(board.conference_id, party_id, ShareKind.DOCUMENT, is_on=True, now=now)
    board.document, board.page, board.version = document, wanted, board.version + 1
    board.shown_by_id = party_id if document else None
    board.save()


@transaction.atomic
def take_back_document(*, conference_id: int, party: Party, document_id: int, now: datetime) -> Shown:
    """Remove a document that `party` brought; if it was shown, nothing is shown any more. Raises DocumentUnknown."""
    locked(conference_id)
    document = Document.objects.filter(conference_id=conference_id, party=party, pk=document_id).first()
    if document is None:
        raise DocumentUnknown
    board = Board.objects.filter(conference_id=conference_id, document=document).first()
    if board:
        _turn(board, None, 1, None, now)
    _forget([document])
    record("document.taken-back", f"booking:{party.booking.reference}", through="link", party=party.pk)
    return _told(conference_id)


def forget_documents(now: datetime) -> int:
    """Remove the documents of meetings that are over; return how many. Running it twice is harmless."""
    until = now - timedelta(hours=settings.DOCUMENTS_KEPT_HOURS)
    ended = Q(ended_at__lt=until)
    never_ended = Q(ended_at=None, booking__first_quarter__lt=quarter_of(until - timedelta(days=1)))
    over = list(Document.objects.filter(conference__in=Conference.objects.filter(ended | never_ended)))
    with transaction.atomic():
        _forget(over)
    kept = frozenset(folder.hex for folder in Document.objects.values_list("folder", flat=True))
    papers.erase_strays(kept, (now - STRAY_AFTER).timestamp())
    return len(over)


def _forget(documents: list[Document]) -> None:
    folders = [document.folder for document in documents]
    Document.objects.filter(pk__in=[document.pk for document in documents]).delete()
    transaction.on_commit(lambda: _erase(folders))


def _erase(folders: list[uuid.UUID]) -> None:
    for folder in folders:
        papers.erase(folder)
