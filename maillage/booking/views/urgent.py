"""« Notre installation est en panne » : the nearest room that is free now, booked in one act."""

import hashlib
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.booking.domain.contacts import Manner
from maillage.booking.errors.support import NoRoomNow
from maillage.booking.forms.urgent import LoanForm, WhereForm
from maillage.booking.models import PartyKind
from maillage.booking.selectors import organiser_token
from maillage.booking.selectors.places import party_at
from maillage.booking.selectors.urgent import FreeRoom, first_quarter_now, loan_length, rooms_free_now
from maillage.booking.services import book_slot
from maillage.core.errors import DomainError
from maillage.core.throttle import throttled
from maillage.core.words import minutes_words


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@throttled("urgent", most=20, seconds=600)
def urgent(request: HttpRequest) -> HttpResponse:
    """Ask where they are, show at most three rooms free at once, book the one chosen."""
    now = timezone.now()
    where = WhereForm(request.GET if "ou" in request.GET else None)
    if not where.is_bound:
        return render(request, "booking/urgent.html", {"where": where})
    if not where.is_valid():
        return render(request, "booking/urgent.html", {"where": where}, status=422)
    return _offer(request, where, now)


def _offer(request: HttpRequest, where: WhereForm, now: datetime) -> HttpResponse:
    """Show the rooms free now, or book the one chosen."""
    asked = where.cleaned_data["duree"] // 15
    free = rooms_free_now(where.cleaned_data["ou"], head_count=where.cleaned_data["combien"], asked=asked, now=now)
    form = LoanForm(request.POST if request.method == "POST" else None, rooms=_choices(free))
    context: dict[str, Any] = {"where": where, "free": free, "form": form}
    if not free:
        return render(request, "booking/urgent.html", context | {"refusal": NoRoomNow()}, status=409)
    if request.method != "POST":
        return render(request, "booking/urgent.html", context)
    if not form.is_valid():
        return render(request, "booking/urgent.html", context, status=422)
    try:
        token = _take(where, form, free, now)
    except DomainError as refusal:
        return render(request, "booking/urgent.html", context | {"refusal": refusal}, status=refusal.status)
    return HttpResponseRedirect(reverse("booking:meeting", args=[token]), status=303)


def _choices(free: list[FreeRoom]) -> list[tuple[int, str]]:
    said = _("%(point)s, %(room)s, %(minutes)s away")
    return [
        (
            room.offer.room_id,
            said
            % {
                "point": room.offer.point_name,
                "room": room.offer.room_name,
                "minutes": minutes_words(room.way.minutes),
            },
        )
        for room in free
    ]


def _take(where: WhereForm, form: LoanForm, free: list[FreeRoom], now: datetime) -> str:
    """Book the room and return the organiser's token. Pressing twice within the quarter books once."""
    given, commune = where.cleaned_data, where.cleaned_data["ou"]
    first, room_id, contact = first_quarter_now(now), form.cleaned_data["room"], form.contact()
    booking = book_slot(
        request_key=hashlib.sha256(f"urgent|{contact.email}{contact.phone}|{first}|{room_id}".encode()).hexdigest(),
        first_quarter=first,
        length=loan_length(now, given["duree"] // 15),
        parties=(
            party_at(commune, position=0, head_count=given["combien"], room_id=room_id, name=commune.name),
            party_at(None, position=1, head_count=1, kind=PartyKind.BROWSER, name=_("The people you meet")),
        ),
        time_zone=next(room.offer.time_zone for room in free if room.offer.room_id == room_id),
        language=(get_language() or "fr")[:2],
        contact=contact,
        now=now,
        through="link",
        manner=Manner(is_urgent=True),
    )
    return organiser_token(booking)
