"""The main job, end to end, as an operator checks it after an upgrade."""

import pytest

from maillage.config.rehearsal.steps import rehearse


@pytest.mark.browser
def test_two_sites_find_book_meet_and_are_counted() -> None:
    outcomes = list(rehearse())
    failed = [outcome for outcome in outcomes if not outcome.ok]
    assert not failed
    assert [outcome.step for outcome in outcomes][-1] == "count"
