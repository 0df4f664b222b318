"""Pages and what they ask, by noun."""

from maillage.conference.views.code import join_by_code
from maillage.conference.views.documents import document_page, documents, take_back
from maillage.conference.views.pages import after, door
from maillage.conference.views.prepare import prepare
from maillage.conference.views.side_talks import corridor, side_talk

__all__ = [
    "after",
    "corridor",
    "document_page",
    "documents",
    "door",
    "join_by_code",
    "prepare",
    "side_talk",
    "take_back",
]
