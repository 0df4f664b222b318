from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maillage.booking.errors import RoomClosed
from maillage.booking.selectors import propose_slots
from maillage.booking.tests.factories import make_hold, make_rooms, wish_from
from maillage.core.models import JournalEntry
from maillage.points.models import Room
from maillage.station.models import Station, StationState, TestOccasion
from maillage.station.services import follow_all_stations, record_self_test, waive
from maillage.station.tests.factories import make_agent, make_station
from maillage.station.tests.test_verdict import WELL

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def examine(station: Station, *, heard: bool) -> None:
    measures = WELL if heard else replace(WELL, sound_dbfs=None)
    record_self_test(station=station, occasion=TestOccasion.NIGHT, measures=measures, booking_id=None, now=NOW)


@pytest.mark.django_db
def test_a_red_room_is_not_offered_nor_held_until_a_test_is_better() -> None:
    callac, rennes = make_rooms()
    station, _key = make_station(now=NOW, room=callac)
    examine(station, heard=False)
    wish = wish_from(callac.point.commune, rennes.point.commune)
    assert all(
        seat.room is None or seat.room.room_id != callac.pk for p in propose_slots(wish, now=NOW) for seat in p.seats
    )
    with pytest.raises(RoomClosed):
        make_hold([callac, rennes])
    examine(station, heard=True)
    assert make_hold([callac, rennes]).pk
    verbs = JournalEntry.objects.filter(subject=f"room:{callac.pk}").values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == ["station.paired", "room.withheld", "room.offered-again"]


@pytest.mark.django_db
def test_a_person_may_offer_it_all_the_same_for_a_while() -> None:
    station, _key = make_station(now=NOW)
    examine(station, heard=False)
    until = NOW + timedelta(hours=4)
    waive(station=station, until=until, agent_id=make_agent().pk, reason="micro de secours sur place", now=NOW)
    assert Room.objects.get(pk=station.room_id).withheld_since is None
    assert follow_all_stations(NOW + timedelta(hours=3)) == 0
    assert follow_all_stations(until) == 1
    assert Room.objects.get(pk=station.room_id).withheld_since == until
    assert follow_all_stations(until) == 0


@pytest.mark.django_db
def test_a_room_whose_red_station_is_taken_away_is_offered_again() -> None:
    station, _key = make_station(now=NOW)
    examine(station, heard=False)
    Station.objects.update(state=StationState.REVOKED)
    assert follow_all_stations(NOW) == 1
    assert Room.objects.get(pk=station.room_id).withheld_since is None


@pytest.mark.django_db
def test_a_room_is_taken_at_once_only_while_its_station_answers() -> None:
    station, _key = make_station(now=NOW)
    Station.objects.update(last_seen_at=NOW)
    follow_all_stations(NOW + timedelta(minutes=4))
    assert Room.objects.get(pk=station.room_id).is_station_ready is True
    follow_all_stations(NOW + timedelta(minutes=6))
    assert Room.objects.get(pk=station.room_id).is_station_ready is False
    Station.objects.update(state=StationState.REVOKED)
    follow_all_stations(NOW)
    assert Room.objects.get(pk=station.room_id).is_station_ready is None
