"""How meetings were booked, why cancelled, what was not given: counted, shown, exported."""

import csv
import io
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from maillage.accounts.models import User
from maillage.booking.models import Booking, BookingStatus, Broadcast, CancelCause, UnmetDemand, UnmetReason, WaitOffer
from maillage.territory.tests.factories import make_commune
from maillage.usage.domain.periods import ALL, read_period
from maillage.usage.selectors.manners import manners_of
from maillage.usage.tests.factories import TEN, make_ended, make_use

pytestmark = pytest.mark.django_db


def cancelled(cause: CancelCause, *, expected: bool = True) -> None:
    booking = make_ended(status=BookingStatus.CANCELLED, cause=cause)
    Booking.objects.filter(pk=booking.pk).update(confirmed_at=timezone.now() if expected else None)


def unmet(mark: str, reason: UnmetReason, *communes: str) -> None:
    for name in communes:
        UnmetDemand.objects.create(
            day=TEN.date(), mark=mark, reason=reason, commune=make_commune(name), head_count=2, party_count=2,
            length=4, first_quarter=0,
        )  # fmt: skip


def counts(measure: str) -> dict[str, int]:
    return {cell.code: cell.count for cell in getattr(manners_of(ALL), measure)}


def test_each_way_of_booking_is_counted_on_meetings_held() -> None:
    both, plain, public = make_ended(), make_ended(), make_ended()
    agent = User.objects.create_user("a@example.org")
    Booking.objects.filter(pk=both.pk).update(is_urgent=True, booked_by=agent)
    Booking.objects.filter(pk=plain.pk).update(is_accompanied=True, wants_help=True)
    Broadcast.objects.create(booking=public, slug="cite", title="Cité", description="x")
    WaitOffer.objects.create(booking=plain, status="taken", offered_at=TEN, until=TEN + timedelta(minutes=30))
    assert counts("booked") == {"on-behalf": 1, "urgent": 1, "accompanied": 1, "broadcast": 1, "waiting-list": 1}


def test_cancellations_are_counted_by_cause_but_not_holds_nobody_confirmed() -> None:
    cancelled(CancelCause.NO_COUNTERPART)
    cancelled(CancelCause.NO_COUNTERPART)
    cancelled(CancelCause.ORGANISER)
    cancelled(CancelCause.HOLD_EXPIRED, expected=False)
    assert counts("cancelled") == {"no-counterpart": 2, "organiser": 1}


def test_a_request_from_two_places_is_refused_once() -> None:
    unmet("a" * 32, UnmetReason.NO_SLOT, "Callac", "Rennes")
    unmet("b" * 32, UnmetReason.NO_ROOM, "Callac")
    assert counts("refused") == {"no-slot": 1, "no-room": 1}
    assert manners_of(read_period("2001")).is_empty


def test_the_page_shows_them_and_the_table_keeps_zeros(client: Client) -> None:
    make_use()
    cancelled(CancelCause.NO_COUNTERPART)
    page = unescape(client.get("/chiffres", headers={"accept-language": "fr"}).content.decode())
    assert "Pourquoi des réunions ont été annulées" in page
    table = list(csv.reader(io.StringIO(client.get("/chiffres/reservations.csv").content.decode())))
    assert table[0] == ["periode", "mesure", "code", "nombre"]
    assert ["tout", "annulees", "no-counterpart", "1"] in table
    assert ["tout", "reservees", "urgent", "0"] in table


def test_they_cost_five_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_ended()
    with django_assert_num_queries(5):
        manners_of(ALL)
