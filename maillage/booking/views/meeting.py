"""« Ma réunion »: the organiser's page, reached by a signed link, before, during and after the meeting."""

from datetime import datetime, timedelta
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.booking.forms import CancelForm
from maillage.booking.forms.address import AddressForm
from maillage.booking.gateways.calendar import Method, calendar_file
from maillage.booking.models import Booking, BookingStatus, CancelCause, OpeningStatus
from maillage.booking.rights import is_to_come
from maillage.booking.selectors import Meeting, invitation_of, meeting_of
from maillage.booking.selectors.again import next_date, same_again
from maillage.booking.selectors.alternatives import alternatives_of, wish_of
from maillage.booking.selectors.bounces import DeadSide, dead_sides
from maillage.booking.selectors.losses import losses_of
from maillage.booking.selectors.notices import deadline_words
from maillage.booking.selectors.prices import frozen_price
from maillage.booking.selectors.receipts import receipts_of
from maillage.booking.selectors.series import series_address
from maillage.booking.services import cancel_booking
from maillage.booking.views.cards import cards_of
from maillage.booking.views.links import ORGANISER_PURPOSE
from maillage.core.errors import Missing
from maillage.core.links import LinkForged, read_link
from maillage.core.throttle import throttled
from maillage.core.words import day_words, hour_words

JUST_NOW = timedelta(minutes=10)
_REFUSED = {CancelCause.DECLINED, CancelCause.UNANSWERED, CancelCause.NOT_CHOSEN}


@require_GET
@never_cache
def meeting(request: HttpRequest, token: str) -> HttpResponse:
    """Show everything about one meeting: where, when, who, its links, and what can still be changed."""
    now = timezone.now()
    found = meeting_by_link(token, now)
    confirmed_at = found.booking.confirmed_at
    context = page_context(found, now) | {
        "is_new": confirmed_at is not None and now - confirmed_at < JUST_NOW and found.booking.sequence == 0,
        "same_again": same_again(found, now),
        "next_date": next_date(found, now),
        "share_subject": _("Our meeting without the road, %(day)s") % {"day": _day(found)},
        "share_text": _share_text(found),
        "texts": {"copied": _("Copied")},
        "price": frozen_price(found.booking) if confirmed_at else None,
        "is_frozen": True,
        "series_page": series_address(found.booking.series_id) if found.booking.series_id else "",
        "receipts": receipts_of(found.booking.pk),
        "dead": _dead(found, now),
        "losses": losses_of(found.booking) if found.is_changeable(now) else [],
        **_asked(found, now),
    }
    return render(request, "booking/meeting.html", context)


def _dead(found: Meeting, now: datetime) -> list[tuple[DeadSide, AddressForm]]:
    """Return the sides that our letters do not reach, with the form that corrects each, while that still serves."""
    if not is_to_come(found.booking, now=now):
        return []
    sides = dead_sides(found.booking, [side.party for side in found.sides])
    return [(side, AddressForm(position=side.position, address=side.address)) for side in sides]


def _asked(found: Meeting, now: datetime) -> dict[str, Any]:
    """Return the requests to points of a booking that is asked, or what else is free for one that a point refused."""
    booking = found.booking
    if booking.status == BookingStatus.ASKED:
        openings = list(booking.openings.select_related("point"))
        told = [(one, deadline_words(one, booking.time_zone)) for one in openings]
        return {"openings": told, "price": frozen_price(booking)}
    if booking.status == BookingStatus.CANCELLED and booking.cancel_cause in _REFUSED and now < found.start:
        wish = wish_of(booking, first_quarter=booking.first_quarter, end_quarter=booking.end_quarter)
        refused = booking.openings.filter(status=OpeningStatus.REFUSED).select_related("point").first()
        return {"cards": cards_of(wish, alternatives_of(booking, now=now), now=now), "wish": wish, "refused": refused}
    return {}


@require_GET
def calendar_entry(request: HttpRequest, token: str) -> HttpResponse:
    """Give the meeting as a calendar file to download."""
    found = meeting_by_link(token, timezone.now())
    method = Method.CANCEL if found.booking.status == BookingStatus.CANCELLED else Method.PUBLISH
    with override(found.booking.language):
        body = calendar_file(invitation_of(found, found.sides[0]), method)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reunion-{found.booking.reference}.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@throttled("cancel", most=20, seconds=600)
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Ask why, then cancel. A mail scanner that opens the page cancels nothing."""
    now = timezone.now()
    found = meeting_by_link(token, now)
    page = reverse("booking:meeting", args=[token])
    if found.booking.status == BookingStatus.CANCELLED:
        return HttpResponseRedirect(page, status=303)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        cancel_booking(booking_id=found.booking.pk, cause=form.cleaned_data["cause"], through="link", now=now)
        return HttpResponseRedirect(page, status=303)
    status = 422 if request.method == "POST" else 200
    return render(request, "booking/cancel.html", page_context(found, now) | {"form": form}, status=status)


@require_GET
@never_cache
def sheet(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """Show one party's A4 sheet: place, hour, code, what to do on arrival, whom to call."""
    found = meeting_by_link(token, timezone.now())
    side = found.side(position)
    if side is None:
        raise Missing
    return render(
        request,
        "booking/sheet.html",
        page_context(found, timezone.now())
        | {"side": side, "code": _code(side.door), "yes_no_unknown": _("yes,no,ask the place")},
    )


def meeting_by_link(token: str, now: datetime) -> Meeting:
    """Return the meeting that an organiser's link opens. Raises LinkForged, LinkExpired."""
    booking_id = read_link(ORGANISER_PURPOSE, token, now)
    try:
        return meeting_of(booking_id)
    except Booking.DoesNotExist as gone:
        raise LinkForged from gone


def page_context(found: Meeting, now: datetime) -> dict[str, Any]:
    """Return what each page of a meeting shows."""
    return {
        "meeting": found,
        "booking": found.booking,
        "zone": found.booking.time_zone,
        "is_changeable": found.is_changeable(now),
        "is_over": now >= found.end,
    }


def _day(found: Meeting) -> str:
    return day_words(found.booking.first_quarter, found.booking.time_zone)


def _share_text(found: Meeting) -> str:
    """What the organiser's own mail program starts with, before the link."""
    said = {"day": _day(found), "hour": hour_words(found.booking.first_quarter, found.booking.time_zone)}
    return _("Hello,\n\nWe meet on %(day)s, %(hour)s, without travelling. Your link, for that day:") % said


def _code(address: str) -> SafeString:
    """Return `address` as a square that a telephone reads, in SVG."""
    drawing: str = segno.make(address, error="m").svg_inline(border=2, svgclass="code", lineclass=None, omitsize=True)
    return mark_safe(drawing)  # noqa: S308  (drawn by segno from our own address)
