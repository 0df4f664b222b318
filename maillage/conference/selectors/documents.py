"""What lies on the table of a meeting, and how much was shown."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from maillage.booking.models import Booking
from maillage.conference.domain.documents import Shown
from maillage.conference.errors import DocumentUnknown
from maillage.conference.gateways import papers
from maillage.conference.models import Board, Document, Share
from maillage.conference.selectors.guests import Guest


def shown_in(conference_id: int) -> Shown:
    """Return what all look at. One query."""
    board = Board.objects.select_related("document").filter(conference_id=conference_id).first()
    if board is None:
        return Shown(0, None, "", 0, 1, None)
    document = board.document
    if document is None:
        return Shown(board.version, None, "", 0, 1, None)
    return Shown(board.version, document.pk, document.name, document.pages, board.page, board.shown_by_id)


def documents_of(conference_id: int) -> list[Document]:
    """Return the documents of a meeting, in the order they were brought. One query."""
    return list(Document.objects.filter(conference_id=conference_id))


def document_of(conference_id: int, document_id: int) -> Document:
    """Return a document of this meeting: the only way from a number to it. One query. Raises DocumentUnknown."""
    document = Document.objects.filter(conference_id=conference_id, pk=document_id).first()
    if document is None:
        raise DocumentUnknown
    return document


def page_picture(guest: Guest, document_id: int, page: int) -> Path:
    """Return the picture of a page on the table of this guest's meeting. One query. Raises DocumentUnknown."""
    if guest.conference is None:
        raise DocumentUnknown
    document = document_of(guest.conference.pk, document_id)
    if not 1 <= page <= document.pages:
        raise DocumentUnknown
    return papers.picture_of(document.folder, page, document.pages)


@dataclass(frozen=True, slots=True)
class PartyShare:
    """That a party showed something of a kind (ShareKind), and for how long. `seconds` is None while it lasts."""

    party_id: int
    kind: str
    started_at: datetime
    seconds: int | None


def shares_of(booking: Booking) -> list[PartyShare]:
    """Return what was shown in the meeting of `booking`, by start. One query."""
    found = Share.objects.filter(conference__booking=booking)
    return [
        PartyShare(
            share.party_id,
            share.kind,
            share.started_at,
            round((share.ended_at - share.started_at).total_seconds()) if share.ended_at else None,
        )
        for share in found
    ]
