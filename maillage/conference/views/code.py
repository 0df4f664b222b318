"""« Rejoindre avec un code »: six digits and a name open the meeting to a guest with nothing but a browser."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.booking.selectors.bookings import party_token
from maillage.conference.forms import CodeForm, fresh_request_key
from maillage.conference.services import enter_by_code
from maillage.core.errors import DomainError
from maillage.core.throttle import client_address, throttled


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("join-by-code", most=30, seconds=600)
def join_by_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code and a name, then open the door. Whether a code exists is told to nobody outside its time."""
    if request.method != "POST":
        initial = {"code": request.GET.get("code", "")[:12], "request_key": fresh_request_key(), "head_count": 1}
        return render(request, "conference/code.html", {"form": CodeForm(initial=initial)})
    form = CodeForm(request.POST)
    if not form.is_valid():
        return render(request, "conference/code.html", {"form": form}, status=422)
    try:
        party = enter_by_code(**form.cleaned_data, address=client_address(request), now=timezone.now())
    except DomainError as refusal:
        context = {"form": form, "refusal": refusal}
        return render(request, "conference/code.html", context, status=refusal.status)
    return HttpResponseRedirect(reverse("conference:door", args=[party_token(party)]), status=303)
