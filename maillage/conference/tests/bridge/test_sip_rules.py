"""The pure parts of a SIP call: packets, keys, descriptions, identities, where to send."""

import itertools
import struct
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conference.domain import digest, g711, rtp, sdp
from maillage.conference.domain.keypad import ATTEMPTS, CodeEntry, CommandReader, EntryState, KeyCommand, KeyReader
from maillage.conference.domain.latch import SILENT_SECONDS, Latch
from maillage.conference.domain.rtp import Continuous, RtpPacket
from maillage.conference.gateways.sipgate.directory import Recorded
from maillage.conference.gateways.sipgate.switchboard import recording_prompt

NOON = datetime(2015, 11, 24, 12, tzinfo=UTC)
packets = st.builds(
    RtpPacket,
    payload_type=st.integers(0, 63),
    sequence=st.integers(0, 65535),
    timestamp=st.integers(0, 2**32 - 1),
    ssrc=st.integers(0, 2**32 - 1),
    is_marked=st.booleans(),
    payload=st.binary(max_size=40),
)


@given(packets)
def test_a_packet_written_is_read_back_the_same(packet: RtpPacket) -> None:
    assert rtp.read_rtp(packet.to_bytes()) == packet


@given(st.binary(max_size=60))
def test_no_bytes_whatever_break_the_reading(data: bytes) -> None:
    rtp.read_rtp(data)
    rtp.asks_for_picture(data)
    rtp.reported_reception(data)
    KeyReader().read(data, 0)


def test_extension_contributors_and_padding_are_left_out() -> None:
    header = struct.pack("!BBHII", 0x80 | 0x20 | 0x10 | 1, 96, 7, 8, 9)
    data = header + b"CSRC" + struct.pack("!HH", 0xBEDE, 1) + b"EXT1" + b"sound" + b"\0\0\3"
    read = rtp.read_rtp(data)
    assert read is not None
    assert read.payload == b"sound"


@given(
    starts=st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 2**32 - 1)), min_size=1, max_size=4),
    length=st.integers(1, 30),
)
def test_several_sources_go_out_as_one_without_a_gap(starts: list[tuple[int, int]], length: int) -> None:
    out = Continuous(ssrc=42, payload_type=111, clock_rate=48_000)
    sent: list[RtpPacket] = []
    now = 0.0
    for source, (sequence, timestamp) in enumerate(starts):
        for step in range(length):
            now += 0.02
            packet = RtpPacket(96, (sequence + step) % 65536, (timestamp + 960 * step) % 2**32, source, False, b"x")
            carried = out.carry(packet, now)
            assert carried is not None
            sent.append(carried)
    assert {(each.ssrc, each.payload_type) for each in sent} == {(42, 111)}
    pairs = list(itertools.pairwise(sent))
    assert all(rtp.ahead(b.sequence, a.sequence) == 1 for a, b in pairs)
    assert all(rtp.ahead(b.timestamp, a.timestamp, rtp.WRAP_32) == 960 for a, b in pairs)


def test_a_late_packet_of_the_speaker_before_is_dropped() -> None:
    out = Continuous(ssrc=42, payload_type=111, clock_rate=90_000)
    for step in range(20_000):
        out.carry(RtpPacket(96, step % 65536, step, 1, False, b""), step / 50)
    assert out.carry(RtpPacket(96, 60_000, 0, 1, False, b""), 400.1) is None


def test_a_lost_packet_stays_lost_so_that_the_far_end_can_conceal_it() -> None:
    out = Continuous(ssrc=42, payload_type=111, clock_rate=48_000)
    sent = [out.carry(RtpPacket(96, number, number * 960, 1, False, b""), number / 50) for number in (5, 6, 9)]
    assert [each.sequence for each in sent if each] == [5, 6, 9]


@pytest.mark.parametrize(
    "control",
    [
        rtp.picture_request(1, 2),
        rtp.empty_report(1) + rtp.picture_request(1, 2),
        rtp.full_intra_request(1, 2, 3),
        struct.pack("!BBHI", 0x80, 192, 1, 5),
    ],
)
def test_each_way_of_asking_for_a_picture_is_understood(control: bytes) -> None:
    assert rtp.is_rtcp(control)
    assert rtp.asks_for_picture(control)


def test_a_report_is_not_a_request_for_a_picture_and_tells_the_loss() -> None:
    block = struct.pack("!IBBHIIII", 2, 64, 0, 0, 100, 480, 0, 0)
    report = struct.pack("!BBHI", 0x81, 201, 7, 1) + block
    assert not rtp.asks_for_picture(report)
    assert rtp.reported_reception(report) == rtp.Reception(0.25, 480)


def test_one_press_sent_in_many_packets_is_one_key() -> None:
    reader = KeyReader()
    presses = [(5, 100), (5, 100), (5, 100), (5, 900), (11, 1500)]
    assert [reader.read(struct.pack("!BBH", event, 0x0A, 160), at) for event, at in presses] == [
        "5",
        None,
        None,
        "5",
        "#",
    ]


