"""Access tokens of organisations: made and revoked on their page, then what a program does with one."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from maillage.accounts.models import User
from maillage.actors.domain.tokens import Scope, digest_of, prefix_of, secret_from
from maillage.actors.models import ApiToken, Organisation, Part, Role
from maillage.actors.services import TokenWish, issue_token
from maillage.actors.tests.factories import make_organisation
from maillage.booking.domain.tariffs import Price, Tariff, Unit
from maillage.booking.services.receipts import issue_receipts
from maillage.booking.services.tariffs import freeze_price, write_tariff
from maillage.booking.tests.factories import make_rooms
from maillage.booking.tests.test_prices import make_priced_booking
from maillage.core.models import JournalEntry

pytestmark = pytest.mark.django_db
EVERY = frozenset(Scope)
WANTED = {
    "act": "issue",
    "token-name": "Site",
    "token-scopes": ["read", "book"],
    "token-days": "90",
    "token-per_minute": "60",
}


@pytest.fixture
def host() -> Organisation:
    return make_organisation("Communauté de Callac")


@pytest.fixture
def officer(host: Organisation) -> User:
    user = User.objects.create_user("marie@callac.example", None)
    Role.objects.create(user=user, organisation=host, part=Part.OFFICER)
    return user


def token(
    host: Organisation, officer: User, scopes: frozenset[Scope] = EVERY, *, a_minute: int = 120, name: str = "Site"
) -> str:
    wish = TokenWish(name, scopes, a_minute, 30)
    return issue_token(organisation_id=host.pk, wish=wish, agent_id=officer.pk, now=timezone.now())[1]


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


def page_of(host: Organisation) -> str:
    return f"/planning/organisations/{host.pk}"


def test_a_token_is_shown_once_kept_as_a_digest_and_journalled(
    client: Client, host: Organisation, officer: User
) -> None:
    client.force_login(officer)
    shown = client.post(page_of(host), WANTED).content.decode()
    text = re.findall(r'data-role="token">(\S+?)<', shown)[0]
    kept = ApiToken.objects.get()
    assert (kept.prefix, kept.digest) == (prefix_of(text), digest_of(text))
    assert (kept.can_read, kept.can_book, kept.can_export, kept.per_minute) == (True, True, False, 60)
    assert 89 <= (kept.expires_at - timezone.now()).days <= 90
    assert text not in client.get(page_of(host)).content.decode()
    line = JournalEntry.objects.get(verb="token.issued")
    assert (line.subject, line.agent_id, line.details["token"]) == (f"organisation:{host.pk}", officer.pk, kept.prefix)
    assert text not in json.dumps(line.details)


def test_the_same_form_sent_twice_makes_one_token(client: Client, host: Organisation, officer: User) -> None:
    client.force_login(officer)
    assert [client.post(page_of(host), WANTED).status_code for _time in range(2)] == [200, 409]
    assert ApiToken.objects.count() == 1


def test_a_revoked_token_opens_nothing_and_its_name_is_free_again(
    client: Client, host: Organisation, officer: User
) -> None:
    text = token(host, officer)
    assert client.get("/api/v1/availability", headers=bearer(text)).status_code == 200
    client.force_login(officer)
    client.post(page_of(host), {"act": f"revoke{ApiToken.objects.get().pk}"})
    refused = client.get("/api/v1/availability", headers=bearer(text))
    assert (refused.status_code, refused.json()["code"]) == (401, "token-unknown")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert JournalEntry.objects.filter(verb="token.revoked").count() == 1
    assert token(host, officer) != text


@pytest.mark.parametrize("part", [Part.FACILITATOR, Part.ELECTED])
def test_only_those_who_run_an_organisation_see_its_accesses(client: Client, host: Organisation, part: Part) -> None:
    other = User.objects.create_user("autre@callac.example", None)
    Role.objects.create(user=other, organisation=host, part=part)
    Role.objects.create(user=other, organisation=make_organisation("Ailleurs"), part=Part.OFFICER)
    client.force_login(other)
    for address in (page_of(host), f"{page_of(host)}/comptes.csv?first_day=2026-01-01&last_day=2026-01-31"):
        refused = client.get(address)
        assert refused.status_code == 403
        assert "not-your-organisation" in refused.content.decode()


def test_a_token_of_another_organisation_is_not_revoked_from_here(
    client: Client, host: Organisation, officer: User
) -> None:
    foreign = token(make_organisation("Ailleurs"), officer)
    client.force_login(officer)
    assert client.post(page_of(host), {"act": f"revoke{ApiToken.objects.get().pk}"}).status_code == 404
    assert client.get("/api/v1/availability", headers=bearer(foreign)).status_code == 200


def test_a_token_is_over_when_its_time_has_passed(client: Client, host: Organisation, officer: User) -> None:
    text = token(host, officer)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get("/api/v1/availability", headers=bearer(text)).json()["code"] == "token-over"


@pytest.mark.parametrize("shown", ["Bearer x", "Basic abc", "Bearer maillage_00000000_" + "0" * 48, "Bearer"])
def test_what_is_not_a_token_is_refused_never_taken_for_nobody(client: Client, shown: str) -> None:
    refused = client.get("/api/v1/availability", headers={"authorization": shown})
    assert (refused.status_code, refused.json()["code"]) == (401, "token-unknown")


def test_a_token_opens_its_own_scopes_only(client: Client, host: Organisation, officer: User) -> None:
    reads = token(host, officer, frozenset({Scope.READ}))
    cancelling = client.post("/api/v1/bookings/x/cancel", {}, content_type="application/json", headers=bearer(reads))
    accounts = client.get("/api/v1/accounts?first_day=2026-01-01&last_day=2026-01-31", headers=bearer(reads))
    for refused in (cancelling, accounts):
        assert (refused.status_code, refused.json()["code"]) == (403, "token-too-narrow")


def test_a_booking_made_by_a_token_says_so_in_the_journal(client: Client, host: Organisation, officer: User) -> None:
    rooms = make_rooms("Callac", "Rennes")
    start = (timezone.now() + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)
    body = {
        "parties": [{"room_id": room.pk, "head_count": 2} for room in rooms],
        "start": start.isoformat(), "length": 4, "request_key": "clef-de-test",
        "contact": {"name": "A", "email": "a@b.fr"},
    }  # fmt: skip
    answer = client.post(
        "/api/v1/bookings", body, content_type="application/json", headers=bearer(token(host, officer))
    )
    assert answer.status_code == 201, answer.json()
    line = JournalEntry.objects.get(verb="booking.by-token")
    assert line.subject == f"booking:{answer.json()['reference']}"
    assert line.details == {"token": ApiToken.objects.get().prefix, "organisation": host.pk}


def test_a_token_has_its_own_limit_told_by_the_standard_headers(
    client: Client, host: Organisation, officer: User, settings: Any
) -> None:
    settings.MAILLAGE_THROTTLE = True
    cache.clear()
    text, other = token(host, officer, a_minute=2), token(host, officer, a_minute=2, name="Autre")
    answers = [client.get("/api/v1/availability", headers=bearer(text)) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"token";q=2;w=60'
    assert [re.sub(r"t=\d+", "t=…", answer.headers["RateLimit"]) for answer in answers] == [
        '"token";r=1;t=…', '"token";r=0;t=…', '"token";r=0;t=…',
    ]  # fmt: skip
    refused = answers[2]
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "too-many-requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert client.get("/api/v1/availability", headers=bearer(other)).status_code == 200
    anonymous = client.get("/api/v1/availability")
    assert anonymous.headers["RateLimit-Policy"] == '"api-availability";q=30;w=60'


def test_the_accounts_are_read_by_token_and_as_a_file_those_of_the_host_alone(
    client: Client, officer: User, host: Organisation
) -> None:
    rooms = make_rooms("Callac", "Rennes")
    booking = make_priced_booking(*rooms)
    write_tariff(
        point=rooms[0].point,
        tariff=Tariff((Price(Unit.TWO_HOURS, 3_050),)),
        valid_from=date(2026, 1, 1),
    )
    freeze_price(booking_id=booking.pk, now=timezone.now())
    (receipt,) = issue_receipts(booking_id=booking.pk, now=timezone.now())
    issuer = receipt.host
    Role.objects.create(user=officer, organisation=issuer, part=Part.COORDINATOR)
    period = f"first_day={timezone.now():%Y}-01-01&last_day={timezone.now():%Y}-12-31"
    text = token(issuer, officer)
    (row,) = client.get(f"/api/v1/accounts?{period}", headers=bearer(text)).json()
    assert (row["numero"], row["reference"]) == (receipt.label, booking.reference)
    assert client.get(f"/api/v1/accounts?{period}", headers=bearer(token(host, officer))).json() == []
    assert client.get(f"/api/v1/accounts?{period}").json()["code"] == "token-missing"
    client.force_login(officer)
    file = client.get(f"/planning/organisations/{issuer.pk}/comptes.csv?{period}")
    assert receipt.label in file.content.decode().splitlines()[1]
    wrong = client.get(f"/planning/organisations/{issuer.pk}/comptes.csv?first_day=2026-02-01&last_day=2026-01-01")
    assert wrong.status_code == 422
    assert (
        "accounts-period-wrong"
        in client.get(
            "/api/v1/accounts?first_day=2026-02-01&last_day=2026-01-01", headers=bearer(text)
        ).content.decode()
    )


def test_the_database_refuses_a_token_that_opens_nothing(host: Organisation) -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.create(
            organisation=host, name="x", prefix="0" * 8, digest="0" * 64, can_read=False, issued_at=now, expires_at=now
        )


def test_two_tokens_never_look_alike_and_a_cut_one_is_nothing() -> None:
    one, other = secret_from(bytes(28)), secret_from(bytes(range(28)))
    assert one.text != other.text
    assert prefix_of(other.text[:-1]) == prefix_of("") == prefix_of(other.text.upper()) == ""
