"""The demonstration's mailbox: what would have been sent, read on a page. Served only when DEMO is on."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from maillage.core.errors import Missing
from maillage.portal.domain import read_letter
from maillage.portal.models import DemoMail, DemoText

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
FENCE = "; ".join(
    [
        "default-src 'none'",
        "style-src 'unsafe-inline'",  # a mail carries its own style; nothing else may load or run
        "img-src data:",
        "frame-ancestors 'self'",
        "sandbox allow-top-navigation-by-user-activation",
    ]
)


def in_demonstration(view: View[P]) -> View[P]:
    """Answer that there is nothing here unless this is a demonstration."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Missing
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


@require_GET
@in_demonstration
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first, and the last text messages."""
    shelf = Paginator(DemoMail.objects.defer("source"), 50)
    context = {
        "mails": shelf.get_page(request.GET.get("page")),
        "texts": DemoText.objects.all()[:20],
        "zone": settings.TIME_ZONE,
    }
    return render(request, "portal/mailbox.html", context)


@require_GET
@in_demonstration
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail: who to, its page or its text, its files."""
    kept = get_object_or_404(DemoMail, pk=pk)
    letter = read_letter(bytes(kept.source))
    return render(request, "portal/mail.html", {"mail": kept, "letter": letter, "zone": settings.TIME_ZONE})


@require_GET
@in_demonstration
@xframe_options_sameorigin
def mail_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the mail's own page, behind a fence: no script, nothing loaded, links open in the whole window."""
    letter = read_letter(bytes(get_object_or_404(DemoMail, pk=pk).source))
    response = HttpResponse('<!doctype html><base target="_top">' + letter.html)
    response["Content-Security-Policy"] = FENCE
    return response


@require_GET
@in_demonstration
def mail_file(request: HttpRequest, pk: int, index: int) -> HttpResponse:
    """Give one file of the mail to keep."""
    files = read_letter(bytes(get_object_or_404(DemoMail, pk=pk).source)).attachments
    if index >= len(files):
        raise Missing
    response = HttpResponse(files[index].content, content_type=files[index].content_type)
    response["Content-Disposition"] = content_disposition_header(True, files[index].name)
    return response
