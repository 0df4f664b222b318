"""Session descriptions of SIP calls: what the far end offers, and what we take of it (RFC 8866, 3264).

Only what terminals and phones need: one sound (Opus or G.711) with keys, one picture (H.264). The rest is answered
with port 0, in order, as the rules of offer and answer ask.
"""

from dataclasses import dataclass, field

AUDIO_PREFERENCE = ("OPUS", "PCMA", "PCMU")
STATIC = {0: ("PCMU", 8000), 8: ("PCMA", 8000)}
PROFILES = {"RTP/AVP", "RTP/AVPF"}


class Unacceptable(ValueError):
    """A description that cannot be read, or in which nothing suits."""


@dataclass(frozen=True, slots=True)
class Codec:
    """One way of coding, with the number it goes by in this call."""

    payload_type: int
    name: str
    clock_rate: int
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class Medium:
    """One `m=` line with its attributes. `address` is where it is received."""

    kind: str
    port: int
    profile: str
    codecs: tuple[Codec, ...]
    address: str
    control_port: int
    direction: str = "sendrecv"
    formats: tuple[str, ...] = ()
    content: str = ""

    def codec(self, *names: str) -> Codec | None:
        """Return the first codec named by `names`, in that order of preference."""
        for name in names:
            for codec in self.codecs:
                if codec.name == name:
                    return codec
        return None


@dataclass(frozen=True, slots=True)
class Description:
    """A whole description: its media in order."""

    media: tuple[Medium, ...]

    def first(self, kind: str) -> Medium | None:
        """Return the first medium of `kind` that can be used: not refused, plain RTP, not the slides."""
        usable = (m for m in self.media if m.kind == kind and m.port and m.profile in PROFILES)
        return next((m for m in usable if m.content != "slides"), None)


@dataclass
class _Reading:
    """A medium being read."""

    kind: str
    port: int
    profile: str
    formats: tuple[str, ...]
    address: str
    maps: dict[int, tuple[str, int]] = field(default_factory=dict)
    parameters: dict[int, str] = field(default_factory=dict)
    direction: str = "sendrecv"
    control_port: int = 0
    content: str = ""

    def done(self) -> Medium:
        numbers = [int(each) for each in self.formats if each.isdigit()]
        known = {number: self.maps.get(number) or STATIC.get(number) for number in numbers}
        codecs = tuple(Codec(n, how[0], how[1], self.parameters.get(n, "")) for n, how in known.items() if how)
        return Medium(
            self.kind,
            self.port,
            self.profile,
            codecs,
            self.address,
            self.control_port or self.port + 1,
            self.direction,
            self.formats,
            self.content,
        )

    def attribute(self, name: str, value: str) -> None:
        number, _, rest = value.partition(" ")
        if name in {"sendrecv", "sendonly", "recvonly", "inactive"}:
            self.direction = name
        elif name == "rtpmap" and number.isdigit():
            coding = [*rest.split("/"), "0"]
            self.maps[int(number)] = coding[0].upper(), int(coding[1])
        elif name == "fmtp" and number.isdigit():
            self.parameters[int(number)] = rest
        elif name == "rtcp" and number.isdigit():
            self.control_port = int(number)
        elif name == "content":
            self.content = value


