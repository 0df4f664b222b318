"""The one form that confirms held rooms, and what happens when the hold has run out."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maillage.booking.errors import HoldExpired
from maillage.booking.forms import ContactForm
from maillage.booking.forms.help import HelpOffered
from maillage.booking.models import Booking, BookingStatus, Party
from maillage.booking.selectors import Meeting, meeting_of
from maillage.booking.selectors.again import same_people
from maillage.booking.selectors.openings import openings_needed
from maillage.booking.selectors.prices import ShownPrice, price_before_confirming
from maillage.booking.selectors.rooms import notice_missed_by_help, offers_in, terms_of
from maillage.booking.selectors.support import support_for
from maillage.booking.selectors.tariffs import Payer
from maillage.booking.services import confirm_booking, hold_slot
from maillage.booking.services.contacts import HELP_AT_THE_START
from maillage.booking.views.links import HOLD_PURPOSE, book_url
from maillage.booking.views.wishes import parties_of_booking
from maillage.core.errors import DomainError
from maillage.core.links import LinkForged, read_link
from maillage.core.throttle import throttled
from maillage.core.words import day_words, hour_words
from maillage.points.selectors.rules import present_rules


@dataclass(frozen=True, slots=True)
class _Held:
    """A booking reached by the link of its hold."""

    meeting: Meeting
    is_open: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@throttled("confirm", most=40, seconds=600)
def book(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form while the rooms are held; confirm them. A hold that ran out is taken again if it is still free."""
    now = timezone.now()
    held = _held_by_link(token, now)
    booking = held.meeting.booking
    settled = {BookingStatus.ASKED, BookingStatus.CONFIRMED, BookingStatus.DONE}
    if booking.status in settled or booking.confirmed_at or booking.openings.exists():
        return HttpResponseRedirect(reverse("booking:meeting", args=[held.meeting.token]), status=303)
    if request.method != "POST":
        if not held.is_open:
            return _expired(request, held.meeting, token)
        price = price_before_confirming(booking, Payer())
        return _form_page(request, held.meeting, _form(held.meeting, now), now, price)
    form = _form(held.meeting, now, request.POST)
    price = price_before_confirming(
        booking, Payer(request.POST.get("email", "")[:254], request.POST.get("category", ""))
    )
    if not form.is_valid():
        return _form_page(request, held.meeting, form, now, price, status=422)
    if _is_above_what_was_shown(price, request.POST.get("price", ""), booking):
        return _form_page(request, held.meeting, form, now, price, status=422, price_rose=True)
    return _confirm(request, held, form, token, now)


@require_POST
@throttled("hold", most=40, seconds=600)
def retake(request: HttpRequest, token: str) -> HttpResponse:
    """Hold the same rooms at the same hour again, once the first hold has run out."""
    now = timezone.now()
    held = _held_by_link(token, now)
    if held.is_open:
        return HttpResponseRedirect(reverse("booking:book", args=[token]), status=303)
    try:
        booking = _hold_again(held.meeting, now)
    except DomainError as refusal:
        return _expired(request, held.meeting, token, refusal)
    return HttpResponseRedirect(book_url(booking), status=303)


def _held_by_link(token: str, now: datetime) -> _Held:
    booking_id = read_link(HOLD_PURPOSE, token, now)
    try:
        meeting = meeting_of(booking_id)
    except Booking.DoesNotExist as gone:
        raise LinkForged from gone
    booking = meeting.booking
    in_time = booking.held_until is not None and now < booking.held_until
    return _Held(meeting, booking.status == BookingStatus.HELD and in_time)


