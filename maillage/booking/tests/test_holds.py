"""Holding rooms: all or nothing, each room's rules, the same request twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from maillage.booking.errors import RequestKeyReused, RoomClosed, RoomTooSmall, SlotTaken, TooSoon
from maillage.booking.models import Booking, BookingStatus, CancelCause, Occupancy, Party, Span
from maillage.booking.services import hold_slot, release_expired_holds
from maillage.booking.services.occupancies import Quarter, fill, quarters_of
from maillage.booking.tests.factories import (
    ANNE,
    HOUR,
    NOW,
    TOMORROW_10,
    make_booking,
    make_hold,
    make_rooms,
    parties_in,
    party_in,
)
from maillage.core.models import JournalEntry
from maillage.points.errors import UnknownRoom
from maillage.points.models import Closure, PointStatus
from maillage.points.services import renew_catalogue
from maillage.points.tests.factories import make_point, make_room

pytestmark = pytest.mark.django_db


def nothing_is_written() -> bool:
    return not (
        Booking.objects.exists() or Party.objects.exists() or Span.objects.exists() or Occupancy.objects.exists()
    )


def test_a_hold_takes_every_room_with_its_settling_in_time() -> None:
    booking = make_hold()
    assert booking.status == BookingStatus.HELD
    assert booking.held_until == NOW + timedelta(minutes=15)
    assert [party.position for party in booking.parties.all()] == [0, 1]
    for span in booking.spans.all():
        quarters = list(span.occupancies.order_by("quarter").values_list("quarter", flat=True))
        assert quarters == list(range(TOMORROW_10 - 1, TOMORROW_10 + HOUR))
        assert (span.first_quarter, span.end_quarter) == (TOMORROW_10 - 1, TOMORROW_10 + HOUR)
    assert JournalEntry.objects.filter(verb="booking.held", subject=f"booking:{booking.reference}").count() == 1


def test_an_overlapping_hold_is_refused_by_name_and_leaves_nothing_behind() -> None:
    callac, rennes = make_rooms()
    lannion = make_room(make_point(commune="Lannion"))
    make_hold([callac, rennes])
    with pytest.raises(SlotTaken) as refusal:
        make_hold([lannion, callac], first_quarter=TOMORROW_10 + HOUR - 1)
    assert refusal.value.details == {"rooms": "Point de Callac"}
    assert Booking.objects.count() == 1
    assert not Occupancy.objects.filter(room=lannion).exists()


def test_a_meeting_right_after_another_is_refused_when_settling_in_would_overlap() -> None:
    rooms = make_rooms()
    make_hold(rooms)
    with pytest.raises(SlotTaken):
        make_hold(rooms, first_quarter=TOMORROW_10 + HOUR)
    assert make_hold(rooms, first_quarter=TOMORROW_10 + HOUR + 1).status == BookingStatus.HELD


def test_the_same_request_again_returns_the_same_booking() -> None:
    rooms = make_rooms()
    first, second = make_hold(rooms), make_hold(rooms)
    assert first.pk == second.pk
    assert Booking.objects.count() == 1


def test_the_same_key_for_another_slot_is_refused() -> None:
    rooms = make_rooms()
    make_hold(rooms, request_key="one-and-the-same")
    with pytest.raises(RequestKeyReused):
        make_hold(rooms, request_key="one-and-the-same", first_quarter=TOMORROW_10 + 8)


def test_the_same_request_after_its_hold_ran_out_holds_again() -> None:
    rooms = make_rooms()
    first = make_hold(rooms)
    again = make_hold(rooms, now=NOW + timedelta(minutes=20))
    assert again.pk != first.pk
    assert again.status == BookingStatus.HELD
    first.refresh_from_db()
    assert first.cancel_cause == CancelCause.HOLD_EXPIRED


def test_an_expired_hold_of_somebody_else_is_released_on_the_spot() -> None:
    rooms = make_rooms()
    other = make_hold(rooms, request_key="somebody-else")
    mine = make_hold(rooms, request_key="and-now-myself", now=NOW + timedelta(minutes=16))
    other.refresh_from_db()
    assert other.status == BookingStatus.CANCELLED
    assert mine.status == BookingStatus.HELD


def test_expired_holds_are_released_by_the_minute_job_and_twice_is_harmless() -> None:
    booking = make_hold()
    assert release_expired_holds(NOW + timedelta(minutes=14)) == 0
    assert release_expired_holds(NOW + timedelta(minutes=15)) == 1
    assert release_expired_holds(NOW + timedelta(minutes=15)) == 0
    booking.refresh_from_db()
    assert (booking.status, booking.cancel_cause) == (BookingStatus.CANCELLED, CancelCause.HOLD_EXPIRED)
    assert not Occupancy.objects.exists()
    assert JournalEntry.objects.filter(verb="booking.released").count() == 1


def test_a_confirmed_booking_is_never_released() -> None:
    make_booking(contact=ANNE)
    assert release_expired_holds(NOW + timedelta(days=1)) == 0


@pytest.mark.parametrize("hour", [7, 12, 18, 22])
def test_a_meeting_outside_a_rooms_hours_is_refused_by_name(hour: int) -> None:
    rooms = make_rooms()
    with pytest.raises(RoomClosed) as refusal:
        make_hold(rooms, first_quarter=TOMORROW_10 + (hour - 10) * HOUR)
    assert refusal.value.details == {"rooms": "Point de Callac, Point de Rennes"}
    assert nothing_is_written()


def test_a_closure_is_kept_even_if_hours_say_open() -> None:
    callac, rennes = make_rooms()
    Closure.objects.create(point=rennes.point, first_quarter=TOMORROW_10 + 3, end_quarter=TOMORROW_10 + 9)
    with pytest.raises(RoomClosed) as refusal:
        make_hold([callac, rennes])
    assert refusal.value.details == {"rooms": "Point de Rennes"}
    assert nothing_is_written()


def test_a_room_whose_point_closed_after_the_search_is_refused() -> None:
    callac, rennes = make_rooms()
    rennes.point.status = PointStatus.OUT_OF_ORDER
    rennes.point.save()
    renew_catalogue()
    with pytest.raises(RoomClosed):
        make_hold([callac, rennes])
    assert nothing_is_written()


def test_an_unknown_room_is_refused() -> None:
    rooms = make_rooms()
    parties = (party_in(rooms[0], 0), replace(party_in(rooms[1], 1), room_id=999_999))
    with pytest.raises(UnknownRoom):
        _hold(parties)
    assert nothing_is_written()


def test_more_people_than_places_are_refused() -> None:
    rooms = make_rooms()
    with pytest.raises(RoomTooSmall):
        _hold((party_in(rooms[0], 0, head_count=9), party_in(rooms[1], 1)))
    assert nothing_is_written()


def test_a_rooms_own_notice_is_kept_to_the_quarter() -> None:
    callac, rennes = make_rooms()
    make_room(rennes.point, notice_minutes=120)
    two_hours_before = NOW.replace(day=24, hour=7)
    with pytest.raises(TooSoon) as refusal:
        make_hold([callac, rennes], now=two_hours_before + timedelta(minutes=1))
    assert refusal.value.details == {"room": "Point de Rennes", "notice_minutes": 120}
    assert make_hold([callac, rennes], now=two_hours_before).status == BookingStatus.HELD


def _hold(parties: tuple[object, ...], **fields: object) -> Booking:
    values = {
        "request_key": "a-key-of-a-test",
        "first_quarter": TOMORROW_10,
        "length": HOUR,
        "parties": parties,
        "time_zone": "Europe/Paris",
        "language": "fr",
        "now": NOW,
        **fields,
    }
    return hold_slot(**values)  # type: ignore[arg-type]


def test_parties_keep_where_they_come_from_and_their_way_to_the_room() -> None:
    callac, rennes = make_rooms()
    make_point(commune="Lannion")
    lannion = make_room(make_point(commune="Lannion")).point.commune
    booking = _hold((party_in(callac, 0, origin=lannion), party_in(rennes, 1)))
    first, second = booking.parties.all()
    assert first.origin == lannion
    assert 40 < first.access_km < 60
    assert first.access_minutes > 30
    assert second.access_minutes == 0
    assert parties_in([callac, rennes])[0].name == "Callac"


def test_more_quarters_than_one_statement_takes_are_all_written() -> None:
    rooms = make_rooms()
    spans = [Span(room=rooms[0], kind="block", first_quarter=q, end_quarter=q + 400) for q in range(0, 8000, 400)]
    Span.objects.bulk_create(spans)
    fill(quarters_of(spans))
    assert Occupancy.objects.filter(room=rooms[0]).count() == 8000
    with pytest.raises(SlotTaken), transaction.atomic():
        fill([Quarter(rooms[0].pk, 7999, spans[0].pk)])
    fill([])
