"""« Répéter »: a meeting that comes back, its dates shown one by one, settled, confirmed in one act; then its page."""

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.booking.domain.contacts import Contact
from maillage.booking.domain.recurrence import Recurrence
from maillage.booking.errors.series import UnknownSeries
from maillage.booking.forms.repeat import LEFT_OUT, UNDECIDED, RepeatForm, choices_of
from maillage.booking.models import BookingStatus, CancelCause
from maillage.booking.selectors import Meeting, organiser_token
from maillage.booking.selectors.openings import names_of_givers
from maillage.booking.selectors.rooms import terms_of
from maillage.booking.selectors.series import DatePreview, preview_series, series_address, series_by_link
from maillage.booking.services.series import SeriesRequest, book_series, cancel_rest
from maillage.booking.views.meeting import meeting_by_link, page_context
from maillage.booking.views.wishes import parties_of_booking
from maillage.core.errors import DomainError
from maillage.core.quarters import moment_of, quarter_of
from maillage.core.throttle import throttled
from maillage.core.words import hour_words

_DEFAULT = {"kind": "weekly", "times": "3"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@throttled("series", most=60, seconds=600)
def repeat(request: HttpRequest, token: str) -> HttpResponse:
    """Show the dates of a rule beside what is free; book them all once each is settled, or none."""
    now = timezone.now()
    found = meeting_by_link(token, now)
    if found.booking.status not in {BookingStatus.CONFIRMED, BookingStatus.DONE}:
        return HttpResponseRedirect(reverse("booking:meeting", args=[token]), status=303)
    data: Any = request.POST if request.method == "POST" else request.GET
    form = RepeatForm(data if "kind" in data else _DEFAULT)
    if not form.is_valid():
        return _page(request, found, form, [], now, status=422)
    rule = form.rule(found.start.date(), found.start.time(), found.zone)
    try:
        previews = _previews(found, rule, now)
    except DomainError as refusal:
        return _page(request, found, form, [], now, refusal=refusal, status=refusal.status)
    if request.method != "POST" or "confirm" not in data:
        return _page(request, found, form, previews, now)
    try:
        series = book_series(_request(found, rule, previews, data), all_or_nothing=True, now=now)
    except DomainError as refusal:
        return _page(request, found, form, previews, now, refusal=refusal, status=refusal.status)
    return HttpResponseRedirect(series_address(series.pk), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@throttled("series-cancel", most=20, seconds=600)
def series(request: HttpRequest, token: str) -> HttpResponse:
    """Show the dates of a series, each with its page; cancel those left when the button is pressed."""
    now = timezone.now()
    found = series_by_link(token, now)
    if request.method == "POST":
        cancel_rest(series_id=found.pk, from_quarter=quarter_of(now), cause=CancelCause.ORGANISER, now=now)
        return HttpResponseRedirect(request.path, status=303)
    dates = [(date, organiser_token(date.booking) if date.booking else "") for date in found.dates.all()]
    shown = [(date, link) for date, link in dates if date.booking]
    if not shown:
        raise UnknownSeries
    left = [date for date, _link in shown if _is_left(date.booking, now)]
    return render(request, "booking/series.html", {"series": found, "dates": shown, "left": len(left)})


def _is_left(booking: Any, now: datetime) -> bool:
    return booking.status in {BookingStatus.ASKED, BookingStatus.CONFIRMED} and moment_of(booking.first_quarter) > now


def _previews(found: Meeting, rule: Recurrence, now: datetime) -> list[DatePreview]:
    parties = parties_of_booking(side.party for side in found.sides)
    return preview_series(
        rule, length=found.booking.length, parties=parties, now=now, passes=terms_of(found.booking).passes
    )


def _request(found: Meeting, rule: Recurrence, previews: list[DatePreview], data: QueryDict) -> SeriesRequest:
    """Return what was settled. The key of the page makes a second press harmless."""
    booking = found.booking
    contact = Contact(
        name=booking.organiser_name,
        email=booking.organiser_email,
        phone=booking.organiser_phone,
        category=booking.category,
        title=booking.title,
        wants_help=booking.wants_help,
        travel_mode=found.sides[0].party.travel_mode,
        guests=tuple(side.party.email for side in found.sides[1:]),
    )
    return SeriesRequest(
        request_key=f"{booking.pk.hex}-{data.get('key', '')[:24]}",
        rule=rule,
        length=booking.length,
        parties=parties_of_booking(side.party for side in found.sides),
        choices=choices_of(previews, data),
        time_zone=booking.time_zone,
        language=booking.language,
        contact=contact,
        passes=terms_of(booking).passes,
    )


def _page(
    request: HttpRequest,
    found: Meeting,
    form: RepeatForm,
    previews: list[DatePreview],
    now: datetime,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = [(preview, _options(found, preview, request.POST)) for preview in previews[1:]]
    context = page_context(found, now) | {
        "form": form,
        "rows": rows,
        "refusal": refusal,
        "key": request.POST.get("key") or secrets.token_hex(8),
        "askers": names_of_givers(side.party.room_id for side in found.sides),
        "unsettled": sum(1 for preview in previews[1:] if preview.state in {"taken", "no-such-hour"}),
    }
    return render(request, "booking/repeat.html", context, status=status)


def _options(found: Meeting, preview: DatePreview, data: QueryDict) -> list[tuple[str, str, bool]]:
    """Return what may be decided for a date: value, words, chosen or not. Nothing for a date that cannot be booked."""
    if preview.state in {"past", "too-far"}:
        return []
    zone = found.booking.time_zone
    first = (UNDECIDED, _("Choose…"))
    if preview.state == "free" and preview.date.quarter is not None:
        first = (str(preview.date.quarter), _("at %(hour)s") % {"hour": hour_words(preview.date.quarter, zone)})
    options = [first]
    options += [
        (str(quarter), _("at %(hour)s instead") % {"hour": hour_words(quarter, zone)})
        for quarter in preview.other_hours
    ]
    if len(preview.taken) == 1:
        options += [
            (
                f"{preview.date.quarter}:{other.position}={other.room.room_id}",
                _("in %(room)s instead") % {"room": f"{other.room.point_name}, {other.room.room_name}"},
            )
            for other in preview.other_rooms
        ]
    options.append((LEFT_OUT, _("leave this date out")))
    said = data.get(f"date_{preview.position}", options[0][0])
    return [(value, words, value == said) for value, words in options]
