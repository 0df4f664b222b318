"""Pages that every app relies on: refusals, the network's theme, the language, the component sheet."""

from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from maillage.core.errors import DomainError, Forbidden, Missing
from maillage.core.http import render_refusal, wants_problem
from maillage.core.metrics import exposition
from maillage.core.problems import problem
from maillage.core.short_links import path_behind
from maillage.core.specimens import NOTICE_KINDS, specimen_form
from maillage.core.theme import Scheme, current_network, house_colours, theme_sheet
from maillage.core.throttle import throttled


class FormTooOld(Forbidden):
    """A form whose secret does not match the browser's: open too long, cookies refused, or sent by another site."""

    code = "form-too-old"
    message = gettext_noop("This form was open for too long, or your browser refuses our cookies.")
    next_step = gettext_noop("Go back, load the page again and send it once more: nothing was done.")


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures of the service to whoever holds the token; to others there is no such page."""
    token = settings.METRICS_TOKEN
    if not token or not compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}"):
        raise Missing
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language for a year and go back to the page."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponse(status=303, headers={"Location": back})
    if check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax", secure=settings.SECURE
        )
    return response


@require_GET
@cache_control(public=True, max_age=3600)
def theme_css(request: HttpRequest) -> HttpResponse:
    """Answer the network's own colours as design tokens."""
    return HttpResponse(theme_sheet(current_network()), content_type="text/css")


@require_GET
@throttled("short", most=60, seconds=600, methods=("GET",))
def short(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from the short address of a text message to the page it stands for."""
    return HttpResponseRedirect(path_behind(code, timezone.now()))


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Show every component in every state, for those who build pages."""
    titles: dict[Scheme, str] = {"light": _("Light"), "dark": _("Dark")}
    panels = [
        {
            "scheme": scheme,
            "title": title,
            "fresh": specimen_form(scheme, refused=False),
            "refused": specimen_form(scheme, refused=True),
        }
        for scheme, title in titles.items()
    ]
    context = {"panels": panels, "colour_names": list(house_colours("light")), "kinds": NOTICE_KINDS}
    return render(request, "core/components.html", context)


def _refuse(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    return problem(refusal) if wants_problem(request) else render_refusal(request, refusal)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing at this address."""
    return _refuse(request, Missing())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this is not open to the person."""
    return _refuse(request, Forbidden())


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that we failed, without touching the database or the session."""
    context = {
        "sentence": _("Something broke on our side."),
        "advice": _("What you entered before this page is kept. Try again in a minute, or call us."),
        "code": "server-error",
    }
    return render(request, "core/refusal.html", context, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form cannot be trusted, most often because it stayed open too long. Named by CSRF_FAILURE_VIEW."""
    return _refuse(request, FormTooOld())
