"""The wall: every meeting of this moment, how each site's sound and image pass, those that need somebody first."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from maillage.booking.models import Party, PartyKind
from maillage.booking.tests.factories import make_rooms
from maillage.concierge.domain.cards import State
from maillage.concierge.domain.wall import Image, Measured, Sound, image_of, shown_now, sound_of
from maillage.concierge.selectors import wall_of
from maillage.concierge.tests.factories import NINE, at_the_desk, make_meeting_in
from maillage.conference.models import Attendance, QualitySample
from maillage.conference.models.meetings import Images
from maillage.conference.tests.factories import enter, make_meeting, parties_of

SENDS = Measured(microphone=True, camera=True)
SECONDS = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("site", "sound"),
    [
        (Measured(True, True, missed=0.0), Sound.GOOD),
        (Measured(True, True, missed=0.02), Sound.GOOD),
        (Measured(True, True, missed=0.05), Sound.FAIR),
        (Measured(True, True, missed=0.2), Sound.BAD),
        (Measured(False, True, missed=0.2), Sound.BAD),
        (Measured(False, True, missed=0.0), Sound.OFF),
        (SENDS, Sound.UNKNOWN),
    ],
)
def test_how_the_sound_of_a_site_passes(site: Measured, sound: Sound) -> None:
    assert sound_of(site) is sound


@pytest.mark.parametrize(
    ("site", "image"),
    [
        (Measured(True, True, frames=15), Image.GOOD),
        (Measured(True, True, frames=4), Image.SLOW),
        (Measured(True, True, frames=0), Image.FROZEN),
        (Measured(True, False, frames=0), Image.OFF),
        (Measured(True, True, frames=15, gives_up=True), Image.GIVEN_UP),
        (SENDS, Image.UNKNOWN),
    ],
)
def test_how_the_image_of_a_site_passes(site: Measured, image: Image) -> None:
    assert image_of(site) is image


@given(st.integers(0, 30), st.integers(0, 60), st.integers(1, 12))
def test_every_meeting_comes_in_turn_and_no_screenful_holds_more_than_fits(urgent: int, calm: int, room: int) -> None:
    pressing, others = [f"u{n}" for n in range(urgent)], [f"c{n}" for n in range(calm)]
    seen: set[str] = set()
    for tick in range(200):
        shown, turn = shown_now(pressing, others, room=room, tick=tick)
        assert len(shown) <= room
        assert 1 <= turn.number <= turn.of
        seen.update(shown)
    if room > 1:
        assert seen == {*pressing, *others}


def measure(of: Party, by: Party, *, missed: float, frames: float, ago: int = 2) -> None:
    stay = Attendance.objects.get(party=by, left_at=None)
    QualitySample.objects.create(
        attendance=stay, remote=of, at=NINE - ago * SECONDS, concealed_in=missed, frames_per_second=frames
    )


@pytest.fixture
def sides(db: None) -> list[Party]:
    """Three sites in a meeting that began."""
    sides = parties_of(make_meeting(names=("Callac", "Rennes", "Houat")))
    for side in sides:
        enter(side, name=f"screen-{side.pk}", page=f"page-{side.pk:06}", now=NINE)
    return sides


def test_a_site_shows_the_worst_that_was_measured_of_it_or_by_it_in_the_last_seconds(sides: list[Party]) -> None:
    callac, rennes, houat = sides
    measure(callac, rennes, missed=0.0, frames=15)
    measure(rennes, callac, missed=0.0, frames=14)
    measure(houat, callac, missed=0.3, frames=3)
    measure(callac, houat, missed=0.9, frames=0, ago=60)
    (meeting,) = wall_of(NINE).meetings
    assert [(site.name, site.sound, site.image) for site in meeting.sites] == [
        ("Callac", Sound.BAD, Image.GOOD),
        ("Rennes", Sound.GOOD, Image.GOOD),
        ("Houat", Sound.BAD, Image.SLOW),
    ]
    assert meeting.is_urgent


def test_who_wants_no_image_measures_none_and_a_telephone_has_none(sides: list[Party]) -> None:
    callac, rennes, houat = sides
    Party.objects.filter(pk=houat.pk).update(kind=PartyKind.PHONE)
    Attendance.objects.filter(party=rennes).update(images=Images.NONE)
    measure(callac, rennes, missed=0.0, frames=0)
    measure(rennes, callac, missed=0.0, frames=15)
    sites = wall_of(NINE).meetings[0].sites
    assert [site.image for site in sites] == [Image.UNKNOWN, Image.GIVEN_UP, None]


@pytest.mark.django_db
def test_only_meetings_of_this_moment_are_on_the_wall_those_in_trouble_first() -> None:
    rooms = make_rooms()
    quarter = timedelta(minutes=15)
    over = make_meeting_in(*rooms, start=NINE - 5 * quarter)
    lasting = make_meeting(start=NINE - 6 * quarter, names=("Auray", "Belle-Île"))
    enter(parties_of(lasting)[0], now=NINE)
    late = make_meeting(start=NINE - quarter, names=("Vannes", "Groix"))
    soon = make_meeting(start=NINE + quarter, names=("Brest", "Molène"))
    make_meeting(start=NINE + 2 * quarter, names=("Quimper", "Sein"))
    wall = wall_of(NINE)
    shown = [meeting.row.booking.pk for meeting in wall.meetings]
    assert shown[-1] == soon.pk
    assert set(shown) == {lasting.pk, late.pk, soon.pk}
    assert over.pk not in shown
    assert (wall.count, wall.urgent, wall.sites) == (3, 1, 1)
    assert (shown[0], wall.meetings[0].row.state) == (late.pk, State.TROUBLE)


def test_the_wall_costs_the_same_queries_for_one_meeting_or_ten(
    sides: list[Party], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(9):
        make_meeting(names=(f"Site {number}", f"Bourg {number}"))
    with django_assert_max_num_queries(12):
        wall = wall_of(NINE)
    assert wall.count == 10
    assert len(wall.meetings) == 4
    assert wall.turn.of > 1


def test_the_page_words_each_site_names_no_meeting_and_is_for_operators(sides: list[Party]) -> None:
    measure(sides[0], sides[1], missed=0.0, frames=15)
    with time_machine.travel(NINE, tick=False):
        shown = at_the_desk().get("/conciergerie/mur").content.decode()
        refused = Client().get("/conciergerie/mur")
    assert all(word in shown for word in ("Callac", "Houat", "son bon", "image bonne", "1 réunion, 3 sites présents"))
    assert "Point sur le chantier" not in shown
    assert refused.status_code == 302
