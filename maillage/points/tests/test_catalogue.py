"""The nearest rooms, from the cached catalogue."""

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.points.errors import UnknownNeed, UnknownRoom
from maillage.points.models import PointStatus
from maillage.points.selectors import bookable_room, nearest_rooms, room_offers
from maillage.points.tests.factories import make_point, make_room

pytestmark = pytest.mark.django_db
CALLAC = (48.40469, -3.42886)


def test_the_nearest_room_comes_first() -> None:
    lannion, callac = make_room(make_point(commune="Lannion")), make_room(make_point(commune="Callac"))
    offers = nearest_rooms(*CALLAC, head_count=3)
    assert [offer.room_id for offer in offers] == [callac.pk, lannion.pk]
    assert offers[0].distance_km == pytest.approx(0)
    assert offers[1].distance_km == pytest.approx(36.4, abs=0.1)


def test_a_room_too_small_is_not_offered() -> None:
    make_room(capacity=4)
    assert nearest_rooms(*CALLAC, head_count=5) == []


def test_at_the_same_place_the_smallest_sufficient_room_comes_first() -> None:
    point = make_point()
    large, small = make_room(point, "Amphithéâtre", capacity=80), make_room(point, "Petite salle", capacity=4)
    assert [offer.room_id for offer in nearest_rooms(*CALLAC, head_count=2)] == [small.pk, large.pk]
    assert [offer.room_id for offer in nearest_rooms(*CALLAC, head_count=12)] == [large.pk]


def test_all_needs_must_be_met() -> None:
    point = make_point(has_step_free_entrance=True)
    make_room(point, "Sans rien")
    equipped = make_room(point, "Équipée", needs=("document-camera", "scanner"))
    offers = nearest_rooms(*CALLAC, head_count=2, needs={"document-camera", "step-free"})
    assert [offer.room_id for offer in offers] == [equipped.pk]
    assert nearest_rooms(*CALLAC, head_count=2, needs={"parking"}) == []


def test_a_need_that_no_room_can_have_is_refused() -> None:
    with pytest.raises(UnknownNeed) as refusal:
        nearest_rooms(*CALLAC, head_count=2, needs={"sauna"})
    assert refusal.value.details == {"needs": "sauna"}


def test_a_change_is_seen_at_once() -> None:
    room = make_room()
    assert len(nearest_rooms(*CALLAC, head_count=2)) == 1
    make_point(status=PointStatus.CLOSED)
    assert nearest_rooms(*CALLAC, head_count=2) == []
    with pytest.raises(UnknownRoom):
        bookable_room(room.pk)
    with pytest.raises(UnknownRoom):
        room_offers([room.pk])


def test_a_search_costs_one_query_while_nothing_changes(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_room()
    with django_assert_num_queries(3):
        nearest_rooms(*CALLAC, head_count=2)
    with django_assert_num_queries(1):
        nearest_rooms(*CALLAC, head_count=2)
    with django_assert_num_queries(1):
        room_offers([])


def test_offers_come_in_the_order_asked() -> None:
    rooms = [make_room(make_point(commune=name)).pk for name in ("Callac", "Lannion", "Rennes")]
    assert [offer.room_id for offer in room_offers(reversed(rooms))] == rooms[::-1]


@pytest.mark.parametrize("room_id", [0, -1, 10**30])
def test_an_impossible_number_is_no_room(room_id: int) -> None:
    with pytest.raises(UnknownRoom):
        bookable_room(room_id)
