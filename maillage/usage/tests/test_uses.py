"""Ended bookings counted: the database's side."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from maillage.booking.events import BookingCancelled, BookingDone
from maillage.booking.models import BookingStatus, Party
from maillage.conference.events import TravelAnswered
from maillage.core.events import publish
from maillage.core.theme import Network
from maillage.territory.tests.factories import make_commune, make_island
from maillage.usage.errors import NotEnded
from maillage.usage.models import Factor, Outcome, Use, UsePart
from maillage.usage.services import compute_use, count_missing, load_factors, recompute_use, recompute_uses
from maillage.usage.tests.factories import AFTER, CALLAC, RENNES, TEN, Side, make_ended, make_use

pytestmark = pytest.mark.django_db
KM = 133.8 * 1.3  # Callac to Rennes, great circle and detour


@pytest.fixture(autouse=True)
def _brittany(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make region 53 the network's territory."""
    monkeypatch.setattr("maillage.usage.services.counting.current_network", lambda: Network(region_codes=("53",)))


def test_a_meeting_is_counted_with_its_kilometres_hours_and_co2() -> None:
    use = make_use()
    assert (use.outcome, use.topology, use.destination) == ("held", "point-to-point", "territory")
    assert (use.local_day, use.sites, use.people, use.declared_people) == (date(2026, 11, 24), 2, 5, 2)
    assert use.seconds == 3600
    assert use.km_avoided == pytest.approx(2 * 2 * (KM - 3), rel=0.01)
    assert use.co2_avoided_kg == pytest.approx(use.km_avoided * 0.2276)
    assert use.co2_footprint_kg == pytest.approx(2 * 0.0706)
    assert use.co2_net_kg == pytest.approx(use.co2_avoided_kg - use.co2_footprint_kg)


def test_each_part_says_why_and_on_which_factors() -> None:
    callac, rennes = make_use().parts.order_by("position")
    assert (callac.why, callac.method, callac.is_meeting_place) == ("counted", "road-estimate", False)
    assert (rennes.why, rennes.is_meeting_place, rennes.km_avoided) == ("not-declared", True, 0)
    assert {used.factor.code for used in callac.used_factors.all()} == {"car-diesel-medium", "screen-hd"}
    assert {used.factor.code for used in rennes.used_factors.all()} == {"screen-hd"}
    assert callac.room is not None
    assert callac.point == callac.room.point


def test_counting_twice_leaves_one_use_with_the_same_figures() -> None:
    first = make_use()
    assert first.booking_id is not None
    again = compute_use(booking_id=first.booking_id, now=AFTER)
    assert again is not None
    assert (again.pk, again.km_avoided) == (first.pk, first.km_avoided)
    assert UsePart.objects.count() == 2


def test_a_late_answer_changes_what_is_avoided() -> None:
    booking = make_ended((Side(), RENNES))
    use = compute_use(booking_id=booking.pk, now=AFTER)
    assert use is not None
    assert use.km_avoided == 0
    Party.objects.filter(booking=booking, position=0).update(travel_mode="train")
    late = recompute_use(booking_id=booking.pk, now=AFTER)
    assert late is not None
    assert late.km_avoided > 0
    assert late.co2_avoided_kg == pytest.approx(late.km_avoided * 0.0277)


def test_two_who_would_have_travelled_avoid_the_trip_to_the_organiser_alone() -> None:
    use = make_use((Side(mode="car-alone"), Side("Rennes", people=3, mode="car-alone")))
    callac, rennes = use.parts.order_by("position")
    assert (callac.is_meeting_place, callac.why) == (True, "meeting-place")
    assert rennes.km_avoided == pytest.approx(2 * 3 * KM, rel=0.01)


def test_three_places_meet_where_the_total_way_is_least() -> None:
    use = make_use((Side("Brest", mode="train"), Side("Rennes", mode="train"), Side("Saint-Brieuc", mode="train")))
    assert use.topology == "multipoint"
    assert use.parts.get(is_meeting_place=True).origin_id == "22278"


@pytest.mark.parametrize(
    ("came", "outcome"),
    [
        ((None, None), Outcome.NOBODY_CAME),
        (((0, 60), None), Outcome.ONE_SIDE_CAME),
        (((0, 10), (20, 30)), Outcome.NEVER_TOGETHER),
    ],
)
def test_a_meeting_that_was_not_one_is_kept_apart_and_avoids_nothing(came: Any, outcome: str) -> None:
    use = make_use((Side(mode="car-alone", came=came[0]), Side("Rennes", mode="car-alone", came=came[1])))
    assert use.outcome == outcome
    assert (use.km_avoided, use.co2_avoided_kg, use.seconds) == (0, 0, 0)
    assert use.local_day == date(2026, 11, 24)


def test_a_side_that_did_not_come_counts_for_nothing_in_a_meeting_of_three() -> None:
    use = make_use((CALLAC, RENNES, Side("Brest", mode="car-alone", came=None)))
    absent = use.parts.get(position=2)
    assert (use.outcome, use.topology, use.people) == ("held", "point-to-point", 5)
    assert (absent.why, absent.km_avoided, absent.co2_footprint_kg) == ("absent", 0, 0)


def test_a_guest_abroad_makes_the_meeting_abroad_and_avoids_nothing_from_nobody_knows_where() -> None:
    guest = Side(commune="", kind="browser", country="CA", mode="plane", people=1)
    use = make_use((CALLAC, guest))
    assert use.destination == "abroad"
    assert use.parts.get(position=1).why == "origin-unknown"
    assert use.km_avoided == 0
    assert use.co2_footprint_kg == pytest.approx(0.0706 + 0.0635)


