"""What a booking costs, read from the tariffs in force and frozen in it."""

from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from maillage.booking.domain.tariffs import Group, Origin, Price, Tariff, Unit
from maillage.booking.errors.tariffs import TariffNegative
from maillage.booking.models import (
    Beneficiary,
    Booking,
    BookingPrice,
    BookingStatus,
    Party,
    TariffPrice,
    TariffSheet,
)
from maillage.booking.selectors.tariffs import Payer, PricedParty, price_booking, price_meeting
from maillage.booking.services import move_booking
from maillage.booking.services.receipts import issue_receipts
from maillage.booking.services.tariffs import freeze_price, write_package, write_tariff
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking, make_rooms
from maillage.core.models import JournalEntry
from maillage.core.quarters import quarter_at
from maillage.points.models import Point, Room
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.tests.factories import make_commune, make_grouping

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
NINE = quarter_at(datetime(2026, 11, 24, 9, tzinfo=PARIS))
YEAR = date(2026, 1, 1)
SITE_23 = Tariff(
    prices=(
        Price(Unit.TWO_HOURS, 3_000, origin=Origin.TERRITORY),
        Price(Unit.TWO_HOURS, 4_500, origin=Origin.OUTSIDE),
    )
)
_numbers = count(1)


def make_priced_booking(*rooms: Room, first_quarter: int = NINE, length: int = 8, **fields: object) -> Booking:
    number = next(_numbers)
    facts: dict[str, object] = {
        "reference": f"T{number:07d}",
        "request_key": f"key-{number}",
        "status": BookingStatus.CONFIRMED,
        "organiser_email": "jeanne@atelier.example",
        "organiser_name": "Jeanne",
        **fields,
    }
    booking = Booking.objects.create(first_quarter=first_quarter, length=length, **facts)
    for position, room in enumerate(rooms):
        Party.objects.create(booking=booking, position=position, room=room, origin_id=room.point.commune_id)
    return booking


@pytest.fixture
def callac() -> Room:
    grouping = make_grouping()
    return make_room(make_point(commune=make_commune("Callac", grouping=grouping)))


def test_people_of_the_grouping_pay_the_price_of_the_territory(callac: Room) -> None:
    write_tariff(point=callac.point, tariff=SITE_23, valid_from=YEAR)
    neighbour = make_commune("Lannion", grouping=callac.point.commune.grouping)
    stranger = make_commune("Rennes")
    cents = [
        price_meeting([PricedParty(callac.pk, insee)], first_quarter=NINE, length=8, payer=Payer()).quote.total_cents
        for insee in (callac.point.commune_id, neighbour.pk, stranger.pk, None)
    ]
    assert cents == [3_000, 3_000, 4_500, 4_500]


def test_the_tariff_of_the_day_of_the_meeting_counts_and_a_room_may_have_its_own(callac: Room) -> None:
    write_tariff(point=callac.point, tariff=SITE_23, valid_from=YEAR)
    write_tariff(point=callac.point, tariff=Tariff(is_free=True), valid_from=date(2026, 11, 25))
    other = make_room(callac.point, "Amphithéâtre")
    write_tariff(point=callac.point, room=other, tariff=Tariff((Price(Unit.USE, 9_000),)), valid_from=YEAR)
    before = TariffSheet.objects.get(point=callac.point, room=None, valid_from=YEAR)
    assert before.valid_until == date(2026, 11, 24)

    def cost(room: Room, first: int) -> int:
        return price_booking(make_priced_booking(room, first_quarter=first)).quote.total_cents

    assert [cost(callac, NINE), cost(callac, NINE + 96), cost(other, NINE + 96)] == [3_000, 0, 9_000]


def test_writing_the_same_day_again_replaces_the_sheet_and_each_writing_is_in_the_journal(callac: Room) -> None:
    for tariff in (SITE_23, Tariff(is_free=True)):
        write_tariff(point=callac.point, tariff=tariff, valid_from=YEAR)
    assert [sheet.is_free for sheet in TariffSheet.objects.all()] == [True]
    assert JournalEntry.objects.filter(verb="tariff.written").count() == 2


def test_a_refused_tariff_leaves_the_former_one(callac: Room) -> None:
    write_tariff(point=callac.point, tariff=SITE_23, valid_from=YEAR)
    with pytest.raises(TariffNegative):
        write_tariff(point=callac.point, tariff=Tariff((Price(Unit.DAY, -5),)), valid_from=YEAR)
    assert TariffPrice.objects.count() == 2


