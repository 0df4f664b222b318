"""« Nous sommes là »: by a link, one press; and the facilitator's list of who came today."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.booking.domain.no_shows import EARLIEST_SIGN
from maillage.booking.errors import UnknownBooking
from maillage.booking.errors.rooms import NoRoomToLookAfter
from maillage.booking.models import BookingStatus, CancelCause, Party, SignKind
from maillage.booking.selectors import meeting_of
from maillage.booking.selectors.again import same_again
from maillage.booking.selectors.turnouts import Coming, often_absent, presence_by_link, todays_comings
from maillage.booking.services.turnouts import check_in, release_deserted
from maillage.booking.views.planning import agent_of
from maillage.core.errors import DomainError
from maillage.core.quarters import moment_of
from maillage.core.throttle import throttled
from maillage.points.rights import rooms_looked_after

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@never_cache
@throttled("presence", most=30, seconds=600)
def presence(request: HttpRequest, token: str) -> HttpResponse:
    """Let people say that they are there. A mail scanner that opens the page says nothing."""
    now = timezone.now()
    party = presence_by_link(token, now)
    if request.method != "POST":
        return render(request, "booking/presence.html", _presence(party, now))
    try:
        check_in(booking_id=party.booking_id, sign=SignKind.PRESSED, party_id=party.pk, now=now)
    except DomainError as refusal:
        context = _presence(presence_by_link(token, now), now) | {"refusal": refusal}
        return render(request, "booking/presence.html", context, status=refusal.status)
    return HttpResponseRedirect(request.path, status=303)


@login_required
@require_http_methods(_METHODS)
@never_cache
def comings(request: HttpRequest) -> HttpResponse:
    """Show who came today in the rooms of an agent; note that people are there, or that nobody came."""
    now = timezone.now()
    agent = agent_of(request)
    rooms = rooms_looked_after(agent)
    refusal = None
    if request.method == "POST":
        try:
            _note(request, todays_comings(rooms, now), now, agent.pk)
            return HttpResponseRedirect(reverse("booking:comings"), status=303)
        except DomainError as refused:
            refusal = refused
    if not rooms.exists():
        raise NoRoomToLookAfter
    context = {"comings": todays_comings(rooms, now), "absent": often_absent(rooms, now), "refusal": refusal}
    return render(request, "booking/comings.html", context, status=refusal.status if refusal else 200)


def _note(request: HttpRequest, shown: list[Coming], now: datetime, agent_id: int) -> None:
    """Do what a button asks of one of the meetings shown. Raises UnknownBooking for any other."""
    pressed = request.POST.get("party", "")
    coming = next((one for one in shown if str(one.party.pk) == pressed), None)
    if coming is None:
        raise UnknownBooking
    if request.POST.get("act") == "deserted":
        release_deserted(booking_id=coming.booking.pk, now=now, through="agent", agent_id=agent_id)
    else:
        check_in(booking_id=coming.booking.pk, sign=SignKind.SEEN, party_id=coming.party.pk, now=now, agent_id=agent_id)


def _presence(party: Party, now: datetime) -> dict[str, Any]:
    booking = party.booking
    turnout = getattr(booking, "turnout", None)
    is_released = booking.status == BookingStatus.CANCELLED and booking.cancel_cause == CancelCause.NO_SHOW
    is_closed = booking.status != BookingStatus.CONFIRMED or now >= moment_of(booking.end_quarter)
    return {
        "party": party,
        "booking": booking,
        "turnout": turnout,
        "is_released": is_released,
        "is_closed": is_closed,
        "is_early": now < moment_of(booking.first_quarter) - EARLIEST_SIGN,
        "again": same_again(meeting_of(booking.pk), now) if is_released and party.position == 0 else "",
    }