def read(text: str) -> Description:
    """Return the description in `text`. Raises Unacceptable if it cannot be read."""
    media: list[_Reading] = []
    address = ""
    try:
        for line in text.splitlines():
            kind, _, value = line.strip().partition("=")
            if kind == "c":
                received_at = value.split()[2].split("/")[0]
                if media:
                    media[-1].address = received_at
                else:
                    address = received_at
            elif kind == "m":
                name, port, profile, *formats = value.split()
                media.append(_Reading(name, int(port.split("/")[0]), profile, tuple(formats), address))
            elif kind == "a" and media:
                media[-1].attribute(*value.partition(":")[::2])
    except (ValueError, IndexError) as unreadable:
        raise Unacceptable("unreadable session description") from unreadable
    return Description(tuple(medium.done() for medium in media))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What both ends will use. `keys` is the payload type of key presses, None without."""

    audio: Codec
    keys: int | None
    video: Codec | None = None


def choose(offer: Description, *, with_video: bool = True) -> Chosen:
    """Return the best that suits us in `offer`. Raises Unacceptable without a sound we know."""
    audio = offer.first("audio")
    codec = audio.codec(*AUDIO_PREFERENCE) if audio else None
    if audio is None or codec is None:
        raise Unacceptable("no sound we know: Opus, PCMA or PCMU")
    presses = [each for each in audio.codecs if each.name == "TELEPHONE-EVENT"]
    same_clock = [each for each in presses if each.clock_rate == codec.clock_rate]
    keys = next(iter(same_clock or presses), None)
    picture = offer.first("video") if with_video else None
    return Chosen(codec, keys.payload_type if keys else None, _h264(picture) if picture else None)


def _h264(medium: Medium) -> Codec | None:
    """Return an H.264 of a baseline profile if there is one: what browsers send must be decodable as it is."""
    all_h264 = [codec for codec in medium.codecs if codec.name == "H264"]
    baseline = [codec for codec in all_h264 if "profile-level-id=42" in codec.parameters.lower().replace(" ", "")]
    single = [codec for codec in baseline if "packetization-mode=1" in codec.parameters]
    return next(iter(single or baseline or all_h264), None)


@dataclass(frozen=True, slots=True)
class Ours:
    """Where we receive in this call."""

    address: str
    audio_port: int
    video_port: int
    session: int = 1


def answer(offer: Description, chosen: Chosen, ours: Ours) -> str:
    """Return our answer to `offer`, line for line."""
    taken_audio, taken_video = offer.first("audio"), offer.first("video") if chosen.video else None
    lines = _head(ours)
    for medium in offer.media:
        if medium is taken_audio:
            lines += _audio_lines(chosen, ours, medium.profile, _mirrored(medium.direction))
        elif chosen.video and medium is taken_video:
            lines += _video_lines(chosen.video, ours, medium.profile, _mirrored(medium.direction))
        else:
            lines.append(f"m={medium.kind} 0 {medium.profile} {' '.join(medium.formats) or '0'}")
    return "\r\n".join([*lines, ""])


def offer(ours: Ours, *, with_video: bool = True) -> str:
    """Return an offer of all we know, for a call that we make."""
    lines = [
        *_head(ours),
        f"m=audio {ours.audio_port} RTP/AVP 96 8 0 101",
        "a=rtpmap:96 opus/48000/2",
        "a=fmtp:96 useinbandfec=1;stereo=0",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-15",
        "a=ptime:20",
        "a=sendrecv",
    ]
    if with_video:
        lines += [
            f"m=video {ours.video_port} RTP/AVP 97 98",
            "b=TIAS:1500000",
            *_h264_lines(97, 1),
            *_h264_lines(98, 0),
            "a=sendrecv",
        ]
    return "\r\n".join([*lines, ""])


def _head(ours: Ours) -> list[str]:
    origin = f"o=maillage {ours.session} {ours.session} IN IP4 {ours.address}"
    return ["v=0", origin, "s=Maillage", f"c=IN IP4 {ours.address}", "t=0 0"]


def _audio_lines(chosen: Chosen, ours: Ours, profile: str, direction: str) -> list[str]:
    codec, keys = chosen.audio, chosen.keys
    numbers = f"{codec.payload_type}" + (f" {keys}" if keys is not None else "")
    name = "opus/48000/2" if codec.name == "OPUS" else f"{codec.name}/8000"
    lines = [f"m=audio {ours.audio_port} {profile} {numbers}", f"a=rtpmap:{codec.payload_type} {name}"]
    if codec.name == "OPUS":
        lines.append(f"a=fmtp:{codec.payload_type} useinbandfec=1;stereo=0")
    if keys is not None:
        lines += [f"a=rtpmap:{keys} telephone-event/{codec.clock_rate}", f"a=fmtp:{keys} 0-15"]
    return [*lines, "a=ptime:20", f"a={direction}"]


def _video_lines(codec: Codec, ours: Ours, profile: str, direction: str) -> list[str]:
    mode = 1 if "packetization-mode=1" in codec.parameters else 0
    number = codec.payload_type
    lines = [f"m=video {ours.video_port} {profile} {number}", "b=TIAS:1500000", *_h264_lines(number, mode)]
    return [*lines, f"a={direction}"]


def _h264_lines(number: int, mode: int) -> list[str]:
    return [
        f"a=rtpmap:{number} H264/90000",
        f"a=fmtp:{number} profile-level-id=42e01f;packetization-mode={mode}",
        f"a=rtcp-fb:{number} nack pli",
        f"a=rtcp-fb:{number} ccm fir",
    ]


def _mirrored(direction: str) -> str:
    return {"sendonly": "recvonly", "recvonly": "sendonly"}.get(direction, direction)
