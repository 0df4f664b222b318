"""The search, from communes to proposals."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.booking.domain.wishes import PartyWish
from maillage.booking.errors import NoSuitableRoom, PastTime, RoomTooSmall, UnknownTimeZone
from maillage.booking.selectors import propose_slots
from maillage.booking.tests.factories import (
    ANNE,
    HOUR,
    NOW,
    TOMORROW_10,
    make_booking,
    make_hold,
    make_rooms,
    wish_from,
)
from maillage.core.quarters import day_quarters, local_quarter, moment_of
from maillage.points.errors import UnknownRoom
from maillage.points.models import Closure
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.errors import UnknownCommune
from maillage.territory.tests.factories import make_commune

pytestmark = pytest.mark.django_db


def test_each_party_is_proposed_its_nearest_room_at_the_first_pleasant_hour() -> None:
    callac, rennes = make_rooms()
    best = propose_slots(wish_from(callac.point.commune, rennes.point.commune), now=NOW)[0]
    assert [seat.room.room_id for seat in best.seats if seat.room] == [callac.pk, rennes.pk]
    assert moment_of(best.first_quarter).isoformat() == "2026-11-23T08:00:00+00:00"
    assert best.access_minutes_total == 0
    assert best.reasons[:2] == ("earliest", "nearest-room")


def test_what_is_saved_is_the_return_trip_of_the_guests() -> None:
    callac, rennes = make_rooms()
    best = propose_slots(wish_from(callac.point.commune, rennes.point.commune), now=NOW)[0]
    assert 330 < best.saved_km < 360
    assert 260 < best.saved_minutes < 300


def test_answers_are_spread_over_days_and_hours() -> None:
    rooms = make_rooms()
    found = propose_slots(wish_from(*(room.point.commune for room in rooms)), now=NOW)
    assert len(found) == 5
    assert len({proposal.first_quarter // 96 for proposal in found}) == 5
    assert len({proposal.first_quarter % 96 for proposal in found}) >= 4


def test_every_proposal_can_be_held() -> None:
    rooms = make_rooms()
    make_booking(rooms)
    for proposal in propose_slots(wish_from(*(room.point.commune for room in rooms)), now=NOW):
        assert make_hold(rooms, first_quarter=proposal.first_quarter).length == HOUR


def test_a_taken_hour_is_not_proposed_nor_one_that_its_buffers_touch() -> None:
    rooms = make_rooms()
    make_booking(rooms)
    first = TOMORROW_10 - 2 * HOUR
    wish = replace(
        wish_from(*(room.point.commune for room in rooms)), first_quarter=first, end_quarter=TOMORROW_10 + 3 * HOUR
    )
    starts = {proposal.first_quarter for proposal in propose_slots(wish, now=NOW, limit=50)}
    assert starts
    assert not starts & set(range(TOMORROW_10 - HOUR, TOMORROW_10 + HOUR + 1))


def test_a_closure_is_not_proposed() -> None:
    rooms = make_rooms()
    day = TOMORROW_10 - 40
    Closure.objects.create(point=rooms[0].point, first_quarter=day, end_quarter=day + 96)
    wish = replace(wish_from(*(room.point.commune for room in rooms)), first_quarter=day, end_quarter=day + 96)
    assert propose_slots(wish, now=NOW) == []


def test_two_parties_of_one_town_get_two_rooms() -> None:
    callac, _rennes = make_rooms()
    other = make_room(callac.point, "Petite salle", capacity=4)
    best = propose_slots(wish_from(callac.point.commune, callac.point.commune), now=NOW)[0]
    assert {seat.room.room_id for seat in best.seats if seat.room} == {callac.pk, other.pk}


def test_the_smallest_suitable_room_is_preferred_at_the_same_place() -> None:
    callac, rennes = make_rooms()
    small = make_room(callac.point, "Petite salle", capacity=3)
    make_room(callac.point, "Placard", capacity=1)
    best = propose_slots(wish_from(callac.point.commune, rennes.point.commune), now=NOW)[0]
    assert best.seats[0].room is not None
    assert best.seats[0].room.room_id == small.pk
    assert "smaller-room" in best.reasons


def test_a_chosen_room_is_kept_and_a_guest_on_a_computer_needs_none() -> None:
    callac, rennes = make_rooms()
    parties = (
        replace(_party(callac.point.commune, 0), room_id=rennes.pk),
        replace(_party(rennes.point.commune, 1), kind="browser"),
    )
    best = propose_slots(replace(wish_from(), parties=parties), now=NOW)[0]
    assert best.seats[0].room is not None
    assert best.seats[0].room.room_id == rennes.pk
    assert best.seats[0].access_minutes > 60
    assert best.seats[1].room is None


def _party(commune: object, position: int) -> PartyWish:
    return replace(wish_from(commune, commune).parties[0], position=position)  # type: ignore[arg-type]


def test_part_of_day_is_read_in_the_time_zone_of_the_booking() -> None:
    rooms = make_rooms()
    communes = [room.point.commune for room in rooms]
    paris = propose_slots(wish_from(*communes, part_of_day="afternoon"), now=NOW)
    hours = {(proposal.first_quarter % 96) / 4 + 1 for proposal in paris}
    assert all(13.5 <= hour <= 16.5 for hour in hours)
    reunion = propose_slots(wish_from(*communes, part_of_day="afternoon", time_zone="Indian/Reunion"), now=NOW)
    assert all(9 <= (proposal.first_quarter % 96) / 4 + 1 <= 15 for proposal in reunion)


def test_the_number_of_queries_does_not_grow_with_parties_or_rooms(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    names = ("Callac", "Rennes", "Lannion", "Brest", "Quimper", "Vannes")
    rooms = make_rooms(*names)
    make_booking(rooms[:2], contact=ANNE)
    propose_slots(wish_from(*(room.point.commune for room in rooms[:2])), now=NOW)
    for count in (2, 6):
        with django_assert_num_queries(3):  # catalogue, spans, closures
            assert propose_slots(wish_from(*(room.point.commune for room in rooms[:count])), now=NOW)


def test_what_cannot_be_is_refused() -> None:
    rooms = make_rooms()
    communes = [room.point.commune for room in rooms]
    wish = wish_from(*communes)
    crowd = replace(wish.parties[0], head_count=400)
    with pytest.raises(NoSuitableRoom):
        propose_slots(replace(wish, parties=(crowd, wish.parties[1])), now=NOW)
    with pytest.raises(RoomTooSmall):
        propose_slots(replace(wish, parties=(replace(crowd, room_id=rooms[0].pk), wish.parties[1])), now=NOW)
    with pytest.raises(UnknownRoom):
        propose_slots(replace(wish, parties=(replace(wish.parties[0], room_id=987), wish.parties[1])), now=NOW)
    with pytest.raises(UnknownCommune):
        propose_slots(
            replace(wish, parties=(replace(wish.parties[0], commune_insee="00000"), wish.parties[1])), now=NOW
        )
    with pytest.raises(UnknownTimeZone):
        propose_slots(replace(wish, time_zone="Europe/Nowhere"), now=NOW)
    with pytest.raises(PastTime):
        propose_slots(replace(wish, first_quarter=0, end_quarter=96), now=NOW)


def test_two_towns_without_any_room_still_find_the_nearest() -> None:
    make_rooms()
    best = propose_slots(wish_from(make_commune("Lannion"), make_commune("Vannes")), now=NOW)[0]
    assert best.access_minutes_total > 60


def test_hours_are_right_on_the_nights_clocks_change() -> None:
    rooms = [make_room(make_point(commune=town, hours="24/7")) for town in ("Callac", "Rennes")]
    communes = [room.point.commune for room in rooms]
    paris = ZoneInfo("Europe/Paris")
    for day in (date(2027, 3, 28), date(2027, 10, 31)):
        quarters = day_quarters(day, paris)
        wish = wish_from(*communes, part_of_day="morning")
        wish = replace(wish, first_quarter=quarters.start, end_quarter=quarters.stop)
        found = propose_slots(wish, now=NOW, limit=20)
        local = [moment_of(proposal.first_quarter).astimezone(paris) for proposal in found]
        assert {moment.date() for moment in local} == {day}
        assert max(moment.hour for moment in local) == 12
        assert local[0].hour == 9


def test_a_meeting_over_the_change_of_clocks_keeps_its_real_length() -> None:
    rooms = [make_room(make_point(commune=town, hours="24/7")) for town in ("Callac", "Rennes")]
    one_in_the_morning = local_quarter(date(2027, 3, 28), time(1), ZoneInfo("Europe/Paris"))
    booking = make_hold(rooms, first_quarter=one_in_the_morning, length=2 * HOUR)
    ends = moment_of(booking.end_quarter).astimezone(ZoneInfo("Europe/Paris"))
    assert (ends.hour, ends.minute) == (4, 0)


def test_an_evening_in_open_rooms_says_that_no_opening_is_paid_for() -> None:
    rooms = [make_room(make_point(commune=town, hours="Mo-Su 08:00-23:00")) for town in ("Callac", "Rennes")]
    communes = [room.point.commune for room in rooms]
    evening = propose_slots(wish_from(*communes, part_of_day="evening"), now=NOW)
    assert all("no-opening-cost" in proposal.reasons for proposal in evening if proposal.first_quarter % 96 >= 17 * 4)
    morning = propose_slots(wish_from(*communes, part_of_day="morning", days=4), now=NOW)
    assert all("no-opening-cost" not in p.reasons for p in morning if p.first_quarter % 96 >= 8 * 4)
