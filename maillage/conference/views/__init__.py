"""Pages and what they ask, by noun."""

from maillage.conference.views.code import join_by_code
from maillage.conference.views.documents import document_page, documents, take_back
from maillage.conference.views.pages import after, door
from maillage.conference.views.prepare import prepare

__all__ = ["after", "document_page", "documents", "door", "join_by_code", "prepare", "take_back"]
