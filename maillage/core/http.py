"""What every page needs: the page or its fragment, and a refusal said in plain words."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from maillage.core.errors import DomainError

View = TypeVar("View", bound=Callable[..., Any])


class HtmxHttpRequest(HttpRequest):
    """A request after django-htmx's middleware."""

    htmx: HtmxDetails


def is_swap(request: HttpRequest) -> bool:
    """Tell whether the browser will swap a part of the page, rather than show a whole one."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return bool(htmx) and not (htmx is not None and htmx.history_restore_request)


def wants_problem(request: HttpRequest) -> bool:
    """Tell whether a refusal must be problem+json: under /api/, or for a script that asks for JSON."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json")


def render_page(
    request: HttpRequest, page: str, fragment: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """Render `fragment` for an HTMX swap, `page` for a navigation or a history restore."""
    response = render(request, fragment if is_swap(request) else page, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def render_refusal(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Render a refusal: what happened, that nothing is lost, what to do next, and its code."""
    context = {"sentence": refusal.sentence(), "advice": refusal.advice(), "code": refusal.code}
    return render_page(request, "core/refusal.html", "core/_refusal.html", context, status=refusal.status)


def takes_up_to(size: int) -> Callable[[View], View]:
    """Let the decorated view, the outermost, receive requests of `size` bytes: it takes files."""

    def mark(view: View) -> View:
        view.most_bytes = size  # type: ignore[attr-defined]
        return view

    return mark


def most_taken(request: HttpRequest) -> int:
    """Return how many bytes the view of this request takes."""
    usual: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        view = resolve(request.path_info).func
    except Http404:
        return usual
    return int(getattr(view, "most_bytes", usual))
