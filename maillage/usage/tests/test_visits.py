"""Who came or called, noted in four taps: counted in people, once however often it is pressed, taken back in one."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.points.models import Point
from maillage.points.tests.factories import make_point, make_room
from maillage.usage.domain.periods import ALL
from maillage.usage.models import Visit
from maillage.usage.selectors.manners import manner_rows, manners_of
from maillage.usage.tests.factories import make_use

pytestmark = pytest.mark.django_db
PAGE = "/planning/passages"
FRENCH = {"accept-language": "fr"}


def agent(client: Client, *points: Point) -> User:
    user = User.objects.create_user(f"agent{User.objects.count()}@exemple.bzh", None)
    for point in points:
        make_room(point)
        Role.objects.get_or_create(user=user, organisation=point.host, part=Part.FACILITATOR)
    client.force_login(user)
    return user


@pytest.fixture
def point(client: Client) -> Point:
    cache.clear()
    callac = make_point(commune="Callac")
    agent(client, callac)
    return callac


def taps(where: Point, **fields: object) -> dict[str, object]:
    values = {"kind": "called", "category": "craft", "purpose": "booking", "people": 2, "point": where.pk}
    return {"key": str(uuid4()), **values, **fields}


def test_four_taps_note_it_and_one_takes_it_back(client: Client, point: Point) -> None:
    page = unescape(client.get(PAGE, headers=FRENCH).content.decode())
    key = re.findall(r'name="key" value="([0-9a-f-]+)"', page)[0]
    assert 'type="text"' not in page
    done = client.post(PAGE, taps(point, key=key))
    assert client.post(PAGE, taps(point, key=key)).status_code == 303
    visit = Visit.objects.get()
    assert (visit.kind, visit.people, visit.local_day) == ("called", 2, timezone.localdate())
    assert "C’est noté" in unescape(client.get(done["Location"], headers=FRENCH).content.decode())
    assert client.post(f"{PAGE}/{visit.pk}/annuler").status_code == 303
    assert not Visit.objects.exists()
    assert client.post(f"{PAGE}/{visit.pk}/annuler").status_code == 404


def test_another_day_may_be_said_not_a_day_to_come(client: Client, point: Point) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    client.post(PAGE, taps(point, day=yesterday.isoformat()))
    assert Visit.objects.get().local_day == yesterday
    for day in (timezone.localdate() + timedelta(days=1), yesterday - timedelta(days=400)):
        assert client.post(PAGE, taps(point, day=day.isoformat())).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "x"}, {"category": ""}, {"purpose": "x"}, {"people": 0}, {"people": 501}, {"point": 999}, {"key": "x"}],
)
def test_a_missing_tap_is_asked_for_and_nothing_is_noted(
    client: Client, point: Point, wrong: dict[str, object]
) -> None:
    answer = client.post(PAGE, taps(point, **wrong), headers=FRENCH)
    assert answer.status_code == 422
    assert not Visit.objects.exists()


def test_nobody_notes_or_takes_back_at_the_point_of_others(client: Client, point: Point) -> None:
    rennes = make_point(commune="Rennes")
    client.post(PAGE, taps(point))
    agent(client, rennes)
    assert client.post(PAGE, taps(point)).status_code == 422
    assert client.post(f"{PAGE}/{Visit.objects.get().pk}/annuler").status_code == 404
    client.logout()
    assert client.get(PAGE).status_code == 302


def test_notes_are_counted_in_people_and_published(client: Client, point: Point) -> None:
    client.post(PAGE, taps(point))
    client.post(PAGE, taps(point, people=3))
    client.post(PAGE, taps(point, kind="refused", purpose="room", people=1))
    assert {cell.code: cell.count for cell in manners_of(ALL).noted} == {"called-booking": 5, "refused-room": 1}
    rows = {(row[1], row[2]): row[3] for row in manner_rows(ALL)}
    assert rows["passages-et-appels", "called-booking"] == 5
    assert rows["passages-et-appels", "came-meeting"] == 0
    make_use()
    assert "Ont appelé, pour réserver" in unescape(client.get("/chiffres", headers=FRENCH).content.decode())


def test_the_page_costs_the_same_however_many_notes(
    client: Client, point: Point, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(12):
        client.post(PAGE, taps(point))
    with django_assert_num_queries(5):
        client.get(PAGE)
