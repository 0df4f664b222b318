"""The waiting list: a wish that nothing fits is left, a slot that frees is taken in one press, or passed on."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.booking.domain.wishes import MeetingWish
from maillage.booking.errors.rooms import NoRoomToLookAfter
from maillage.booking.forms import read_offer
from maillage.booking.forms.waits import WaitForm
from maillage.booking.models import OfferStatus
from maillage.booking.selectors import meeting_of
from maillage.booking.selectors.bookings import organiser_token
from maillage.booking.selectors.prices import price_before_confirming
from maillage.booking.selectors.tariffs import Payer
from maillage.booking.selectors.wait_notes import offer_facts
from maillage.booking.selectors.waits import InLine, turn_of, wait_by_link, wait_token, who_waits, wish_when, wish_who
from maillage.booking.services.waits import leave_line, leave_wish, pass_offer, take_offer
from maillage.booking.views.planning import agent_of
from maillage.booking.views.search import search_form, zone
from maillage.booking.views.wishes import parties_of_offer
from maillage.core.errors import DomainError
from maillage.core.quarters import moment_of
from maillage.core.throttle import throttled
from maillage.points.rights import rooms_looked_after
from maillage.points.selectors.rules import present_rules

_METHODS = ["GET", "HEAD", "POST"]
_MOST_LETTERS = 4_000


@require_http_methods(_METHODS)
@never_cache
@throttled("wait", most=10, seconds=3600)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask who waits and until when, for what a search did not find; then put them in line."""
    now = timezone.now()
    sent = request.POST.get("search", "") if request.method == "POST" else request.GET.urlencode()
    data = QueryDict(sent[:_MOST_LETTERS])
    try:
        wish = _wish(data, now)
    except DomainError as refusal:
        return render(request, "booking/ask_to_wait.html", {"refusal": refusal}, status=refusal.status)
    if wish is None:
        return HttpResponseRedirect(f"{reverse('booking:slot_search')}?{data.urlencode()}", status=303)
    local = ZoneInfo(wish.time_zone)
    last_day = moment_of(wish.end_quarter - 1).astimezone(local).date()
    form = WaitForm(
        request.POST if request.method == "POST" else None, today=now.astimezone(local).date(), last_day=last_day
    )
    context: dict[str, Any] = {
        "form": form, "search": data.urlencode(), "who": wish_who(wish), "when": wish_when(wish), "wish": wish,
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "booking/ask_to_wait.html", context)
    if not form.is_valid():
        return render(request, "booking/ask_to_wait.html", context, status=422)
    try:
        wait = leave_wish(
            wish=wish,
            contact=form.contact(),
            until=min(form.until_moment(local), moment_of(wish.end_quarter)),
            language=(get_language() or "fr")[:2],
            now=now,
        )
    except DomainError as refusal:
        return render(request, "booking/ask_to_wait.html", context | {"refusal": refusal}, status=refusal.status)
    return HttpResponseRedirect(reverse("booking:wait", args=[wait_token(wait)]), status=303)


@require_http_methods(_METHODS)
@never_cache
@throttled("waiting", most=40, seconds=600)
def wait(request: HttpRequest, token: str) -> HttpResponse:
    """Show somebody their place in line, and the slot kept for them; a mail scanner that opens it answers nothing."""
    now = timezone.now()
    found = wait_by_link(token, now)
    if request.method != "POST":
        return render(request, "booking/wait.html", _place(found, now))
    try:
        return _answer(request, found.wait.pk, now)
    except DomainError as refusal:
        context = _place(wait_by_link(token, now), now) | {"refusal": refusal}
        return render(request, "booking/wait.html", context, status=refusal.status)


@require_GET
@login_required
@never_cache
def who(request: HttpRequest) -> HttpResponse:
    """Show a facilitator who waits for the points they look after."""
    rooms = rooms_looked_after(agent_of(request))
    if not rooms.exists():
        raise NoRoomToLookAfter
    return render(request, "booking/who_waits.html", {"waiting": who_waits(rooms)})


def _answer(request: HttpRequest, wait_id: int, now: datetime) -> HttpResponse:
    act = request.POST.get("act")
    if act == "take":
        booking = take_offer(wait_id=wait_id, now=now)
        return HttpResponseRedirect(reverse("booking:meeting", args=[organiser_token(booking)]), status=303)
    if act == "pass":
        pass_offer(wait_id=wait_id, now=now)
    elif act == "leave":
        leave_line(wait_id=wait_id, now=now)
    return HttpResponseRedirect(request.path, status=303)


def _wish(data: QueryDict, now: datetime) -> MeetingWish | None:
    """Return what a search asks, or the very slot of an offer that was taken; None if the sentence is not right."""
    form = search_form(data, now)
    if not form.is_bound or not form.is_valid():
        return None
    wish = form.wish(now, zone())
    if not data.get("offer"):
        return wish
    offer = read_offer(str(data["offer"]))
    first = offer.first_quarter
    return replace(wish, parties=parties_of_offer(offer), first_quarter=first, end_quarter=first + offer.length,
                   length=offer.length, part_of_day="any", soonest=False, near_quarter=None)  # fmt: skip


def _place(found: InLine, now: datetime) -> dict[str, Any]:
    context: dict[str, Any] = {"found": found, "wait": found.wait, "zone": found.wish.time_zone}
    offer = found.offer
    if offer is not None and offer.status == OfferStatus.TAKEN:
        return context | {"meeting_page": reverse("booking:meeting", args=[organiser_token(offer.booking)])}
    if offer is None or offer.until <= now:
        return context | {"turn": turn_of(found.wait)}
    meeting = meeting_of(offer.booking_id)
    payer = Payer(found.wait.email, found.wait.category)
    return context | {
        "offer": offer,
        "booking": meeting.booking,
        "facts": offer_facts(meeting),
        "price": price_before_confirming(meeting.booking, payer),
        "house_rules": present_rules({side.point.pk for side in meeting.sides if side.point}),
    }
