"""Documents of a meeting, for its parties alone: bring one, see the list, look at a page, take one back."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.conference.domain.documents import MOST_BYTES
from maillage.conference.errors import DocumentRefused, DocumentUnknown
from maillage.conference.models import Document
from maillage.conference.selectors import Guest, guest_by_link
from maillage.conference.selectors.documents import documents_of, page_picture
from maillage.conference.selectors.presence import check_inside
from maillage.conference.services import bring_document, open_conference, take_back_document
from maillage.core.http import takes_up_to
from maillage.core.throttle import count_act

_AROUND = 64 * 1024
"""What a form adds around its file."""


def _inside(token: str) -> Guest:
    """Return the party of a link that is in its meeting. Raises NotIn, MeetingOver, DoorClosed, LinkForged."""
    guest = guest_by_link(token, timezone.now())
    check_inside(guest)
    return guest


def _listed(document: Document, guest: Guest) -> dict[str, Any]:
    return {
        "document": document.pk,
        "name": document.name,
        "pages": document.pages,
        "mine": document.party_id == guest.party.pk,
    }


@takes_up_to(MOST_BYTES + _AROUND)
@never_cache
@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, token: str) -> JsonResponse:
    """List the documents of the meeting; bring one by POST, in `file`."""
    guest = _inside(token)
    conference = guest.conference or open_conference(guest.booking.pk)
    if request.method == "POST":
        count_act(request, "document", most=30, seconds=600)
        given = request.FILES.get("file")
        if given is None:
            raise DocumentRefused
        brought = bring_document(
            conference_id=conference.pk,
            party=guest.party,
            file_name=given.name or "",
            chunks=given.chunks(),
            now=timezone.now(),
        )
        return JsonResponse(_listed(brought, guest), status=201)
    return JsonResponse({"documents": [_listed(each, guest) for each in documents_of(conference.pk)]})


@require_GET
@cache_control(private=True, max_age=3600, immutable=True)
def document_page(request: HttpRequest, token: str, document_id: int, page: int) -> HttpResponseBase:
    """The picture of a page. Raises DocumentUnknown."""
    guest = _inside(token)
    picture = page_picture(guest, document_id, page)
    return FileResponse(picture.open("rb"), content_type="image/webp")


@require_POST
@never_cache
def take_back(request: HttpRequest, token: str, document_id: int) -> JsonResponse:
    """Take back a document that one brought; it disappears for all."""
    guest = _inside(token)
    if guest.conference is None:
        raise DocumentUnknown
    take_back_document(
        conference_id=guest.conference.pk, party=guest.party, document_id=document_id, now=timezone.now()
    )
    return JsonResponse({})
