"""The home page and the pages that belong to no other app."""

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_safe

from maillage.portal.domain import read_pasted

_NOTHING = "portal/_nothing.html"
_PRIVATE = ("/r/", "/reunion/", "/ws/", "/api/", "/compte/", "/administration/", "/demo/", "/creneaux")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the sentence to fill in, the three doors and the points below."""
    context = {
        "search_form": ["booking/_search_form.html", _NOTHING],
        "headline": ["usage/_headline.html", _NOTHING],
        "map": ["points/_map.html", _NOTHING],
    }
    return render(request, "portal/home.html", context)


@require_GET
def join(request: HttpRequest) -> HttpResponse:
    """Open the meeting whose link was pasted, or ask who comes with a code; for anything else, say what to do next."""
    typed = request.GET.get("code", "").strip()
    reading = read_pasted(typed[:2000])
    if reading.kind == "link":
        return HttpResponseRedirect(reading.text)
    if reading.kind == "code":
        return HttpResponseRedirect(f"{reverse('conference:join_by_code')}?code={reading.text}")
    return render(
        request,
        "portal/join.html",
        {"typed": typed[:200], "reading": reading},
        status=422 if typed and reading.kind == "unknown" else 200,
    )


@require_GET
def how(request: HttpRequest) -> HttpResponse:
    """Say how a meeting goes, from the search to the room."""
    return render(request, "portal/how.html")


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what was done for everyone to be able to use the site, what is missing, and whom to tell."""
    return render(request, "portal/accessibility.html")


@require_GET
def legal(request: HttpRequest) -> HttpResponse:
    """Say who publishes the site, what is kept about people, and under which licences."""
    return render(request, "portal/legal.html")


@require_GET
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines out of what belongs to people; out of everything in a demonstration."""
    closed = ("/",) if settings.DEMO else _PRIVATE
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_GET
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """Send browsers that ask for the old address of the icon to the one we have."""
    return HttpResponseRedirect(static("favicon.svg"))


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 if this process can read its database, 503 if not. For load balancers and monitors."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unwell", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "well", "database": "reachable"})
