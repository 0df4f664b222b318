from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.links import LinkExpired, LinkForged, read_link, sign_link

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@given(st.text("0123456789abcdef-", min_size=1, max_size=40))
def test_a_link_gives_back_its_subject(subject: str) -> None:
    assert read_link("party", sign_link("party", subject, NOON), NOON) == subject


def test_a_link_for_one_purpose_opens_no_other() -> None:
    with pytest.raises(LinkForged):
        read_link("organiser", sign_link("party", "7", NOON), NOON)


def test_a_link_ends_at_its_time() -> None:
    token = sign_link("party", "7", NOON)
    with pytest.raises(LinkExpired):
        read_link("party", token, NOON + timedelta(seconds=1))


@given(st.text(max_size=80))
def test_what_we_did_not_write_is_refused(token: str) -> None:
    with pytest.raises(LinkForged):
        read_link("party", token, NOON)


@given(st.integers(0, 60), st.sampled_from("0aZ.-"))
def test_a_link_changed_by_one_letter_is_refused(place: int, letter: str) -> None:
    token = sign_link("party", "31337", NOON)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(LinkForged):
            read_link("party", changed, NOON)
