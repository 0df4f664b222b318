"""« Préparer la réunion »: the agenda, who may enter and who will be there, by the organiser's link."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.booking.models import BookingStatus
from maillage.booking.selectors.bookings import booking_by_link
from maillage.conference.errors import MeetingOver
from maillage.conference.forms import PlanForm
from maillage.conference.models import Conduct
from maillage.conference.services import dial_code_of, planned_items, prepare_conduct


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, token: str) -> HttpResponse:
    """Show and keep what is prepared. Raises MeetingOver once the booking is no longer to take place."""
    now = timezone.now()
    booking = booking_by_link(token, now)
    if booking.status != BookingStatus.CONFIRMED:
        raise MeetingOver
    conduct = Conduct.objects.filter(booking=booking).first()
    parties = sorted(booking.parties.all(), key=lambda party: party.position)
    form = PlanForm(request.POST or None, parties=parties, conduct=conduct, items=planned_items(conduct))
    if request.method == "POST" and form.is_valid():
        prepare_conduct(
            booking_id=booking.pk,
            entry_rule=form.cleaned_data["entry_rule"],
            items=form.items(),
            introductions=form.introductions(),
            now=now,
        )
        return HttpResponseRedirect(f"{request.path}?garde=1", status=303)
    context = {
        "form": form,
        "token": token,
        "booking": booking,
        "dial_code": dial_code_of(booking_id=booking.pk),
        "join_address": request.build_absolute_uri(reverse("portal:join")),
        "is_kept": "garde" in request.GET,
    }
    return render(request, "conference/prepare.html", context, status=422 if form.errors else 200)
