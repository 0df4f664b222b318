"""Pages and what they ask, by noun."""

from maillage.conference.views.documents import document_page, documents, take_back
from maillage.conference.views.pages import after, door

__all__ = ["after", "document_page", "documents", "door", "take_back"]
