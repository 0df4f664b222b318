"""How a program says which organisation it works for: `Authorization: Bearer maillage_…`. Without it, it is anybody."""

from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from maillage.actors.domain.tokens import Scope
from maillage.actors.errors import TokenMissing, TokenTooNarrow
from maillage.actors.models import ApiToken
from maillage.actors.selectors import token_presented
from maillage.actors.services import note_use
from maillage.core.throttle import client_address, count_act

ANYBODY: Final = "anybody"


class OrganisationToken(HttpBearer):
    """The token of an organisation. Optional but for what is its own: anonymous limits hold without one."""

    def __call__(self, request: HttpRequest) -> Any:
        """Return the token shown, ANYBODY without one. Raises TokenUnknown, TokenOver."""
        if not request.headers.get("Authorization", "").strip():
            return ANYBODY
        return super().__call__(request) or self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """Return the token of that text, once its address has not tried too many."""
        count_act(request, "token-shown", most=1200, seconds=60)
        return token_presented(token, timezone.now())


organisation_token = OrganisationToken()


def admit(request: HttpRequest, scope: Scope, act: str, *, most: int, seconds: int) -> ApiToken | None:
    """Count an act of the caller: by its token's own limit, else by its address. Return the token, if it shows one.

    Raises TokenTooNarrow, TooMany.
    """
    shown = getattr(request, "auth", ANYBODY)
    if not isinstance(shown, ApiToken):
        count_act(request, act, most=most, seconds=seconds)
        return None
    count_act(request, "token", most=shown.per_minute, seconds=60, caller=shown.prefix)
    if not shown.allows(scope):
        raise TokenTooNarrow(scope=scope.value)
    note_use(shown, timezone.now())
    return shown


def admit_organisation(request: HttpRequest, scope: Scope) -> ApiToken:
    """Return the token of the caller, counted. Raises TokenMissing without one, and as `admit`."""
    token = admit(request, scope, "token-missing", most=60, seconds=60)
    if token is None:
        raise TokenMissing
    return token


def caller_name(request: HttpRequest) -> str:
    """Return what tells a caller from others: its token, else its address."""
    shown = getattr(request, "auth", ANYBODY)
    return f"token:{shown.prefix}" if isinstance(shown, ApiToken) else client_address(request)