def test_six_digits_make_a_code_and_a_star_starts_again() -> None:
    entry = CodeEntry()
    for key in "12*654321":
        entry = entry.press(key)
    assert entry.state is EntryState.COMPLETE
    assert entry.digits == "654321"


@given(st.text(alphabet="0123456789*#A", max_size=60))
def test_no_more_than_three_codes_can_be_tried(keys: str) -> None:
    entry, tried = CodeEntry(), 0
    for key in keys:
        entry = entry.press(key)
        if entry.state is EntryState.COMPLETE:
            tried += 1
            entry = entry.wrong()
    assert tried <= ATTEMPTS
    assert (entry.state is EntryState.REFUSED) == (tried == ATTEMPTS)


def test_one_and_two_alone_answer_and_after_a_star_they_do_not() -> None:
    reader = CommandReader()
    pressed = [reader.press(key) for key in "12*12"]
    assert pressed == [KeyCommand.YES, KeyCommand.NO, None, KeyCommand.RAISE_HAND, KeyCommand.NO]


@pytest.mark.parametrize(
    ("before", "now", "seconds", "told"),
    [
        (Recorded.NOT, Recorded.ASKED, 999, "recording-asks"),
        (Recorded.ASKED, Recorded.ASKED, 5, ""),
        (Recorded.ASKED, Recorded.ASKED, 21, "recording-asks"),
        (Recorded.WAITING, Recorded.ON, 5, "recording-on"),
        (Recorded.ON, Recorded.ON, 999, ""),
        (Recorded.ON, Recorded.WAITING, 999, "recording-over"),
        (Recorded.ON, Recorded.NOT, 999, "recording-over"),
        (Recorded.ASKED, Recorded.NOT, 5, ""),
        (Recorded.NOT, Recorded.NOT, 999, ""),
    ],
)
def test_what_a_caller_is_told_of_the_recording(before: Recorded, now: Recorded, seconds: float, told: str) -> None:
    assert recording_prompt(before, now, asked_for=seconds) == told


def test_a_star_and_a_digit_are_a_command() -> None:
    reader = CommandReader()
    assert [reader.press(key) for key in "6*6*9*1"] == [
        None,
        None,
        KeyCommand.MUTE,
        None,
        None,
        None,
        KeyCommand.RAISE_HAND,
    ]


@pytest.mark.parametrize(
    ("law", "code", "sample"),
    [("PCMA", 0xD5, 8), ("PCMA", 0x55, -8), ("PCMA", 0xAA, 32256), ("PCMU", 0xFF, 0), ("PCMU", 0x80, 32124)],
)
def test_telephone_sound_has_the_values_of_the_standard(law: str, code: int, sample: int) -> None:
    assert g711.decode(bytes([code]), law)[0] == sample


@pytest.mark.parametrize("law", ["PCMA", "PCMU"])
def test_every_telephone_byte_survives_a_round_trip(law: str) -> None:
    samples = g711.decode(bytes(range(256)), law)
    assert (g711.decode(g711.encode(samples, law), law) == samples).all()


@given(st.integers(-32000, 32000), st.sampled_from(["PCMA", "PCMU"]))
def test_telephone_coding_errs_by_three_percent_at_most(sample: int, law: str) -> None:
    coded = int(g711.decode(g711.encode(np.array([sample], np.int16), law), law)[0])
    assert abs(coded - sample) <= max(16, abs(sample) * 0.033)


def test_a_terminal_behind_a_router_is_followed_to_where_its_media_come_from() -> None:
    latch = Latch(("10.0.0.5", 4000), frozenset({"10.0.0.5", "203.0.113.7"}))
    assert latch.target == ("10.0.0.5", 4000)
    assert latch.accept(("203.0.113.7", 61_234), 1.0)
    assert latch.target == ("203.0.113.7", 61_234)


def test_nobody_takes_over_a_call_by_sending_to_its_port() -> None:
    latch = Latch(("203.0.113.7", 4000), frozenset({"203.0.113.7"}))
    assert latch.accept(("203.0.113.7", 4000), 1.0)
    assert not latch.accept(("198.51.100.9", 4000), 60.0)
    assert not latch.accept(("203.0.113.7", 5000), 1.0 + SILENT_SECONDS / 2)
    assert latch.accept(("203.0.113.7", 5000), 1.1 + SILENT_SECONDS)


CHALLENGE = {"realm": "maillage", "nonce": digest.make_nonce("key", NOON), "algorithm": "MD5", "qop": "auth"}


def prove(**changes: str) -> dict[str, str]:
    given = {"username": "houat", "password": "sesame", "method": "REGISTER", "uri": "sip:maillage", "cnonce": "c"}
    return digest.respond(CHALLENGE, **{**given, **changes})


