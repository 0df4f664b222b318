"""Notice by kind of meeting, priorities, reserved and low-profile rooms: the search and the hold ask the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.booking.domain.terms import (
    NetworkNotices,
    Pass,
    Terms,
    Tier,
    earliest_start,
    latest_start,
    may_use,
    notice_minutes,
    tier_of,
)
from maillage.booking.domain.wishes import MeetingWish, PartyWish, Proposal
from maillage.booking.errors import HelpTooSoon, KeptForOthers, RoomReserved, TooSoon
from maillage.booking.models import Booking
from maillage.booking.selectors import propose_slots
from maillage.booking.selectors.passes import pass_token, read_pass
from maillage.booking.services import confirm_booking, hold_slot, move_booking
from maillage.booking.tests.factories import ANNE, NOW, make_hold, make_rooms, party_in, wish_from
from maillage.core.links import LinkExpired, LinkForged
from maillage.core.quarters import quarter_of
from maillage.points.domain.catalogue import RoomOffer
from maillage.points.models import Audience, Room
from maillage.points.services import note_readiness, renew_catalogue
from maillage.points.tests.factories import make_point, make_room

OFFER = RoomOffer(1, 7, "Salle", "Point", "point", "22025", 48.4, -3.4, 8, "24/7", "Europe/Paris", 1, 0, 5)
NINE_SHARP = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Monday, 9:00 in Paris: the rooms open."""


def test_a_room_that_is_ready_is_taken_at_once_and_only_help_or_three_places_ask_for_more() -> None:
    network = NetworkNotices(assisted_minutes=60, multipoint_minutes=1440)
    assert notice_minutes(OFFER, Terms(notices=network)) == 5
    assert notice_minutes(OFFER, Terms(wants_help=True, notices=network)) == 60
    assert notice_minutes(OFFER, Terms(places=3, notices=network)) == 1440
    silent = replace(OFFER, is_station_ready=False)
    assert notice_minutes(silent, Terms(notices=network)) == 60
    own = replace(silent, assisted_notice_minutes=0, multipoint_notice_minutes=30)
    assert notice_minutes(own, Terms(notices=network)) == 5
    assert notice_minutes(own, Terms(places=5, notices=network)) == 30
    assert [tier_of(OFFER, t) for t in (Terms(), Terms(wants_help=True), Terms(places=3))] == list(Tier)
    assert tier_of(silent, Terms()) is Tier.ASSISTED


@given(now=st.integers(1_700_000_000, 1_900_000_000), notice=st.integers(0, 3000))
def test_the_first_start_leaves_the_whole_notice_and_wastes_less_than_a_quarter(now: int, notice: int) -> None:
    first = earliest_start(replace(OFFER, notice_minutes=notice), Terms(), now_seconds=now)
    assert 0 <= first * 900 - now - notice * 60 < 900


def test_who_goes_first_is_not_held_back_and_the_others_come_within_the_days() -> None:
    kept = replace(OFFER, priority_group="tenants", priority_days=2)
    limit = latest_start(kept, Terms(), now_seconds=0)
    assert limit == 2 * 96 + 1
    for group in ("tenants", "internal"):
        assert latest_start(kept, Terms(passes=frozenset({Pass(7, group)})), now_seconds=0) > 1 << 30
    assert latest_start(kept, Terms(passes=frozenset({Pass(7, "partners")})), now_seconds=0) == limit
    assert latest_start(kept, Terms(passes=frozenset({Pass(8, "tenants")})), now_seconds=0) == limit


@pytest.mark.parametrize(
    ("audience", "opens"),
    [
        ("everyone", {"", "tenants", "partners", "internal"}),
        ("companies", {"tenants", "partners", "internal"}),
        ("tenants", {"tenants", "internal"}),
        ("internal", {"internal"}),
    ],
)
def test_each_audience_lets_in_its_own(audience: str, opens: set[str]) -> None:
    offer = replace(OFFER, audience=audience)
    groups = ("", "tenants", "partners", "internal")
    let_in = {g for g in groups if may_use(offer, Terms(passes=frozenset({Pass(7, g)} if g else ())))}
    assert let_in == opens
    assert Audience(audience) in Audience


def test_a_pass_opens_what_it_says_and_nothing_forged_or_old_does() -> None:
    token = pass_token(7, "tenants", now=NOW)
    assert read_pass(token, NOW) == Pass(7, "tenants")
    with pytest.raises(LinkForged):
        read_pass(token.replace("7:", "8:"), NOW)
    with pytest.raises(LinkForged):
        read_pass(pass_token(7, "mayors", now=NOW), NOW)
    with pytest.raises(LinkExpired):
        read_pass(token, NOW + timedelta(days=900))


