"""Write what is known of organisations; make and revoke their access tokens."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from maillage.actors.domain.files import WayRecord
from maillage.actors.domain.tokens import MOST_LIVING, Scope, secret_from
from maillage.actors.errors import NoSuchToken, TokenNameTaken, TooManyTokens, WaysUnreadable
from maillage.actors.models import ApiToken, Organisation, OrganisationKind, WayToCall
from maillage.actors.selectors import living_tokens
from maillage.core.journal import record
from maillage.territory.models import Commune


@transaction.atomic
def import_ways(*, records: Sequence[WayRecord], file: str, is_demonstration: bool) -> int:
    """Write the ways to call organisations, adding those that are not known; return how many ways are new.

    The same file twice changes nothing. Raises WaysUnreadable if a commune or a kind of organisation is unknown.
    """
    communes = Commune.objects.in_bulk({way.insee for way in records if way.insee})
    added = 0
    for line, way in enumerate(records, start=2):
        if way.insee and way.insee not in communes:
            raise WaysUnreadable(file=file, line=line, reason=f"commune {way.insee} is not imported")
        if way.nature not in OrganisationKind.values:
            raise WaysUnreadable(file=file, line=line, reason=f"unknown kind {way.nature}")
        organisation, _created = Organisation.objects.get_or_create(
            name=way.organisation,
            defaults={"kind": way.nature, "commune": communes.get(way.insee), "source": way.source},
        )
        _way, is_new = WayToCall.objects.update_or_create(
            organisation=organisation,
            kind=way.kind,
            address=way.address,
            defaults={
                "note": way.note,
                "source": way.source,
                "checked_on": way.checked_on,
                "answers_rooms": way.answers_rooms and bool(way.address),
                "is_demonstration": is_demonstration,
            },
        )
        added += is_new
    record("organisations.ways-imported", f"file:{file}"[:80], through="command", ways=len(records))
    return added


@dataclass(frozen=True, slots=True)
class TokenWish:
    """What a new access token is called, opens, and for how long."""

    name: str
    scopes: Collection[Scope]
    per_minute: int
    days: int


@transaction.atomic
def issue_token(*, organisation_id: int, wish: TokenWish, agent_id: int, now: datetime) -> tuple[ApiToken, str]:
    """Make a token; return it with its text, which is kept nowhere. Raises TokenNameTaken, TooManyTokens."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    if ApiToken.objects.filter(organisation=organisation_id, name=wish.name, revoked_at=None).exists():
        raise TokenNameTaken(name=wish.name)
    if living_tokens(organisation_id, now).count() >= MOST_LIVING:
        raise TooManyTokens(most=MOST_LIVING)
    secret = secret_from(secrets.token_bytes(28))
    token = ApiToken.objects.create(
        organisation_id=organisation_id,
        name=wish.name,
        prefix=secret.prefix,
        digest=secret.digest,
        can_read=Scope.READ in wish.scopes,
        can_book=Scope.BOOK in wish.scopes,
        can_export=Scope.EXPORT in wish.scopes,
        per_minute=wish.per_minute,
        issued_by_id=agent_id,
        issued_at=now,
        expires_at=now + timedelta(days=wish.days),
    )
    _journal("token.issued", token, agent_id, scopes=sorted(wish.scopes), until=token.expires_at.isoformat())
    return token, secret.text


@transaction.atomic
def revoke_token(*, organisation_id: int, token_id: int, agent_id: int, now: datetime) -> ApiToken:
    """Have a token open nothing any more. Twice is harmless. Raises NoSuchToken."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id, organisation=organisation_id).first()
    if token is None:
        raise NoSuchToken
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        _journal("token.revoked", token, agent_id)
    return token


def note_use(token: ApiToken, now: datetime) -> None:
    """Note the day on which a token was last used: once a day, so that reading writes nothing."""
    if token.last_used_on != now.date():
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=now.date())


def _journal(verb: str, token: ApiToken, agent_id: int, **details: object) -> None:
    subject = f"organisation:{token.organisation_id}"
    record(verb, subject, through="agent", agent_id=agent_id, token=token.prefix, name=token.name, **details)
