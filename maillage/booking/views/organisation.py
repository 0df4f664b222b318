"""The page of an organisation, for who runs it: accesses of its programs, its accounts as a file."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.actors.errors import NotYourOrganisation
from maillage.actors.models import Organisation
from maillage.actors.rights import organisations_run_by
from maillage.actors.selectors import organisation_run_by, tokens_of
from maillage.actors.services import issue_token, revoke_token
from maillage.booking.domain.accounts import accounts_csv, check_accounts_period
from maillage.booking.forms.organisation import AccountsForm, TokenForm
from maillage.booking.selectors.receipts import account_rows
from maillage.booking.views.planning import agent_of
from maillage.core.errors import DomainError

_PAGE = "booking/organisation.html"


@require_GET
@login_required
@never_cache
def organisations(request: HttpRequest) -> HttpResponse:
    """List the organisations that somebody runs; go straight to the only one."""
    run = list(organisations_run_by(agent_of(request)).order_by("name")[:500])
    if not run:
        raise NotYourOrganisation
    if len(run) == 1:
        return HttpResponseRedirect(reverse("booking:organisation", args=[run[0].pk]))
    return render(request, "booking/organisations.html", {"organisations": run})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Show the accesses of an organisation; make one, whose text is on the answer alone, or revoke one."""
    now, agent = timezone.now(), agent_of(request)
    found = organisation_run_by(agent, organisation_id)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act.startswith("revoke"):
        number = act.removeprefix("revoke")
        token_id = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
        revoke_token(organisation_id=found.pk, token_id=token_id, agent_id=agent.pk, now=now)
        return HttpResponseRedirect(f"{request.path}?retire=1", status=303)
    form = TokenForm(request.POST if act == "issue" else None)
    if act != "issue":
        return _page(request, found, now, form=form)
    if not form.is_valid():
        return _page(request, found, now, 422, form=form)
    try:
        token, text = issue_token(organisation_id=found.pk, wish=form.wish(), agent_id=agent.pk, now=now)
    except DomainError as refusal:
        return _page(request, found, now, refusal.status, form=form, refusal=refusal)
    return _page(request, found, now, form=TokenForm(), made=token, text=text)


@require_GET
@login_required
@never_cache
def accounts_file(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Give the accountant's file of an organisation."""
    now = timezone.now()
    found = organisation_run_by(agent_of(request), organisation_id)
    zone = ZoneInfo(settings.TIME_ZONE)
    form = AccountsForm(request.GET, today=now.astimezone(zone).date())
    if not form.is_valid():
        return _page(request, found, now, 422, form=TokenForm(), accounts=form)
    first_day, last_day = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
    try:
        check_accounts_period(first_day, last_day)
    except DomainError as refusal:
        return _page(request, found, now, refusal.status, form=TokenForm(), accounts=form, refusal=refusal)
    answer = HttpResponse(accounts_csv(account_rows(found.pk, first_day, last_day, zone)), content_type="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="comptes-{first_day}-{last_day}.csv"'
    return answer


def _page(request: HttpRequest, found: Organisation, now: datetime, status: int = 200, **shown: Any) -> HttpResponse:
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    context = {
        "organisation": found,
        "accounts": AccountsForm(today=today),
        "is_revoked": "retire" in request.GET,
        "zone": settings.TIME_ZONE,
        "api_address": f"{settings.BASE_URL}/api/v1/",
        **tokens_of(found.pk, now),
        **shown,
    }
    return render(request, _PAGE, context, status=status)