def test_the_database_refuses_what_the_rules_refuse(callac: Room) -> None:
    sheet = write_tariff(point=callac.point, tariff=SITE_23, valid_from=YEAR)
    for wrong in ({"cents": 200_001}, {"cents": 100, "practice_cents": 101}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TariffPrice.objects.create(sheet=sheet, unit="day", **wrong)


def test_a_town_hall_recognised_by_its_domain_is_free_and_a_whole_address_goes_first(callac: Room) -> None:
    free = Price(Unit.USE, 0, group=Group.MEMBER_TOWN_HALL)
    write_tariff(point=callac.point, tariff=Tariff((*SITE_23.prices, free)), valid_from=YEAR)
    host = callac.point.host
    Beneficiary.objects.create(host=host, name="Communes", email="@callac.example", group="member-town-hall")
    Beneficiary.objects.create(host=host, name="Régie", email="regie@callac.example", group="everyone")
    cents = {
        email: price_booking(make_priced_booking(callac, organiser_email=email)).quote.total_cents
        for email in ("Mairie@Callac.example", "regie@callac.example", "x@ailleurs.example")
    }
    assert cents == {"Mairie@Callac.example": 0, "regie@callac.example": 3_000, "x@ailleurs.example": 3_000}


def test_the_first_use_is_offered_once_by_payer_and_not_promised_to_the_unknown(callac: Room) -> None:
    write_tariff(point=callac.point, tariff=Tariff(SITE_23.prices, first_uses_free=1), valid_from=YEAR)
    unknown = price_meeting([PricedParty(callac.pk)], first_quarter=NINE, length=8, payer=Payer())
    assert unknown.quote.total_cents == 4_500
    first = make_priced_booking(callac)
    assert freeze_price(booking_id=first.pk, now=NOW).total_cents == 0
    second = make_priced_booking(callac, first_quarter=NINE + 96, organiser_email="JEANNE@atelier.example")
    assert freeze_price(booking_id=second.pk, now=NOW).total_cents == 3_000


def test_a_package_is_used_up_within_its_month_and_given_back_by_a_cancellation(callac: Room) -> None:
    write_tariff(point=callac.point, tariff=SITE_23, valid_from=YEAR)
    host = callac.point.host
    package = write_package(host_id=host.pk, name="Pépinière", monthly_quarters=4, overage_cents=1_000)
    Beneficiary.objects.create(host=host, name="Atelier", email="jeanne@atelier.example", package=package)
    december = quarter_at(datetime(2026, 12, 1, 9, tzinfo=PARIS))
    bookings = [make_priced_booking(callac, first_quarter=q, length=4) for q in (NINE, NINE + 96, december)]
    totals = [freeze_price(booking_id=booking.pk, now=NOW).total_cents for booking in bookings]
    assert totals == [0, 1_000, 0]
    Booking.objects.filter(pk=bookings[0].pk).update(status=BookingStatus.CANCELLED, cancel_cause="organiser")
    assert freeze_price(booking_id=bookings[1].pk, now=NOW).total_cents == 0


def test_two_rooms_of_one_host_share_the_package(callac: Room) -> None:
    write_tariff(point=callac.point, tariff=SITE_23, valid_from=YEAR)
    host = callac.point.host
    package = write_package(host_id=host.pk, name="Pépinière", monthly_quarters=4, overage_cents=1_000)
    Beneficiary.objects.create(host=host, name="Atelier", email="jeanne@atelier.example", package=package)
    booking = make_priced_booking(callac, make_room(callac.point, "Amphithéâtre"), length=4)
    assert freeze_price(booking_id=booking.pk, now=NOW).total_cents == 1_000


def test_a_frozen_price_outlives_its_tariff(callac: Room) -> None:
    write_tariff(point=callac.point, tariff=SITE_23, valid_from=YEAR)
    booking = make_priced_booking(callac)
    freeze_price(booking_id=booking.pk, now=NOW)
    TariffSheet.objects.all().delete()
    kept = BookingPrice.objects.get(booking=booking)
    assert (kept.total_cents, kept.is_complete, [line.cents for line in kept.lines.all()]) == (3_000, True, [3_000])
    assert not price_booking(booking).quote.is_complete


def test_freezing_again_replaces_the_price(callac: Room) -> None:
    write_tariff(point=callac.point, tariff=SITE_23, valid_from=YEAR)
    booking = make_priced_booking(callac)
    freeze_price(booking_id=booking.pk, now=NOW)
    Booking.objects.filter(pk=booking.pk).update(length=16)
    freeze_price(booking_id=booking.pk, now=NOW)
    assert BookingPrice.objects.get(booking=booking).total_cents == 6_000


def test_the_price_takes_as_many_queries_for_ten_rooms_as_for_one(
    callac: Room, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    points: list[Point] = [make_point(f"Point {n}", commune="Lannion") for n in range(10)]
    rooms = [make_room(point) for point in points]
    write_tariff(point=points[0], tariff=SITE_23, valid_from=YEAR)
    parties = [PricedParty(room.pk, callac.point.commune_id) for room in rooms]
    with django_assert_max_num_queries(8):
        price_meeting(parties, first_quarter=NINE, length=8, payer=Payer("jeanne@atelier.example", "craft"))


def test_a_confirmed_meeting_keeps_its_price_and_a_moved_one_gets_the_new_one(callac: Room) -> None:
    write_tariff(point=callac.point, tariff=SITE_23, valid_from=YEAR)
    rooms = [callac, *make_rooms("Rennes")]
    booking = make_booking(rooms)
    assert BookingPrice.objects.get(booking=booking).total_cents == 3_000
    move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10, length=10, now=NOW)
    assert BookingPrice.objects.get(booking=booking).total_cents == 6_000


def test_moving_a_meeting_whose_receipt_was_issued_leaves_its_price(callac: Room) -> None:
    write_tariff(point=callac.point, tariff=SITE_23, valid_from=YEAR)
    booking = make_booking([callac, *make_rooms("Rennes")])
    issue_receipts(booking_id=booking.pk, now=NOW)
    move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10, length=10, now=NOW)
    assert BookingPrice.objects.get(booking=booking).total_cents == 3_000


def test_where_no_point_wrote_a_tariff_no_price_is_kept() -> None:
    make_booking()
    assert not BookingPrice.objects.exists()
