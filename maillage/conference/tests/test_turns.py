from unittest.mock import patch

from maillage.conference.consumers import turns
from maillage.conference.consumers.turns import MOST_KEPT, TURN_SECONDS, takes_turn


class Layer:
    """Stands for a channel layer."""


def test_one_page_of_a_meeting_looks_after_all_once_a_beat() -> None:
    mine, other = Layer(), Layer()
    with patch("maillage.conference.consumers.turns.time.monotonic") as clock:
        clock.return_value = 100.0
        assert takes_turn(mine, 1)
        assert not takes_turn(mine, 1)
        assert takes_turn(mine, 2)
        assert takes_turn(other, 1)
        clock.return_value = 100.0 + TURN_SECONDS
        assert takes_turn(mine, 1)
        for conference in range(10, 10 + MOST_KEPT):
            assert takes_turn(mine, conference)
        clock.return_value += TURN_SECONDS
        assert takes_turn(mine, 1)
        assert len(turns._looked[mine]) == 1, "meetings that are over are forgotten"
