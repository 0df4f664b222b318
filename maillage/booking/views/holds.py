"""From a card to rooms kept for some minutes. A visitor keeps one hour at a time: a cookie remembers which."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from maillage.booking.errors import SlotTaken
from maillage.booking.forms import Offer, read_offer
from maillage.booking.models import Booking
from maillage.booking.services import give_back_hold, hold_slot
from maillage.booking.views.links import KEPT, book_url, kept_hold
from maillage.booking.views.search import PAGE, search_context, search_form
from maillage.booking.views.wishes import parties_of_offer
from maillage.core.errors import DomainError
from maillage.core.throttle import throttled


@require_POST
@throttled("hold", most=40, seconds=600)
def hold(request: HttpRequest) -> HttpResponse:
    """Hold the rooms of a card and go to the form; if somebody was faster, say so above up-to-date cards."""
    offer = read_offer(request.POST.get("offer", ""))
    now = timezone.now()
    kept = kept_hold(request, now)
    if kept is not None and _is_kept(kept, offer):
        return HttpResponseRedirect(book_url(kept), status=303)
    try:
        booking = _hold_instead(offer, kept, now)
    except DomainError as refusal:
        return _refused(request, refusal, now)
    address = book_url(booking)
    response = HttpResponseRedirect(address, status=303)
    token = address.rsplit("/", 1)[-1]
    response.set_cookie(
        KEPT, token, max_age=settings.HOLD_MINUTES * 60, httponly=True, samesite="Lax", secure=settings.SECURE
    )
    return response


def _is_kept(kept: Booking, offer: Offer) -> bool:
    """Tell whether the visitor already keeps what the card offers: same hour, same rooms, same people."""
    mine = [(p.head_count, p.kind, p.room_id, p.address) for p in kept.parties.order_by("position")]
    asked = [(seat.head_count, seat.kind, seat.room_id, seat.address) for seat in offer.parties]
    return (kept.first_quarter, kept.length, mine) == (offer.first_quarter, offer.length, asked)


def _hold_instead(offer: Offer, kept: Booking | None, now: datetime) -> Booking:
    """Hold `offer`, then give back what was kept; before, if that very hold is what stands in the way."""
    try:
        booking = _hold(offer, now)
    except SlotTaken:
        if kept is None or not give_back_hold(booking_id=kept.pk, now=now):
            raise
        return _hold(offer, now)
    if kept is not None and kept.pk != booking.pk:
        give_back_hold(booking_id=kept.pk, now=now)
    return booking


def _hold(offer: Offer, now: datetime) -> Booking:
    return hold_slot(
        request_key=offer.request_key,
        first_quarter=offer.first_quarter,
        length=offer.length,
        parties=parties_of_offer(offer),
        time_zone=offer.time_zone,
        language=(get_language() or "fr")[:2],
        now=now,
        wants_help=offer.wants_help,
        passes=offer.passes,
    )


def _refused(request: HttpRequest, refusal: DomainError, now: datetime) -> HttpResponse:
    data = QueryDict(request.POST.get("search", "")[:2000])
    context, _status = search_context(search_form(data, now), data, now)
    if isinstance(refusal, SlotTaken):
        context["wanted"] = urlencode({"offer": request.POST.get("offer", "")}) + f"&{data.urlencode()}"
    return render(request, PAGE, {**context, "refusal": refusal}, status=refusal.status)
