"""Read organisations and their access tokens."""

import hmac
from datetime import datetime
from typing import TypedDict

from django.db.models import QuerySet

from maillage.accounts.models import User
from maillage.actors.domain.tokens import digest_of, prefix_of
from maillage.actors.errors import NotYourOrganisation, TokenOver, TokenUnknown
from maillage.actors.models import ApiToken, Organisation
from maillage.actors.rights import organisations_run_by


class TokensOf(TypedDict):
    """The tokens of an organisation, those that open something first."""

    living: list[ApiToken]
    over: list[ApiToken]


def organisation_run_by(user: User, organisation_id: int) -> Organisation:
    """Return an organisation that `user` runs. Raises NotYourOrganisation, for one that is missing too."""
    found = organisations_run_by(user).filter(pk=organisation_id).first()
    if found is None:
        raise NotYourOrganisation
    return found


def token_presented(text: str, now: datetime) -> ApiToken:
    """Return the token that a program shows. Raises TokenUnknown if forged, cut or revoked; TokenOver. One query."""
    prefix = prefix_of(text)
    found = ApiToken.objects.filter(prefix=prefix, revoked_at=None).first() if prefix else None
    if found is None or not hmac.compare_digest(found.digest, digest_of(text)):
        raise TokenUnknown
    if found.is_over(now):
        raise TokenOver(until=found.expires_at.strftime("%Y-%m-%d"))
    return found


def living_tokens(organisation_id: int, now: datetime) -> QuerySet[ApiToken]:
    """Return the tokens of an organisation that open something now."""
    return ApiToken.objects.filter(organisation=organisation_id, revoked_at=None, expires_at__gt=now)


def tokens_of(organisation_id: int, now: datetime) -> TokensOf:
    """Return all the tokens of an organisation. One query."""
    found = list(ApiToken.objects.filter(organisation=organisation_id).select_related("issued_by")[:200])
    living = [token for token in found if token.revoked_at is None and not token.is_over(now)]
    return TokensOf(living=living, over=[token for token in found if token not in living])