def held(wish: MeetingWish, proposal: Proposal, now: datetime) -> Booking:
    """Hold a proposal exactly as it was shown."""
    rooms = {seat.position: seat.room.room_id if seat.room else None for seat in proposal.seats}
    return hold_slot(
        request_key=f"proposal-{proposal.first_quarter}",
        first_quarter=proposal.first_quarter,
        length=proposal.length,
        parties=tuple(replace(party, room_id=rooms[party.position]) for party in wish.parties),
        time_zone=wish.time_zone,
        language="fr",
        now=now,
        wants_help=wish.wants_help,
        passes=wish.passes,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("places", [2, 3])
@pytest.mark.parametrize("wants_help", [False, True])
@pytest.mark.parametrize("is_ready", [None, True, False])
def test_every_proposal_can_be_held_and_the_quarter_before_the_first_cannot(
    places: int, wants_help: bool, is_ready: bool | None, settings: Any
) -> None:
    settings.ASSISTED_NOTICE_MINUTES, settings.MULTIPOINT_NOTICE_MINUTES = 45, 90
    rooms = make_rooms("Callac", "Rennes", "Brest")[:places]
    if is_ready is not None:
        note_readiness(
            ready=[room.pk for room in rooms if is_ready],
            silent=[room.pk for room in rooms if not is_ready],
            through="task",
        )
    wish = replace(wish_from(*(room.point.commune for room in rooms), days=1), wants_help=wants_help, soonest=True)
    found = propose_slots(wish, now=NINE_SHARP, limit=40)
    first = found[0].first_quarter
    helped = wants_help or is_ready is False
    minutes = max(5, 45 if helped else 0, 90 if places == 3 else 0)
    assert first == -(-(int(NINE_SHARP.timestamp()) + minutes * 60) // 900)
    early = replace(found[0], first_quarter=first - 1)
    with pytest.raises(TooSoon):
        held(wish, early, NINE_SHARP)
    for proposal in found:
        booking = held(wish, proposal, NINE_SHARP)
        Booking.objects.filter(pk=booking.pk).delete()


@pytest.mark.django_db
def test_two_places_meet_five_minutes_from_now_where_the_rooms_are_open() -> None:
    rooms = make_rooms()
    now = NINE_SHARP + timedelta(minutes=9)
    best = propose_slots(wish_from(*(room.point.commune for room in rooms), days=1, soonest=True), now=now)[0]
    assert best.first_quarter == quarter_of(now) + 1
    assert best.tier is Tier.DIRECT
    assert make_hold(rooms, first_quarter=best.first_quarter, now=now).pk


@pytest.mark.django_db
def test_help_asked_for_too_late_is_refused_with_what_to_do_and_the_hold_stays() -> None:
    rooms = make_rooms()
    booking = make_hold(rooms, first_quarter=quarter_of(NINE_SHARP) + 1, now=NINE_SHARP)
    with pytest.raises(HelpTooSoon) as refusal:
        confirm_booking(booking_id=booking.pk, contact=replace(ANNE, wants_help=True), now=NINE_SHARP)
    assert refusal.value.details == {"notice_minutes": 60}
    assert confirm_booking(booking_id=booking.pk, contact=ANNE, now=NINE_SHARP).confirmed_at


def restricted(**rules: object) -> tuple[Room, Room]:
    callac, rennes = make_rooms()
    Room.objects.filter(pk=callac.pk).update(**rules)
    renew_catalogue()
    return callac, rennes


@pytest.mark.django_db
def test_a_low_profile_room_is_never_offered_and_its_own_link_books_it() -> None:
    callac, rennes = restricted(is_listed=False)
    other = make_room(make_point(commune="Brest"))
    wish = wish_from(callac.point.commune, rennes.point.commune)
    seated = {seat.room.room_id for p in propose_slots(wish, now=NOW, limit=40) for seat in p.seats if seat.room}
    assert callac.pk not in seated
    assert other.pk in seated
    chosen = replace(wish, parties=(party_in(callac, 0), wish.parties[1]))
    assert held(chosen, propose_slots(chosen, now=NOW)[0], NOW).pk


@pytest.mark.django_db
def test_a_reserved_room_asks_for_a_pass_and_opens_to_it() -> None:
    callac, rennes = restricted(audience=Audience.TENANTS)
    wish = replace(wish_from(), parties=(party_in(callac, 0), party_in(rennes, 1)))
    with pytest.raises(RoomReserved):
        propose_slots(wish, now=NOW)
    with pytest.raises(RoomReserved):
        make_hold([callac, rennes])
    tenant = replace(wish, passes=frozenset({Pass(callac.point_id, "tenants")}))
    booking = held(tenant, propose_slots(tenant, now=NOW)[0], NOW)
    assert booking.access_group == "tenants"
    confirmed = confirm_booking(booking_id=booking.pk, contact=ANNE, now=NOW)
    moved = move_booking(
        booking_id=confirmed.pk, first_quarter=confirmed.first_quarter + 96, length=confirmed.length, now=NOW
    )
    assert moved.first_quarter == confirmed.first_quarter + 96


@pytest.mark.django_db
def test_a_room_kept_first_for_its_firms_opens_to_all_some_days_before() -> None:
    callac, rennes = restricted(priority_group="tenants", priority_days=2)
    wish = replace(wish_from(), parties=(party_in(callac, 0), party_in(rennes, 1)))
    limit = quarter_of(NOW) + 2 * 96
    assert {p.first_quarter <= limit for p in propose_slots(wish, now=NOW, limit=60)} == {True}
    with pytest.raises(KeptForOthers) as refusal:
        make_hold([callac, rennes], first_quarter=quarter_of(NOW) + 4 * 96 + 8)
    assert refusal.value.details["days"] == 2
    tenant = replace(wish, passes=frozenset({Pass(callac.point_id, "tenants")}))
    later = [p for p in propose_slots(tenant, now=NOW, limit=60) if p.first_quarter > limit]
    assert held(tenant, later[0], NOW).access_group == "tenants"


@pytest.mark.django_db
def test_readiness_changes_once_and_is_forgotten_with_the_station() -> None:
    callac, rennes = make_rooms()
    assert note_readiness(ready=[callac.pk], silent=[rennes.pk], through="task") == 2
    assert note_readiness(ready=[callac.pk], silent=[rennes.pk], through="task") == 0
    assert note_readiness(ready=[], silent=[], through="task") == 2
    assert set(Room.objects.values_list("is_station_ready", flat=True)) == {None}


def test_a_wish_tells_its_rooms_how_many_places_it_has() -> None:
    parties = tuple(PartyWish(position=n, head_count=1, kind="browser") for n in range(4))
    assert MeetingWish(parties, 4, 0, 96).terms(NetworkNotices()).places == 4