def _confirm(request: HttpRequest, held: _Held, form: ContactForm, token: str, now: datetime) -> HttpResponse:
    """Confirm; when the hold ran out while they were typing, take the rooms again first: nothing typed is lost."""
    booking = held.meeting.booking
    try:
        if not held.is_open:
            booking = _hold_again(held.meeting, now)
        try:
            confirmed = confirm_booking(booking_id=booking.pk, contact=form.contact(), now=now)
        except HoldExpired:
            booking = _hold_again(held.meeting, now)
            confirmed = confirm_booking(booking_id=booking.pk, contact=form.contact(), now=now)
    except DomainError as refusal:
        return _expired(request, held.meeting, token, refusal)
    return HttpResponseRedirect(reverse("booking:meeting", args=[meeting_of(confirmed.pk).token]), status=303)


def _hold_again(meeting: Meeting, now: datetime) -> Booking:
    """Hold what `meeting` held. The key derives from the former one: pressing twice makes one booking."""
    former = meeting.booking
    return hold_slot(
        request_key=hashlib.sha256(f"{former.request_key}:again:{former.pk}".encode()).hexdigest()[:48],
        first_quarter=former.first_quarter,
        length=former.length,
        parties=parties_of_booking(side.party for side in meeting.sides),
        time_zone=former.time_zone,
        language=(get_language() or "fr")[:2],
        now=now,
        wants_help=former.wants_help,
        passes=terms_of(former).passes,
    )


def _form(meeting: Meeting, now: datetime, data: QueryDict | None = None) -> ContactForm:
    """Return the form of a meeting; help is not offered where nobody could be there in time."""
    booking = meeting.booking
    late = 0 if booking.wants_help else notice_missed_by_help(booking, now=now)
    offered = HelpOffered(
        start=support_for(booking.first_quarter, min(booking.length, HELP_AT_THE_START)),
        whole=support_for(booking.first_quarter, booking.length),
        takes_minutes=late,
        is_wanted=booking.wants_help,
    )
    return ContactForm(data, others=_others(meeting), offered=offered)


def _others(meeting: Meeting) -> list[Party]:
    return [side.party for side in meeting.others]


def _is_above_what_was_shown(price: ShownPrice | None, shown: str, booking: Booking) -> bool:
    """Tell whether these people would be asked more than the button said, or than a page without a price did."""
    if price is None or not price.total_cents:
        return False
    if shown.isascii() and shown.isdigit():
        return price.total_cents > int(shown)
    first = price_before_confirming(booking, Payer())
    return first is None or price.total_cents > first.total_cents


def _form_page(
    request: HttpRequest,
    meeting: Meeting,
    form: ContactForm,
    now: datetime,
    price: ShownPrice | None,
    *,
    status: int = 200,
    price_rose: bool = False,
) -> HttpResponse:
    held_until = meeting.booking.held_until or now
    context = {
        "meeting": meeting,
        "booking": meeting.booking,
        "form": form,
        "price": price,
        "price_rose": price_rose,
        "openings": _openings(meeting.booking, now),
        "house_rules": present_rules({side.point.pk for side in meeting.sides if side.point}),
        "minutes_left": max(1, int((held_until - now).total_seconds() // 60)),
        "other_hours": same_people(meeting, timezone.now()),
    }
    return render(request, "booking/book.html", context, status=status)


def _openings(booking: Booking, now: datetime) -> list[tuple[str, str]]:
    """Return the points that will be asked, each with the words of its deadline; none once it is too late to ask."""
    zone = booking.time_zone
    try:
        offers = offers_in(booking.parties.values_list("room_id", flat=True))
        needed = openings_needed(offers, booking.first_quarter, booking.length, now=now)
    except DomainError:
        return []
    return [(one.point_name, f"{day_words(one.deadline, zone)}, {hour_words(one.deadline, zone)}") for one in needed]


def _expired(request: HttpRequest, meeting: Meeting, token: str, refusal: DomainError | None = None) -> HttpResponse:
    context = {
        "meeting": meeting,
        "booking": meeting.booking,
        "token": token,
        "refusal": refusal,
        "other_hours": same_people(meeting, timezone.now()),
    }
    return render(request, "booking/hold_expired.html", context, status=refusal.status if refusal else 410)
