"""Pages and what they ask, by noun."""

from maillage.conference.views.backdrops import backdrop
from maillage.conference.views.code import join_by_code
from maillage.conference.views.documents import document_page, documents, take_back
from maillage.conference.views.line import try_line
from maillage.conference.views.minutes import minutes, minutes_pdf
from maillage.conference.views.pages import after, door
from maillage.conference.views.prepare import prepare
from maillage.conference.views.recordings import film, recording
from maillage.conference.views.side_talks import corridor, side_talk

__all__ = [
    "after",
    "backdrop",
    "corridor",
    "document_page",
    "documents",
    "door",
    "film",
    "join_by_code",
    "minutes",
    "minutes_pdf",
    "prepare",
    "recording",
    "side_talk",
    "take_back",
    "try_line",
]
