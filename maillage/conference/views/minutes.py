"""The minutes of a meeting, from a party's link: written, kept at each change, sent, printed."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.booking.gateways.paper import pdf_of
from maillage.conference.domain.door import Door
from maillage.conference.errors import DoorClosed, MinutesChanged, MinutesEmpty
from maillage.conference.forms import ActionRows, MinutesForm, rows_of
from maillage.conference.models import Conference, Minutes
from maillage.conference.selectors import Guest, guest_by_link
from maillage.conference.selectors.minutes import draft_of, minutes_of
from maillage.conference.services import open_conference, save_minutes, send_minutes
from maillage.core.errors import DomainError
from maillage.core.http import wants_problem
from maillage.core.throttle import count_act
from maillage.core.words import hour_words

ROWS = "actions"


def _guest(token: str) -> tuple[Guest, Conference]:
    """Return who writes, and the meeting. Raises DoorClosed before the meeting or without one."""
    guest = guest_by_link(token, timezone.now())
    if guest.door in (Door.EARLY, Door.UNCONFIRMED, Door.CANCELLED):
        raise DoorClosed
    return guest, guest.conference or open_conference(guest.booking.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, token: str) -> HttpResponseBase:
    """Write the minutes. The page's script keeps them at each change; « Envoyer » keeps them and sends them."""
    guest, conference = _guest(token)
    present = minutes_of(conference)
    if request.method == "GET":
        return _page(request, guest, token, present)
    count_act(request, "minutes", most=600, seconds=600)
    form, rows = MinutesForm(request.POST), ActionRows(request.POST, prefix=ROWS)
    if not (form.is_valid() and rows.is_valid()):
        return _page(request, guest, token, present, form=form, rows=rows, status=422)
    try:
        kept = save_minutes(
            conference_id=conference.pk,
            party=guest.party,
            draft=form.draft(rows),
            version=form.cleaned_data["version"],
            now=timezone.now(),
        )
        if "send" in request.POST:
            send_minutes(conference_id=conference.pk, party=guest.party, now=timezone.now())
            return redirect(f"{request.path}?envoye=1")
    except (MinutesChanged, MinutesEmpty) as refusal:
        if wants_problem(request):
            raise
        return _page(request, guest, token, present, form=form, rows=rows, refusal=refusal, status=refusal.status)
    if wants_problem(request):
        saved = hour_words(kept.saved_at, guest.booking.time_zone) if kept.saved_at else ""
        return JsonResponse({"version": kept.version, "saved": saved})
    return redirect(request.path)


def _page(
    request: HttpRequest, guest: Guest, token: str, present: Minutes, *, refusal: DomainError | None = None,
    form: MinutesForm | None = None, rows: Any = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    draft = draft_of(present)
    first = {"version": present.version, "present": draft.present, "decisions": draft.decisions}
    context = {
        "guest": guest,
        "booking": guest.booking,
        "token": token,
        "minutes": present,
        "form": form or MinutesForm(initial=first),
        "rows": rows or ActionRows(initial=rows_of(draft.actions), prefix=ROWS),
        "is_sent": "envoye" in request.GET,
        "refusal": refusal and f"{refusal.sentence()} {refusal.advice()}",
    }
    return render(request, "conference/minutes.html", context, status=status)


@never_cache
@require_GET
def minutes_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The minutes on paper. Raises MinutesEmpty, PaperMachineMissing."""
    guest, conference = _guest(token)
    draft = draft_of(minutes_of(conference))
    if draft.is_empty:
        raise MinutesEmpty
    context = {"booking": guest.booking, "draft": draft}
    paper = pdf_of(render_to_string("conference/print/minutes.html", context))
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="compte-rendu-{slugify(guest.booking.reference)}.pdf"'
    return response