def verdict(answer: dict[str, str], *, after: timedelta = timedelta(0)) -> digest.Verdict:
    return digest.check(
        answer, password="sesame", method="REGISTER", realm="maillage", nonce_key="key", now=NOON + after
    )


def test_the_right_password_is_recognised_until_the_nonce_is_old() -> None:
    assert verdict(prove()) is digest.Verdict.RIGHT
    assert verdict(prove(), after=digest.NONCE_LIFE + timedelta(seconds=1)) is digest.Verdict.STALE


def test_a_wrong_password_method_or_a_forged_nonce_is_refused() -> None:
    assert verdict(prove(password="other")) is digest.Verdict.WRONG
    assert verdict(prove(method="INVITE")) is digest.Verdict.WRONG
    assert verdict(prove() | {"realm": "elsewhere"}) is digest.Verdict.WRONG
    assert verdict({}) is digest.Verdict.WRONG
    forged = digest.respond(
        CHALLENGE | {"nonce": f"{int(NOON.timestamp()):x}.forged"},
        username="houat",
        password="sesame",
        method="REGISTER",
        uri="sip:maillage",
        cnonce="c",
    )
    assert verdict(forged) is not digest.Verdict.RIGHT


def test_the_answer_of_the_standard_is_reproduced() -> None:
    """RFC 2617, section 3.5."""
    challenge = {
        "realm": "testrealm@host.com",
        "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        "qop": "auth,auth-int",
        "opaque": "5ccc069c403ebaf9f0171e9517f40e41",
    }
    answer = digest.respond(
        challenge, username="Mufasa", password="Circle Of Life", method="GET", uri="/dir/index.html", cnonce="0a4f113b"
    )
    assert answer["response"] == "6629fae49393a05397450978507c4ef1"


TERMINAL = """v=0
o=- 1 1 IN IP4 192.0.2.9
s=-
c=IN IP4 192.0.2.9
t=0 0
m=audio 4000 RTP/AVP 9 96 8 101
a=rtpmap:96 opus/48000/2
a=rtpmap:101 telephone-event/8000
m=video 4002 RTP/AVP 99 97
a=rtpmap:99 H264/90000
a=fmtp:99 profile-level-id=640020;packetization-mode=1
a=rtpmap:97 H264/90000
a=fmtp:97 profile-level-id=42801f;packetization-mode=0
a=rtcp:4010
m=video 4004 RTP/AVP 97
a=rtpmap:97 H264/90000
a=content:slides
m=application 4006 UDP/BFCP *
"""


def test_a_terminals_offer_gives_opus_keys_and_a_baseline_picture() -> None:
    offer = sdp.read(TERMINAL)
    chosen = sdp.choose(offer)
    assert (chosen.audio.name, chosen.audio.payload_type, chosen.keys) == ("OPUS", 96, 101)
    assert chosen.video is not None
    assert chosen.video.payload_type == 97
    video = offer.first("video")
    assert video is not None
    assert (video.address, video.port, video.control_port) == ("192.0.2.9", 4002, 4010)


def test_the_answer_has_as_many_lines_as_the_offer_and_refuses_what_we_do_not_take() -> None:
    offer = sdp.read(TERMINAL)
    answer = sdp.read(sdp.answer(offer, sdp.choose(offer), sdp.Ours("192.0.2.1", 5000, 5002)))
    assert [(medium.kind, medium.port) for medium in answer.media] == [
        ("audio", 5000),
        ("video", 5002),
        ("video", 0),
        ("application", 0),
    ]


def test_our_own_offer_can_be_answered_by_ourselves() -> None:
    offer = sdp.read(sdp.offer(sdp.Ours("192.0.2.1", 5000, 5002)))
    chosen = sdp.choose(offer)
    assert chosen.audio.name == "OPUS"
    assert chosen.video is not None
    assert chosen.keys == 101


def test_a_telephone_without_names_for_its_numbers_is_understood() -> None:
    chosen = sdp.choose(sdp.read("v=0\nc=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 8 0"))
    assert (chosen.audio.name, chosen.keys, chosen.video) == ("PCMA", None, None)


def test_a_held_call_is_answered_in_the_mirror() -> None:
    offer = sdp.read(TERMINAL.replace("m=video 4002", "a=sendonly\nm=video 4002"))
    answer = sdp.answer(offer, sdp.choose(offer), sdp.Ours("192.0.2.1", 5000, 5002))
    assert "a=recvonly" in answer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "m=audio x RTP/AVP 0",
        "c=IN",
        "m=audio 4000 RTP/SAVP 0",
        "v=0\nc=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 9",
        "v=0\nm=audio 4000 RTP/AVP 96\na=rtpmap:96 opus/x",
    ],
)
def test_a_description_without_sound_we_know_is_refused(text: str) -> None:
    with pytest.raises(sdp.Unacceptable):
        sdp.choose(sdp.read(text))


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_reading_of_descriptions(text: str) -> None:
    try:
        sdp.choose(sdp.read(text))
    except sdp.Unacceptable:
        return
