"""Public sessions: the list, one session where a seat is taken, the page of a seat; the organiser's form and lists."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.booking.errors.broadcasts import NoPlaceToReceive, UnknownSession
from maillage.booking.forms.broadcast import SeatForm, SessionForm
from maillage.booking.selectors.broadcasts import (
    attendees,
    seat_by_link,
    session_by_slug,
    session_of,
    sessions_to_come,
    turn_of,
)
from maillage.booking.services.broadcasts import cancel_seat, publish_session, reserve_seat
from maillage.booking.views.meeting import meeting_by_link, page_context
from maillage.booking.views.planning import agent_of
from maillage.core.errors import DomainError
from maillage.core.throttle import throttled
from maillage.points.models import Point
from maillage.points.rights import rooms_looked_after


@require_GET
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """List the public sessions to come."""
    return render(request, "booking/sessions.html", {"sessions": sessions_to_come(timezone.now())})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@throttled("seat", most=20, seconds=600)
def session(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one session and its places; give a seat, or a turn in the waiting list."""
    now = timezone.now()
    found = session_by_slug(slug)
    form = SeatForm(request.POST if request.method == "POST" else None, places=found.places)
    context: dict[str, Any] = {"session": found, "form": form, "is_bookable": found.is_bookable(now)}
    if request.method != "POST":
        return render(request, "booking/session.html", context)
    if not form.is_valid():
        return render(request, "booking/session.html", context, status=422)
    given = form.cleaned_data
    try:
        seat = reserve_seat(
            place_id=given["place"],
            name=given["name"],
            reach=given["reach"],
            language=(get_language() or "fr")[:2],
            now=now,
        )
    except DomainError as refusal:
        return render(request, "booking/session.html", context | {"refusal": refusal}, status=refusal.status)
    return render(request, "booking/seat_asked.html", {"session": found, "seat": seat, "reach": given["reach"]})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@throttled("seat-cancel", most=20, seconds=600)
def seat(request: HttpRequest, token: str) -> HttpResponse:
    """Show somebody their seat; give it back when the button is pressed."""
    now = timezone.now()
    found = seat_by_link(token, now)
    if request.method == "POST":
        cancel_seat(seat_id=found.pk, through="link", now=now)
        return HttpResponseRedirect(request.path, status=303)
    context = {
        "seat": found,
        "session": found.broadcast,
        "booking": found.broadcast.booking,
        "turn": turn_of(found) if found.is_waiting else 0,
    }
    return render(request, "booking/seat.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@throttled("session-publish", most=20, seconds=600)
def publish(request: HttpRequest, token: str) -> HttpResponse:
    """Let the organiser make a meeting public: the first place speaks, the others receive."""
    now = timezone.now()
    found = meeting_by_link(token, now)
    sides = [side for side in found.others if side.room]
    known = session_of(found.booking)
    form = SessionForm(
        request.POST if request.method == "POST" else None, sides=sides, known=known.broadcast if known else None
    )
    context = page_context(found, now) | {"form": form, "session": known, "receiving": sides}
    if request.method != "POST":
        refusal = None if sides else NoPlaceToReceive()
        return render(request, "booking/publish.html", context | {"refusal": refusal})
    if not form.is_valid():
        return render(request, "booking/publish.html", context, status=422)
    given = form.cleaned_data
    try:
        published = publish_session(
            booking_id=found.booking.pk,
            title=given["title"],
            description=given["description"],
            seats=form.seats(),
            is_open=given["is_open"],
            now=now,
        )
    except DomainError as refused:
        return render(request, "booking/publish.html", context | {"refusal": refused}, status=refused.status)
    return HttpResponseRedirect(reverse("booking:session", args=[published.slug]), status=303)


@require_GET
@never_cache
def attendee_list(request: HttpRequest, token: str) -> HttpResponse:
    """Show the organiser who is expected where, to print."""
    found = meeting_by_link(token, timezone.now())
    known = session_of(found.booking)
    if known is None:
        raise UnknownSession
    return render(request, "booking/attendees.html", {"session": known, "places": attendees(known.broadcast)})


@require_GET
@login_required
@never_cache
def expected(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a facilitator who is expected in the rooms they look after, to print."""
    known = session_by_slug(slug)
    points = Point.objects.filter(rooms__in=rooms_looked_after(agent_of(request)))
    places = attendees(known.broadcast, points)
    if not places:
        raise UnknownSession
    return render(request, "booking/attendees.html", {"session": known, "places": places})
