"""« Le couloir »: after the meeting, two sides choose each other and talk apart for some minutes."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.conference.selectors import guest_by_link
from maillage.conference.selectors.side_talks import corridor_of, open_talk_of
from maillage.conference.services.side_talks import give_up_side_talk, wish_side_talk
from maillage.conference.views.pages import party_context
from maillage.core.throttle import throttled


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("side-talk", most=60, seconds=600)
def corridor(request: HttpRequest, token: str) -> HttpResponse:
    """Show with whom this side may stay, or note its choice: the number of the other side, nothing to give up."""
    now = timezone.now()
    guest = guest_by_link(token, now)
    if request.method == "POST":
        wanted = request.POST.get("wanted", "")
        if wanted.isdecimal() and guest.conference is not None:
            wish_side_talk(party=guest.party, conference_id=guest.conference.pk, wanted_id=int(wanted), now=now)
        else:
            give_up_side_talk(party=guest.party)
        return HttpResponseRedirect(reverse("conference:after", args=[token]), status=303)
    context = {"corridor": corridor_of(guest.party, guest.conference, now), "token": token}
    return render(request, "conference/_corridor.html", context)


@never_cache
@require_GET
def side_talk(request: HttpRequest, token: str) -> HttpResponse:
    """Show the call of the two sides, or lead back once it is over."""
    now = timezone.now()
    guest = guest_by_link(token, now)
    talk = open_talk_of(guest.party, now)
    if talk is None:
        return redirect("conference:after", token=token)
    context = party_context(request, guest, token)
    sides = [{"party": side.pk, "name": side.name} for side in (talk.first, talk.second)]
    context["call"] |= {"token": f"{token}-side-{talk.pk}", "socket": f"/ws/couloir/{token}", "expected": sides}
    return render(request, "conference/call.html", {**context, "is_side_talk": True, "talk": talk})