def test_a_meeting_with_another_region_is_elsewhere_in_france() -> None:
    use = make_use()
    Party.objects.filter(booking=use.booking, position=1).update(room=None, kind="browser")
    make_commune("Rennes", region="11")
    assert use.booking_id is not None
    again = compute_use(booking_id=use.booking_id, now=AFTER)
    assert again is not None
    assert again.destination == "france"


def test_the_boat_of_an_island_has_its_own_factor() -> None:
    make_commune("Ouessant", island=make_island())
    booking = make_ended((Side("Brest"), Side("Brest")))
    ouessant = make_commune("Ouessant", island=make_island())
    Party.objects.filter(booking=booking, position=0).update(origin=ouessant, travel_mode="car-alone")
    use = compute_use(booking_id=booking.pk, now=AFTER)
    assert use is not None
    part = use.parts.get(position=0)
    assert part.method == "road-and-sea"
    assert "ferry-foot" in {used.factor.code for used in part.used_factors.all()}


def test_a_new_factor_changes_past_figures_only_when_they_are_counted_again(tmp_path: Path) -> None:
    use = make_use()
    before = use.co2_avoided_kg
    factor = Factor.objects.get(code="car-diesel-medium").fact
    text = f"""[[factor]]
code = "{factor.code}"
name = "{factor.name}"
value = 0.1138
unit = "{factor.unit}"
publisher = "ADEME"
edition = "corrigée"
url = "https://example.org/"
read_on = 2027-02-01
valid_from = 2025-01-01
scope = "Essai."
"""
    path = tmp_path / "factors.toml"
    path.write_text(text)
    call_command("load_factors", str(path))
    use.refresh_from_db()
    assert use.co2_avoided_kg == before
    call_command("recompute_uses")
    use.refresh_from_db()
    assert use.co2_avoided_kg == pytest.approx(before / 2)
    assert Factor.objects.filter(code=factor.code).count() == 2


def test_a_booking_that_is_not_over_cannot_be_counted() -> None:
    booking = make_ended(status=BookingStatus.CONFIRMED)
    with pytest.raises(NotEnded):
        compute_use(booking_id=booking.pk, now=AFTER)
    assert not Use.objects.exists()


@pytest.mark.parametrize(("cause", "outcome"), [("technical", Outcome.FAILED), ("no-show", Outcome.NOBODY_CAME)])
def test_a_meeting_undone_by_failure_or_absence_is_counted_apart(cause: str, outcome: str) -> None:
    booking = make_ended(status=BookingStatus.CANCELLED, cause=cause)
    use = compute_use(booking_id=booking.pk, now=AFTER)
    assert use is not None
    assert use.outcome == outcome
    assert use.km_avoided == 0


def test_a_meeting_cancelled_by_its_organiser_is_no_use() -> None:
    booking = make_ended(status=BookingStatus.CANCELLED, cause="organiser")
    assert compute_use(booking_id=booking.pk, now=AFTER) is None
    assert count_missing(AFTER) == 0


def test_the_end_of_a_meeting_counts_it(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    booking = make_ended()
    with django_capture_on_commit_callbacks(execute=True):
        publish(BookingDone(booking_id=booking.pk))
    assert Use.objects.get().booking_id == booking.pk


@pytest.mark.parametrize(("cause", "uses"), [("no-show", 1), ("organiser", 0), ("hold-expired", 0)])
def test_a_cancelled_booking_is_counted_only_if_its_people_were_expected(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, cause: str, uses: int
) -> None:
    booking = make_ended(status=BookingStatus.CANCELLED, cause=cause)
    with django_capture_on_commit_callbacks(execute=True):
        publish(BookingCancelled(booking_id=booking.pk, cause=cause))
    assert Use.objects.count() == uses


def test_a_meeting_left_uncounted_is_counted_later_once() -> None:
    make_ended()
    assert (count_missing(AFTER), count_missing(AFTER), recompute_uses(AFTER)) == (1, 0, 1)


def test_a_booking_that_is_erased_leaves_its_count() -> None:
    use = make_use()
    assert use.booking is not None
    use.booking.delete()
    kept = Use.objects.get()
    assert (kept.booking_id, kept.people) == (None, 5)
    assert kept.parts.count() == 2
    assert recompute_uses(AFTER) == 0


def test_counting_five_parties_costs_as_many_queries_as_two(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    load_factors()
    five = [Side(name, mode="train") for name in ("Callac", "Rennes", "Brest", "Vannes", "Quimper")]
    for sides in ((CALLAC, RENNES), five):
        booking = make_ended(sides)
        with django_assert_num_queries(18):
            compute_use(booking_id=booking.pk, now=AFTER)


def test_the_day_counted_is_the_local_one() -> None:
    late = TEN.replace(hour=23, minute=30)
    assert make_use(start=late).local_day == date(2026, 11, 25)


def test_a_pinned_day_of_the_plan_serves_when_nobody_came() -> None:
    use = make_use((Side(came=None), Side("Rennes", came=None)), start=TEN + timedelta(days=30))
    assert use.local_day == date(2026, 12, 24)


def test_an_answer_given_after_the_meeting_counts_it_again(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    booking = make_ended((Side(), RENNES))
    party = booking.parties.get(position=0)
    with django_capture_on_commit_callbacks(execute=True):
        publish(TravelAnswered(booking.pk, party.pk))
    assert not Use.objects.exists()
    compute_use(booking_id=booking.pk, now=AFTER)
    Party.objects.filter(pk=party.pk).update(travel_mode="train")
    with django_capture_on_commit_callbacks(execute=True):
        publish(TravelAnswered(booking.pk, party.pk))
    assert Use.objects.get().km_avoided > 0
