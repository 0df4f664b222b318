"""The pages of a party's link: before, at the door and in the meeting, after. Each works from the link alone."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.booking.models import Party
from maillage.booking.selectors import meeting_of
from maillage.booking.selectors.again import next_date, same_again
from maillage.booking.selectors.ways_in import way_in_of
from maillage.conference.call_texts import call_texts
from maillage.conference.domain.door import Door
from maillage.conference.forms import AfterForm
from maillage.conference.gateways.configured import configured_pool
from maillage.conference.models import Verdict
from maillage.conference.selectors import Guest, guest_by_link
from maillage.conference.selectors.backdrops import backdrops_of
from maillage.conference.selectors.side_talks import corridor_of
from maillage.conference.services import answer_after, can_record, dial_code_of

SHUT = {Door.UNCONFIRMED: 409, Door.LATE: 410, Door.CANCELLED: 410}


def party_context(request: HttpRequest, guest: Guest, token: str) -> dict[str, Any]:
    """Return what each page of a party's link shows."""
    parties = list(Party.objects.filter(booking=guest.booking).select_related("room__point__commune"))
    return {
        "guest": guest,
        "booking": guest.booking,
        "me": guest.party,
        "parties": parties,
        "token": token,
        "texts": call_texts(),
        "voice_line": f"/ws/aide/{token}",
        "can_record": can_record(),
        "has_moved": guest.booking.sequence > 0,
        "call": {
            "token": token,
            "socket": f"/ws/reunion/{token}",
            "bridgeScript": static("bundles/conference/bridge.js"),
            "after": reverse("conference:after", args=[token]),
            "documents": reverse("conference:documents", args=[token]),
            "csrf": get_token(request),
            "party": guest.party.pk,
            "expected": [{"party": party.pk, "name": party.name} for party in parties],
            "backdrops": backdrops_of(parties),
        },
    }


@never_cache
@require_GET
def door(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what the link opens on now: the day to wait for, the door and the meeting, or why it is shut.

    With `?station=1` a room's own screen goes straight in, and back to its own page when there is nothing to enter.
    """
    guest = guest_by_link(token, timezone.now())
    if request.GET.get("station") == "1":
        return _room_screen(request, guest, token)
    if guest.door is Door.OVER:
        return redirect("conference:after", token=token)
    context = party_context(request, guest, token)
    if guest.door is Door.OPEN:
        context["dial_code"] = dial_code_of(booking_id=guest.booking.pk)
        return _call(request, context)
    if guest.door is Door.EARLY:
        return render(request, "conference/early.html", context | {"way_in": way_in_of(guest.party, timezone.now())})
    return render(request, "conference/shut.html", context, status=SHUT[guest.door])


def _room_screen(request: HttpRequest, guest: Guest, token: str) -> HttpResponseBase:
    back = reverse("station:screen")
    if guest.door is not Door.OPEN:
        return redirect(back)
    context = party_context(request, guest, token)
    context["call"] |= {"after": back, "roomScreen": True}
    return _call(request, {**context, "is_room_screen": True})


def _phone_way(guest: Guest) -> dict[str, str] | None:
    """Return the number and the code by which this side may go on by telephone, where the network has a line."""
    if not settings.DIAL_IN_PHONE:
        return None
    return {"number": settings.DIAL_IN_PHONE, "code": dial_code_of(booking_id=guest.booking.pk)}


def _call(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Show the meeting: the one page that may speak to the bridges, where they have addresses of their own."""
    urls = configured_pool().client_urls()
    more = {"phone_way": _phone_way(context["guest"]), "is_bridged": bool(urls) and len(context["parties"]) > 2}
    response = render(request, "conference/call.html", {**context, **more})
    elsewhere = [url for url in urls if not url.startswith("/")]
    if elsewhere:
        response._csp_update = {"connect-src": elsewhere}  # type: ignore[attr-defined]
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def after(request: HttpRequest, token: str) -> HttpResponse:
    """Thank, ask the two questions still unanswered, and keep the answers."""
    guest = guest_by_link(token, timezone.now())
    verdict = Verdict.objects.filter(party=guest.party).first()
    given = {"worked": verdict.worked if verdict else "", "travel_mode": guest.party.travel_mode}
    form = AfterForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        answer_after(party=guest.party, now=timezone.now(), **form.cleaned_data)
        return redirect(f"{request.path}?merci=1")
    context = party_context(request, guest, token)
    context["corridor"] = corridor_of(guest.party, guest.conference, timezone.now())
    context |= {"form": form, "is_thanked": "merci" in request.GET, "can_return": guest.door is Door.OPEN}
    if guest.party.position == 0 and guest.door is not Door.OPEN:
        now, found = timezone.now(), meeting_of(guest.booking.pk)
        context |= {"same_again": same_again(found, now), "next_date": next_date(found, now), "page": found.page}
    return render(request, "conference/after.html", context, status=422 if form.errors else 200)
