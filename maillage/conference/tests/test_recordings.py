"""Recording with everybody's consent: asked, paused by a newcomer or a refusal, stopped, filmed, removed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from maillage.booking.models import Party
from maillage.conference.domain.recording import HEIGHT, WIDTH, Step, Timeline, Track, cells, film_graph, may_record
from maillage.conference.errors import RecordingUnavailable
from maillage.conference.gateways.janus_fake import FakeBridge
from maillage.conference.gateways.pool import BridgePool, PooledServer
from maillage.conference.gateways.recorder import film_path, tracks_of
from maillage.conference.gateways.sipgate.directory import LegFacts
from maillage.conference.gateways.sipgate.directory import Recorded as Told
from maillage.conference.management import callers
from maillage.conference.models import Attendance, BridgeRoom, EndReason, Notice, Recording
from maillage.conference.selectors import route_of
from maillage.conference.selectors.recordings import recording_told, recordings_of
from maillage.conference.services import (
    answer_recording,
    apply_recording,
    ask_recording,
    end_meeting,
    leave_meeting,
    make_waiting_films,
    open_conference,
    remove_old_films,
    stop_recording,
)
from maillage.conference.services.films import film
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of, token_of
from maillage.core.models import JournalEntry

MINUTE = timedelta(minutes=1)


class Recorded:
    """A meeting of three sides, on a bridge in memory, that may be recorded."""

    def __init__(self) -> None:
        self.bridge = FakeBridge("a")
        self.pool = BridgePool([PooledServer(self.bridge, "wss://a.example", "secret")])
        self.booking = make_meeting(names=("Callac", "Rennes", "Houat"))
        self.booking.parties.update(email="mairie@example.fr")
        self.sides: list[Party] = parties_of(self.booking)
        self.conference: int = open_conference(self.booking.pk).pk
        self.stays: dict[int, int] = {}

    def enter(self, *numbers: int, minute: int = 0) -> None:
        for number in numbers:
            entry = enter(
                self.sides[number], name=f"screen-{number}", page=f"page-000{number}", now=NINE + minute * MINUTE
            )
            self.stays[number] = entry.stay_id

    def leave(self, number: int, minute: int = 0) -> None:
        leave_meeting(stay_id=self.stays.pop(number), now=NINE + minute * MINUTE)

    def ask(self, number: int = 0, minute: int = 0) -> Recording:
        now = NINE + minute * MINUTE
        return ask_recording(conference_id=self.conference, party_id=self.sides[number].pk, now=now)

    def answer(self, number: int, *, accepts: bool, minute: int = 0) -> None:
        party = self.sides[number].pk
        answer_recording(conference_id=self.conference, party_id=party, accepts=accepts, now=NINE + minute * MINUTE)

    @property
    def step(self) -> str:
        return str(recording_told(self.conference)["step"])

    def is_recorded(self) -> bool:
        """Make the bridge follow, as after each commit, and tell whether it records."""
        apply_recording(self.conference, self.pool)
        room = BridgeRoom.objects.filter(conference=self.conference).first()
        return room is not None and room.room in self.bridge.recorded


@pytest.fixture
def meeting(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    settings.RECORDING, settings.JANUS_RECORDINGS = True, str(tmp_path / "janus")
    settings.PRIVATE_FILES = tmp_path / "private"
    made = Recorded()
    monkeypatch.setattr("maillage.conference.services.recordings.configured_pool", lambda: made.pool)
    return made


def test_everybody_present_must_accept_and_nobody_present_is_nobody_recorded() -> None:
    assert may_record([1, 2], {1: True, 2: True, 3: False})
    assert not may_record([1, 2], {1: True})
    assert not may_record([1, 2], {1: True, 2: False})
    assert not may_record([], {})


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500)), min_size=1, max_size=5), st.floats(-10, 6000))
def test_a_moment_falls_inside_the_film_wherever_it_is(gaps: list[tuple[float, float]], moment: float) -> None:
    spans, at = [], 0.0
    for silence, length in gaps:
        spans.append((at + silence, at + silence + length))
        at += silence + length
    timeline = Timeline(spans)
    assert 0 <= timeline.place(moment) <= timeline.seconds + 1e-6
    assert timeline.place(moment) <= timeline.place(moment + 1) + 1e-6


def test_pauses_are_left_out_of_the_film() -> None:
    timeline = Timeline([(100, 110), (200, 220)])
    assert [timeline.place(moment) for moment in (99, 105, 150, 200, 215, 999)] == [0, 5, 10, 10, 25, 30]


@given(st.integers(1, 40))
def test_pictures_have_equal_places_inside_the_film_that_do_not_meet(count: int) -> None:
    placed = cells(count)
    assert len({(cell.x, cell.y) for cell in placed}) == count
    assert len({(cell.width, cell.height) for cell in placed}) == 1
    assert all(cell.x + cell.width <= WIDTH and cell.y + cell.height <= HEIGHT for cell in placed)
    assert all(cell.x % cell.width == 0 and cell.y % cell.height == 0 for cell in placed)


def test_each_sound_starts_at_its_time_and_a_site_keeps_its_place() -> None:
    tracks = [
        Track("a", "1", True, 0),
        Track("b", "1 1", False, 0),
        Track("c", "1 1", False, 3),
        Track("d", "2", True, 4),
    ]
    graph = film_graph(tracks, Timeline([(0, 10)]))
    assert "[3:a]aresample=48000:async=1,adelay=4000:all=1" in graph
    assert "amix=inputs=2" in graph
    assert graph.count(f"overlay=0+({WIDTH}-w)/2:0+({HEIGHT}-h)/2") == 2


def test_nothing_is_recorded_where_it_was_not_decided(meeting: Recorded, settings: Any) -> None:
    settings.RECORDING = False
    meeting.enter(0, 1)
    with pytest.raises(RecordingUnavailable):
        meeting.ask()


def test_recording_waits_for_everybody_then_takes_the_meeting_to_the_bridge(meeting: Recorded) -> None:
    meeting.enter(0, 1)
    meeting.ask()
    assert (meeting.step, meeting.is_recorded()) == ("asked", False)
    assert route_of(meeting.conference).topology == "p2p"
    assert recording_told(meeting.conference)["waiting"] == [meeting.sides[1].pk]
    meeting.answer(1, accepts=True)
    assert (meeting.step, meeting.is_recorded()) == ("on", True)
    assert route_of(meeting.conference).topology == "bridge"


def test_a_side_that_comes_later_pauses_it_until_it_accepts(meeting: Recorded) -> None:
    meeting.enter(0, 1)
    meeting.ask()
    meeting.answer(1, accepts=True)
    meeting.enter(2, minute=5)
    assert (meeting.step, meeting.is_recorded()) == ("paused", False)
    meeting.answer(2, accepts=True, minute=7)
    assert (meeting.step, meeting.is_recorded()) == ("on", True)
    stop_recording(conference_id=meeting.conference, now=NINE + 10 * MINUTE)
    assert (meeting.step, meeting.is_recorded()) == ("off", False)
    assert [(one.seconds, one.step) for one in recordings_of(meeting.booking)] == [(8 * 60, "stopped")]
    assert not BridgeRoom.objects.get(conference=meeting.conference).is_recorded


def test_a_refusal_is_respected_until_that_side_changes_its_mind_or_leaves(meeting: Recorded) -> None:
    meeting.enter(0, 1, 2)
    meeting.ask()
    meeting.answer(1, accepts=True)
    meeting.answer(2, accepts=False)
    assert (meeting.step, meeting.is_recorded()) == ("asked", False)
    meeting.leave(2, minute=1)
    assert (meeting.step, meeting.is_recorded()) == ("on", True)
    meeting.answer(1, accepts=False, minute=2)
    assert (meeting.step, meeting.is_recorded()) == ("paused", False)
    answers = JournalEntry.objects.filter(verb__in=["recording.accepted", "recording.refused"]).order_by("pk")
    assert [(line.verb.split(".")[1], line.details["party"]) for line in answers] == [
        ("accepted", meeting.sides[0].pk),
        ("accepted", meeting.sides[1].pk),
        ("refused", meeting.sides[2].pk),
        ("refused", meeting.sides[1].pk),
    ]


def test_after_a_crash_of_the_bridge_recording_goes_on_only_if_all_still_accept(meeting: Recorded) -> None:
    meeting.enter(0, 1)
    meeting.ask()
    meeting.answer(1, accepts=True)
    assert meeting.is_recorded()
    meeting.bridge.crash()
    meeting.bridge.recorded.clear()
    assert not apply_recording(meeting.conference, meeting.pool)
    meeting.bridge.is_alive = True
    meeting.enter(2, minute=1)
    assert not meeting.is_recorded()
    meeting.answer(2, accepts=True, minute=2)
    assert meeting.is_recorded()


def test_asking_twice_is_one_recording_and_the_end_of_the_meeting_stops_it(meeting: Recorded) -> None:
    meeting.enter(0, 1)
    assert meeting.ask(0).pk == meeting.ask(1).pk
    meeting.answer(1, accepts=True)
    end_meeting(conference_id=meeting.conference, reason=EndReason.ENDED, now=NINE + 3 * MINUTE)
    recording = Recording.objects.get()
    assert (recording.step, recording.seconds) == (Step.STOPPED, 180)


def test_a_recording_that_nobody_let_start_gives_no_film(meeting: Recorded) -> None:
    meeting.enter(0, 1)
    meeting.ask()
    stop_recording(conference_id=meeting.conference, now=NINE + MINUTE)
    assert Recording.objects.get().step == Step.FAILED
    assert make_waiting_films(NINE + 5 * MINUTE) == 0


@pytest.fixture
def filmed(meeting: Recorded, monkeypatch: pytest.MonkeyPatch) -> Recording:
    """A recording whose film was made, of twelve letters."""
    meeting.enter(0, 1)
    meeting.ask()
    meeting.answer(1, accepts=True)
    apply_recording(meeting.conference, meeting.pool)
    stop_recording(conference_id=meeting.conference, now=NINE + 3 * MINUTE)

    def make(_tracks: object, _timeline: object, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"twelve bytes")

    monkeypatch.setattr("maillage.conference.gateways.recorder.make_film", make)
    recording = Recording.objects.get()
    assert [film(recording.pk, now=NINE + 4 * MINUTE) for _twice in range(2)] == ["ready", "made already"]
    recording.refresh_from_db()
    return recording


def test_the_film_is_announced_and_seen_by_the_parties_alone_whole_or_in_parts(
    filmed: Recording, meeting: Recorded, client: Client, time_machine: Any
) -> None:
    time_machine.move_to(NINE + 5 * MINUTE, tick=False)
    assert Notice.objects.filter(kind="recording").count() == 1
    link = f"/r/{token_of(meeting.sides[1])}/enregistrement"
    assert "24 décembre" in client.get(link).content.decode().replace("\xa0", " ").replace("\u202f", " ")
    address = f"{link}/{filmed.pk}.mp4"
    assert b"".join(client.get(address)) == b"twelve bytes"
    part = client.get(address, headers={"Range": "bytes=7-9"})
    assert (part.status_code, part.content, part["Content-Range"]) == (206, b"byt", "bytes 7-9/12")
    assert client.get(address, headers={"Range": "bytes=50-"}).status_code == 416
    stranger = token_of(parties_of(make_meeting())[0])
    assert client.get(f"/r/{stranger}/enregistrement/{filmed.pk}.mp4").status_code == 404


def test_the_film_is_removed_on_its_date_and_the_fact_stays(filmed: Recording, meeting: Recorded) -> None:
    assert remove_old_films(NINE + timedelta(days=29)) == 0
    assert remove_old_films(NINE + timedelta(days=31)) == 1
    assert remove_old_films(NINE + timedelta(days=31)) == 0
    assert not film_path(filmed.folder).exists()
    assert [one.seconds for one in recordings_of(meeting.booking)] == [180]


def caller_in(meeting: Recorded, number: int) -> LegFacts:
    """Side `number` is in by telephone."""
    party = meeting.sides[number]
    meeting.enter(number)
    Attendance.objects.filter(party=party).update(connection="sip.1")
    return LegFacts("sip.1", party.pk, "", party.name, "192.0.2.9", has_picture=False)


def test_a_caller_answers_by_keys_and_hears_where_the_recording_is(meeting: Recorded) -> None:
    meeting.enter(0)
    leg = caller_in(meeting, 1)
    assert callers._recorded(leg) is Told.NOT
    assert not callers._consents(leg, accepts=True)
    meeting.ask()
    assert callers._recorded(leg) is Told.ASKED
    assert callers._consents(leg, accepts=False)
    assert (callers._recorded(leg), meeting.step) == (Told.WAITING, "asked")
    assert callers._consents(leg, accepts=True)
    assert (callers._recorded(leg), meeting.is_recorded()) == (Told.ON, True)
    assert callers._consents(leg, accepts=False)
    assert (meeting.step, meeting.is_recorded()) == ("paused", False)
    answers = JournalEntry.objects.filter(verb__startswith="recording.", details__party=leg.party)
    assert [entry.verb for entry in answers.order_by("pk")] == [
        "recording.refused",
        "recording.accepted",
        "recording.refused",
    ]


def test_a_caller_who_comes_later_pauses_the_recording_until_they_accept(meeting: Recorded) -> None:
    meeting.enter(0, 1)
    meeting.ask()
    meeting.answer(1, accepts=True)
    assert meeting.is_recorded()
    leg = caller_in(meeting, 2)
    assert (callers._recorded(leg), meeting.is_recorded()) == (Told.ASKED, False)
    callers._consents(leg, accepts=True)
    assert (callers._recorded(leg), meeting.is_recorded()) == (Told.ON, True)


def test_places_that_sent_nothing_are_left_out_of_the_film(settings: Any, tmp_path: Path) -> None:
    settings.JANUS_RECORDINGS = str(tmp_path)
    (tmp_path / "room").mkdir()
    described = b'{"t":"a","c":"opus","s":1000000,"u":2000000}'
    contents = {
        "audio-0": b"MJR00002" + len(described).to_bytes(2, "big") + described + b"MEET",
        "video-1": b"MJR00002" + len(described).to_bytes(2, "big") + described,
        "video-2": b"MJR00002",
    }
    for name, content in contents.items():
        (tmp_path / "room" / f"videoroom-room-user-page-0001.ab-1-{name}.mjr").write_bytes(content)
    (track,) = tracks_of("room", Timeline([(0, 10)]))
    assert (track.site, track.is_sound, track.began) == ("page-0001.ab", True, 2.0)
