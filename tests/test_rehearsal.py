"""The main job, end to end, as an operator checks it after an upgrade."""

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.browser
def test_two_sites_find_book_meet_and_are_counted() -> None:
    command = [sys.executable, "-m", "maillage.config.cli", "rehearse", "--json"]
    ended = subprocess.run(
        command, env={**os.environ, "MAILLAGE_DEMO": "1"}, capture_output=True, text=True, check=False
    )
    outcomes = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [outcome for outcome in outcomes if not outcome["ok"]] == []
    assert (ended.returncode, outcomes[-1]["step"]) == (0, "count")
