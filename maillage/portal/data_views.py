"""« Mes données »: what is kept, why, how long; and for who proves an address, what is kept of them and its end."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.core.errors import DomainError
from maillage.core.forgetting import Person, erase_person, kinds
from maillage.core.throttle import throttled
from maillage.portal.services import ask_erasure, confirm_erasure, request_by_link

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@never_cache
@throttled("my-data", most=20, seconds=600)
def my_data(request: HttpRequest) -> HttpResponse:
    """Show the register; take an address and say the same whether it is known or not."""
    context: dict[str, object] = {"kinds": kinds()}
    status = 200
    if request.method == "POST":
        typed = request.POST.get("reach", "")[:254]
        try:
            ask_erasure(typed=typed, language=get_language() or "fr", now=timezone.now())
            context["is_asked"] = True
        except DomainError as refusal:
            context |= {"refusal": refusal, "typed": typed}
            status = refusal.status
    return render(request, "portal/my_data.html", context, status=status)


@require_http_methods(_METHODS)
@never_cache
@throttled("erase", most=20, seconds=600)
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is kept of somebody; erase it when they press the button. Opening the page erases nothing."""
    now = timezone.now()
    asked = request_by_link(token, now)
    is_done = request.method == "POST"
    if is_done:
        found = confirm_erasure(request_id=asked.pk, now=now)
    else:
        found = erase_person(Person(asked.email, asked.phone), now, really=False)
    rows = [(kind, found[kind.name]) for kind in kinds() if kind.name in found]
    context = {
        "reach": asked.email or asked.phone,
        "rows": rows,
        "is_done": is_done,
        "has_more": any(one.erased for _kind, one in rows),
        "kept": [(kind, one) for kind, one in rows if one.kept],
    }
    return render(request, "portal/erase.html", context)
