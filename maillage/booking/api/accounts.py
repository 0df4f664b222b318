"""The accountant's rows of an organisation: for its own programs, by its token."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router

from maillage.actors.api import admit_organisation, organisation_token
from maillage.actors.domain.tokens import Scope
from maillage.booking.api.routes import REFUSALS
from maillage.booking.domain.accounts import AccountRow, check_accounts_period
from maillage.booking.selectors.receipts import account_rows

router = Router(tags=["booking"], auth=organisation_token)


@router.get(
    "/accounts",
    response={200: list[AccountRow], **REFUSALS},
    operation_id="read_accounts",
    summary="Read the accounts of an organisation",
)
def accounts(
    request: HttpRequest,
    first_day: Annotated[date, Query(description="included")],
    last_day: Annotated[date, Query(description="included; 366 days at most")],
) -> list[AccountRow]:
    """Return one row for each line of each receipt that the organisation issued, by number.

    With a token that allows "export"; names of columns are those of the accountant's file.
    """
    token = admit_organisation(request, Scope.EXPORT)
    check_accounts_period(first_day, last_day)
    return list(account_rows(token.organisation_id, first_day, last_day, ZoneInfo(settings.TIME_ZONE)))
