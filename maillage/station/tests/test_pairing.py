from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.core.models import JournalEntry
from maillage.points.tests.factories import make_room
from maillage.station.domain.codes import ALPHABET, draw_code, read_code, spell_code
from maillage.station.errors import (
    KeyUsedTwice,
    LoanOver,
    NotAStation,
    PairingCodeExpired,
    PairingCodeUnknown,
    RoomHasStation,
    RoomNotYours,
)
from maillage.station.models import Station, StationState
from maillage.station.services import (
    change_key,
    end_loans,
    forget_expired_requests,
    identify,
    pair_screen,
    request_pairing,
)
from maillage.station.tests.factories import make_agent, make_station

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@given(st.randoms(use_true_random=False))
def test_a_code_reads_back_from_how_it_is_shown(chance: object) -> None:
    code = draw_code(chance.choice)  # type: ignore[attr-defined]
    assert set(code) <= set(ALPHABET)
    assert read_code(spell_code(code).lower()) == code


@pytest.mark.django_db
def test_a_screen_becomes_the_station_of_the_room_whose_code_is_typed() -> None:
    request, key = request_pairing(now=NOW)
    room = make_room()
    pair_screen(agent=make_agent(), typed=spell_code(request.code).lower(), room=room, replace=False, now=NOW)
    assert identify(key=key, now=NOW).room == room
    assert JournalEntry.objects.filter(verb="station.paired", subject=f"room:{room.pk}").count() == 1


@pytest.mark.django_db
def test_a_code_works_once_and_for_ten_minutes() -> None:
    request, _key = request_pairing(now=NOW)
    room = make_room()
    with pytest.raises(PairingCodeExpired):
        pair_screen(agent=make_agent(), typed=request.code, room=room, replace=False, now=NOW + timedelta(minutes=11))
    pair_screen(agent=make_agent(), typed=request.code, room=room, replace=False, now=NOW)
    with pytest.raises(PairingCodeUnknown):
        pair_screen(agent=make_agent(), typed=request.code, room=room, replace=True, now=NOW)


@pytest.mark.django_db
def test_a_room_keeps_one_station_and_the_conflict_is_shown() -> None:
    first, first_key = make_station(now=NOW)
    request, key = request_pairing(now=NOW)
    with pytest.raises(RoomHasStation):
        pair_screen(agent=make_agent(), typed=request.code, room=first.room, replace=False, now=NOW)
    assert identify(key=first_key, now=NOW) == first
    second = pair_screen(agent=make_agent(), typed=request.code, room=first.room, replace=True, now=NOW)
    assert identify(key=key, now=NOW) == second
    with pytest.raises(NotAStation):
        identify(key=first_key, now=NOW)


@pytest.mark.django_db
def test_a_screen_may_be_lent_for_some_days_and_then_gives_way() -> None:
    request, key = request_pairing(now=NOW)
    room, agent = make_room(), make_agent()
    week = timedelta(days=7)
    lent = pair_screen(agent=agent, typed=request.code, room=room, replace=False, now=NOW, lasts=week)
    assert identify(key=key, now=NOW + week) == lent
    later = NOW + timedelta(days=8)
    for _turn in range(2):
        with pytest.raises(LoanOver):
            identify(key=key, now=later)
    request, _key = request_pairing(now=later)
    pair_screen(agent=agent, typed=request.code, room=room, replace=False, now=later)
    lent.refresh_from_db()
    assert lent.state == StationState.REPLACED


@pytest.mark.django_db
def test_a_loan_that_is_over_alarms_nobody_and_says_why() -> None:
    request, key = request_pairing(now=NOW)
    day = timedelta(days=1)
    lent = pair_screen(agent=make_agent(), typed=request.code, room=make_room(), replace=False, now=NOW, lasts=day)
    assert end_loans(NOW + timedelta(hours=23)) == 0
    assert end_loans(NOW + timedelta(hours=25)) == 1
    lent.refresh_from_db()
    assert lent.state == StationState.REVOKED
    with pytest.raises(LoanOver):
        identify(key=key, now=NOW + timedelta(hours=26))


@pytest.mark.django_db
def test_only_those_who_look_after_the_room_may_pair_it() -> None:
    request, _key = request_pairing(now=NOW)
    room = make_room()
    stranger = User.objects.create_user("etranger@example.fr")
    with pytest.raises(RoomNotYours):
        pair_screen(agent=stranger, typed=request.code, room=room, replace=False, now=NOW)
    Role.objects.create(user=stranger, organisation=room.point.host, part=Part.FACILITATOR)
    assert pair_screen(agent=stranger, typed=request.code, room=room, replace=False, now=NOW).room == room


@pytest.mark.django_db
def test_a_start_cut_by_a_power_failure_does_not_lose_the_station() -> None:
    station, key = make_station(now=NOW)
    change_key(screen=station, now=NOW)  # the answer never reached the screen
    assert identify(key=key, now=NOW + timedelta(minutes=2)) == station


@pytest.mark.django_db
def test_a_copied_key_that_comes_back_withdraws_the_station() -> None:
    station, copied = make_station(now=NOW)
    key = change_key(screen=station, now=NOW)
    with pytest.raises(KeyUsedTwice):
        identify(key=copied, now=NOW + timedelta(minutes=6))
    with pytest.raises(KeyUsedTwice):
        identify(key=key, now=NOW + timedelta(minutes=6))
    assert Station.objects.get().state == StationState.STOLEN


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "abc", "x" * 400])
def test_a_screen_without_a_good_key_is_nothing(key: str) -> None:
    make_station(now=NOW)
    with pytest.raises(NotAStation):
        identify(key=key, now=NOW)


@pytest.mark.django_db
def test_requests_nobody_answered_are_forgotten() -> None:
    request_pairing(now=NOW)
    assert forget_expired_requests(NOW + timedelta(minutes=30)) == 0
    assert forget_expired_requests(NOW + timedelta(hours=2)) == 1
