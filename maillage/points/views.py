"""The directory of points: a list that filters, a map beside it, a page for each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from maillage.core.http import render_page
from maillage.core.throttle import throttled
from maillage.points.errors import UnknownPoint
from maillage.points.forms import DirectoryForm, ReachForm
from maillage.points.selectors import find_points, nearest_points, point_by_slug, points_named, present_needs
from maillage.points.selectors.reach import reachable
from maillage.points.selectors.rules import present_rules
from maillage.points.words import hours_sentences
from maillage.territory.selectors import find_communes

LISTED = 60


@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    """List the points that suit, nearest first when a town is asked for; each change of the form swaps the list."""
    form = DirectoryForm(request.GET, present=present_needs())
    if not form.is_valid():
        return render_page(request, "points/map.html", "points/_point_list.html", {"form": form}, status=422)
    asked = form.cleaned_data
    found = find_points(asked["q"], head_count=asked["people"] or 1, needs=asked["need"], limit=LISTED)
    is_filtered = bool(asked["q"] or asked["people"] or asked["need"])
    context = {"form": form, "directory": found, "is_filtered": is_filtered, "people": asked["people"]}
    return render_page(request, "points/map.html", "points/_point_list.html", context)


@require_GET
@cache_control(public=True, max_age=600)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer the towns and the listed points that `q` may mean as options of a list box; none for a single letter."""
    query = request.GET.get("q", "").strip()[:160]
    is_enough = len(query) >= 2
    communes = find_communes(query, 6) if is_enough else []
    points = [point for point in points_named(query, 4) if point.is_listed] if is_enough else []
    context = {"communes": communes, "points": points, "count": len(communes) + len(points), "query": query}
    return render(request, "points/_suggestions.html", context)


@require_GET
@throttled("reach", most=120, seconds=60, methods=("GET",))
def reach(request: HttpRequest) -> HttpResponse:
    """Answer « Can they be reached? » for a town or an organisation, each with a button that starts a search."""
    form = ReachForm(request.GET if "q" in request.GET else None)
    context: dict[str, object] = {"form": form}
    if form.is_bound and not form.is_valid():
        return render_page(request, "points/reach.html", "points/_reachable.html", context, status=422)
    if form.is_bound:
        context |= {"found": reachable(form.cleaned_data["q"]), "asked": form.cleaned_data["q"]}
    return render_page(request, "points/reach.html", "points/_reachable.html", context)


@require_GET
def point(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a point: what it is, when it opens, its rooms, how to come, where its record comes from, others nearby."""
    shown = point_by_slug(slug)
    rooms = [(room, hours_sentences(room.hours) if room.hours else []) for room in shown.rooms.all()]
    context = {
        "point": shown,
        "hours": hours_sentences(shown.hours),
        "rooms": rooms,
        "status_changes": shown.status_changes.all(),
        "nearby": nearest_points(shown),
    }
    return render(request, "points/point.html", context)


@require_GET
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the house rules of a point as they stand."""
    shown = point_by_slug(slug)
    present = present_rules([shown.pk])
    if not present:
        raise UnknownPoint
    return render(request, "points/rules.html", {"point": shown, "rules": present[0]})
