from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.station.domain.verdict import Cause, Level, Measures, judge

WELL = Measures(
    has_camera=True,
    has_microphone=True,
    image_luma=0.4,
    sound_dbfs=-20,
    noise_dbfs=-60,
    delay_ms=120,
    echo_left_db=-35,
    down_kbps=8000,
    up_kbps=2000,
    clock_ahead_s=0.4,
)


def test_a_room_that_hears_itself_clearly_is_green() -> None:
    assert judge(WELL) == judge(replace(WELL, image_luma=None))
    assert judge(WELL).level == Level.GREEN
    assert judge(replace(WELL, screen_width=720, screen_height=1280)).level == Level.GREEN  # a screen hung upright


@pytest.mark.parametrize(
    ("change", "level", "cause"),
    [
        ({"has_microphone": False}, Level.RED, Cause.NO_MICROPHONE),
        ({"sound_dbfs": None}, Level.RED, Cause.SOUND_NOT_HEARD),
        ({"sound_dbfs": -57}, Level.RED, Cause.SOUND_NOT_HEARD),
        ({"sound_dbfs": -50}, Level.ORANGE, Cause.SOUND_FAINT),
        ({"delay_ms": 700}, Level.ORANGE, Cause.SOUND_LATE),
        ({"echo_left_db": -5}, Level.ORANGE, Cause.ECHO_LEFT),
        ({"noise_dbfs": -30, "sound_dbfs": -10}, Level.ORANGE, Cause.NOISE),
        ({"has_camera": False}, Level.ORANGE, Cause.NO_CAMERA),
        ({"image_luma": 0.0}, Level.ORANGE, Cause.BLACK_IMAGE),
        ({"up_kbps": None}, Level.RED, Cause.LINE_DOWN),
        ({"up_kbps": 60}, Level.RED, Cause.LINE_DOWN),
        ({"down_kbps": 256}, Level.ORANGE, Cause.LINE_NARROW),
        ({"clock_ahead_s": -3600}, Level.ORANGE, Cause.CLOCK_WRONG),
        ({"screen_width": 1024, "screen_height": 768}, Level.ORANGE, Cause.SCREEN_SMALL),
    ],
)
def test_each_defect_is_named_and_weighed(change: dict[str, object], level: Level, cause: Cause) -> None:
    verdict = judge(replace(WELL, **change))  # type: ignore[arg-type]
    assert verdict.level == level
    assert verdict.causes[0] == cause


_number = st.none() | st.floats(-1e6, 1e6)


@given(st.builds(Measures, st.booleans(), st.booleans(), *[_number] * 8))
def test_green_means_that_nothing_was_found_and_the_room_heard_itself(measures: Measures) -> None:
    verdict = judge(measures)
    assert (verdict.level == Level.GREEN) == (not verdict.causes)
    if verdict.level != Level.RED:
        assert measures.has_microphone
        assert measures.sound_dbfs is not None
