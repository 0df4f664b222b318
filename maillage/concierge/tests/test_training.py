from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.concierge.domain.training import Trouble, plan_day
from maillage.concierge.models import Ticket
from maillage.concierge.services.training import play_day
from maillage.concierge.tests.factories import NINE
from maillage.points.tests.factories import make_point, make_room


@given(st.integers(4, 30), st.integers(1, 30), st.floats(0, 1), st.randoms(use_true_random=False))
def test_no_room_is_in_two_meetings_at_once(rooms: int, meetings: int, share: float, chance: Random) -> None:
    wanted = min(meetings, 8 * (rooms // 2))
    plan = plan_day(meetings=wanted, rooms=rooms, share=share, chance=chance)
    taken = [(one.hour, room) for one in plan for room in one.rooms]
    assert len(taken) == len(set(taken)) == 2 * wanted
    assert sum(one.trouble is not None for one in plan) == round(wanted * share)


def test_too_few_rooms_are_refused() -> None:
    with pytest.raises(ValueError, match="hold 8 meetings"):
        plan_day(meetings=9, rooms=2, share=0, chance=Random(1))


@pytest.mark.django_db(transaction=True)
def test_a_day_where_everything_goes_wrong_is_seen_within_the_minute_and_loses_no_meeting() -> None:
    rooms = [make_room(make_point(f"Point {number}", commune="Callac")) for number in range(10)]
    plan = plan_day(meetings=10, rooms=10, share=1, chance=Random(3))
    assert {one.trouble for one in plan} == set(Trouble)
    report = play_day(plan=plan, rooms=rooms, day=NINE.date(), zone=ZoneInfo("Europe/Paris"), pause=lambda: None)
    assert report.missed == []
    assert report.is_well, report
    assert (report.done, report.troubles) == (10, 10)
    assert not Ticket.objects.filter(closed_at=None).exists()
