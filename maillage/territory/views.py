"""Suggestions of communes while a person types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from maillage.territory.selectors import find_communes


@require_GET
@cache_control(public=True, max_age=3600)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer the communes that `q` may mean as options of a list box; none for less than two characters."""
    query = request.GET.get("q", "").strip()
    communes = find_communes(query) if len(query) >= 2 else []
    context = {"communes": communes, "count": len(communes), "query": query}
    return render(request, "territory/_suggestions.html", context)
