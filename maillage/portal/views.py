"""The home page and the pages that belong to no other app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

_NOTHING = "portal/_nothing.html"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the sentence to fill in, the three doors and the points below."""
    context = {
        "search_form": ["booking/_search_form.html", _NOTHING],
        "headline": ["usage/_headline.html", _NOTHING],
        "map": ["points/_map.html", _NOTHING],
    }
    return render(request, "portal/home.html", context)
