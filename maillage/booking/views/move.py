"""Another hour for the same meeting, in the same rooms."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.booking.domain.windows import window_of
from maillage.booking.domain.wishes import MeetingWish, Proposal
from maillage.booking.forms import OfferUnreadable, WindowForm
from maillage.booking.selectors import Meeting, propose_slots
from maillage.booking.selectors.again import same_again
from maillage.booking.selectors.openings import names_of_givers
from maillage.booking.selectors.rooms import terms_of
from maillage.booking.services import move_booking
from maillage.booking.views.meeting import meeting_by_link, page_context
from maillage.booking.views.wishes import parties_of_booking
from maillage.core.errors import DomainError
from maillage.core.throttle import throttled

SALT = "booking:move"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@throttled("move", most=20, seconds=600)
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Propose other hours in the same rooms; take the one whose button was pressed.

    Where somebody gives a room each time, people are led to ask for the other hour beside this one.
    """
    now = timezone.now()
    found = meeting_by_link(token, now)
    page = reverse("booking:meeting", args=[token])
    if not found.is_changeable(now):
        return HttpResponseRedirect(page, status=303)
    if request.method != "POST":
        return _page(request, found, now)
    first_quarter, length = _read_choice(request.POST.get("choice", ""), found)
    try:
        move_booking(booking_id=found.booking.pk, first_quarter=first_quarter, length=length, now=now)
    except DomainError as refusal:
        return _page(request, found, now, refusal)
    return HttpResponseRedirect(page, status=303)


def _page(request: HttpRequest, found: Meeting, now: datetime, refusal: DomainError | None = None) -> HttpResponse:
    zone = ZoneInfo(found.booking.time_zone)
    given = request.GET if "when" in request.GET else {"when": "fortnight", "part": "any"}
    form = WindowForm(given, today=now.astimezone(zone).date())
    context: dict[str, Any] = page_context(found, now) | {"form": form, "refusal": refusal}
    if givers := names_of_givers(side.party.room_id for side in found.sides):
        context |= {"givers": givers, "again": same_again(found, now)}
        return render(request, "booking/move.html", context, status=refusal.status if refusal else 200)
    if not form.is_valid():
        return render(request, "booking/move.html", context, status=422)
    choices = [(proposal, _sign_choice(found, proposal)) for proposal in _other_hours(found, form, now)]
    status = refusal.status if refusal else 200
    return render(request, "booking/move.html", context | {"choices": choices}, status=status)


def _other_hours(found: Meeting, form: WindowForm, now: datetime) -> list[Proposal]:
    booking = found.booking
    first, end = window_of(form.when_words(), now, found.zone)
    if end - first < booking.length:
        return []
    wish = MeetingWish(
        parties=parties_of_booking(side.party for side in found.sides),
        length=booking.length,
        first_quarter=first,
        end_quarter=end,
        part_of_day=form.cleaned_data["part"],
        time_zone=booking.time_zone,
        wants_help=booking.wants_help,
        passes=terms_of(booking).passes,
    )
    return [proposal for proposal in propose_slots(wish, now=now) if proposal.first_quarter != booking.first_quarter]


def _sign_choice(found: Meeting, proposal: Proposal) -> str:
    return signing.dumps([str(found.booking.pk), proposal.first_quarter, proposal.length], salt=SALT)


def _read_choice(choice: str, found: Meeting) -> tuple[int, int]:
    """Return the hour and length of a button of this meeting's page. Raises OfferUnreadable for any other."""
    try:
        booking_id, first_quarter, length = signing.loads(choice, salt=SALT, max_age=86_400)
    except (signing.BadSignature, ValueError) as unreadable:
        raise OfferUnreadable from unreadable
    if booking_id != str(found.booking.pk):
        raise OfferUnreadable
    return first_quarter, length
