"""The requests we make of Janus's plugins, as plain dictionaries, and what we keep of its answers. No network.

Names and meaning of the keys: the plugin documentation of Janus 1.1.2. The same requests go through the
administration door (Django) and through a session (the SIP gateway).
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

Request = dict[str, Any]

VIDEOROOM = "janus.plugin.videoroom"
AUDIOBRIDGE = "janus.plugin.audiobridge"
STREAMING = "janus.plugin.streaming"

H264_PROFILE = "42e01f"
"""Constrained baseline 3.1: every browser and every SIP terminal decodes it."""
OPUS_PAYLOAD = 111


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """What a conference needs of the server that carries it. `name` is unique among servers and says nothing."""

    name: str
    sites: int = 16
    bitrate: int = 1_500_000
    is_recorded: bool = False
    recording_folder: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """One publisher or silent member of a room, as the server sees it."""

    id: str
    display: str
    is_publishing: bool
    is_talking: bool


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound that a participant sends, by its place (mid); `is_muted`: the server holds it back."""

    participant: str
    mid: str
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one server's plugins."""

    plugin: str

    def room_secret(self, room: str) -> str:
        """Return the room's own secret: derived, so that no one has to keep it."""
        return hmac.new(self.plugin.encode(), room.encode(), hashlib.sha256).hexdigest()[:32]


def create_room(plan: RoomPlan, keys: Keys) -> Request:
    """Ask for a private VideoRoom: H.264 and Opus with FEC, signed tokens, who talks announced."""
    request: Request = {
        "request": "create",
        "admin_key": keys.plugin,
        "room": plan.name,
        "secret": keys.room_secret(plan.name),
        "is_private": True,
        "permanent": False,
        "publishers": plan.sites,
        "bitrate": plan.bitrate,
        "bitrate_cap": True,
        "fir_freq": 0,
        "audiocodec": "opus",
        "opus_fec": True,
        "videocodec": "h264",
        "h264_profile": H264_PROFILE,
        "audiolevel_ext": True,
        "audiolevel_event": True,
        "audio_active_packets": 25,
        "audio_level_average": 50,
        "signed_tokens": True,
    }
    if plan.recording_folder:
        request |= {"record": plan.is_recorded, "rec_dir": plan.recording_folder, "lock_record": True}
    return request


def destroy_room(room: str, keys: Keys) -> Request:
    """Ask to end a VideoRoom: its participants are told and leave."""
    return {"request": "destroy", "room": room, "secret": keys.room_secret(room), "permanent": False}


def list_rooms(keys: Keys) -> Request:
    """Ask for all rooms, the private ones too."""
    return {"request": "list", "admin_key": keys.plugin}


def list_participants(room: str, keys: Keys) -> Request:
    """Ask who is in a VideoRoom."""
    return {"request": "listparticipants", "room": room, "secret": keys.room_secret(room)}


def kick(room: str, participant: str, keys: Keys) -> Request:
    """Ask to put a participant out of a VideoRoom."""
    return {"request": "kick", "room": room, "secret": keys.room_secret(room), "id": participant}


def moderate(room: str, participant: str, mid: str, keys: Keys, *, mute: bool) -> Request:
    """Ask to hold back, or let through again, one medium of a participant."""
    secret = keys.room_secret(room)
    return {"request": "moderate", "room": room, "secret": secret, "id": participant, "mid": mid, "mute": mute}


def enable_recording(room: str, keys: Keys, *, record: bool) -> Request:
    """Ask to start or stop recording every participant of a VideoRoom."""
    return {"request": "enable_recording", "room": room, "secret": keys.room_secret(room), "record": record}


def forward_medium(room: str, publisher: str, keys: Keys, *, host: str, **stream: str | int) -> Request:
    """Ask to send one medium of a publisher as plain RTP too. `stream`: mid, port, pt, ssrc, rtcp_port."""
    return {
        "request": "rtp_forward",
        "room": room,
        "secret": keys.room_secret(room),
        "admin_key": keys.plugin,
        "publisher_id": publisher,
        "host": host,
        "host_family": "ipv4",
        "streams": [stream],
    }


def stop_forward(room: str, publisher: str, stream_id: int, keys: Keys) -> Request:
    """Ask to end one plain RTP copy."""
    return {
        "request": "stop_rtp_forward",
        "room": room,
        "secret": keys.room_secret(room),
        "admin_key": keys.plugin,
        "publisher_id": publisher,
        "stream_id": stream_id,
    }


def create_mix(room: str, keys: Keys) -> Request:
    """Ask for the AudioBridge that mixes, for terminals and phones, what everyone else says."""
    return {
        "request": "create",
        "admin_key": keys.plugin,
        "room": room,
        "secret": keys.room_secret(room),
        "is_private": True,
        "permanent": False,
        "sampling_rate": 48_000,
        "default_prebuffering": 3,
        "default_expectedloss": 20,
        "allow_rtp_participants": True,
    }


def destroy_mix(room: str, keys: Keys) -> Request:
    """Ask to end a mix."""
    return {"request": "destroy", "room": room, "secret": keys.room_secret(room), "permanent": False}


def join_mix(room: str, participant: str, *, address: tuple[str, int] | None = None) -> Request:
    """Ask for a place in the mix by plain RTP, Opus. With `address`, the mix minus one's own voice is sent there."""
    rtp: Request = {"payload_type": OPUS_PAYLOAD, "fec": True}
    if address:
        rtp |= {"ip": address[0], "port": address[1]}
    return {"request": "join", "room": room, "id": participant, "codec": "opus", "rtp": rtp}


def create_mountpoint(name: str, keys: Keys, *, audio_port: int, video: tuple[int, int, int] | None) -> Request:
    """Ask for a private mountpoint that turns plain RTP into a WebRTC stream.

    audio_port: where our Opus goes. video: port, RTCP port and payload type of the H.264, None without image.
    """
    media: list[Request] = [
        {
            "type": "audio",
            "mid": "a",
            "port": audio_port,
            "pt": OPUS_PAYLOAD,
            "codec": "opus",
            "fmtp": "useinbandfec=1",
        }
    ]
    if video:
        port, control, payload = video
        media.append(
            {
                "type": "video",
                "mid": "v",
                "port": port,
                "rtcpport": control,
                "pt": payload,
                "codec": "h264",
                "fmtp": f"profile-level-id={H264_PROFILE};packetization-mode=1",
            }
        )
    return {
        "request": "create",
        "admin_key": keys.plugin,
        "type": "rtp",
        "id": name,
        "secret": keys.room_secret(name),
        "is_private": True,
        "permanent": False,
        "media": media,
    }


def destroy_mountpoint(name: str, keys: Keys) -> Request:
    """Ask to end a mountpoint."""
    return {"request": "destroy", "id": name, "secret": keys.room_secret(name), "permanent": False}


def read_sounds(joined: Request) -> list[Sound]:
    """Read from what a room tells a newcomer which sounds are sent in it."""
    return [
        Sound(str(one["id"]), str(stream["mid"]), bool(stream.get("moderated", False)))
        for one in joined.get("publishers", [])
        for stream in one.get("streams", [])
        if stream["type"] == "audio" and not stream.get("disabled", False)
    ]


def read_participants(answer: Request) -> list[Participant]:
    """Return the members of a room from the answer to `list_participants`."""
    return [
        Participant(
            id=str(each["id"]),
            display=str(each.get("display", "")),
            is_publishing=bool(each.get("publisher")),
            is_talking=bool(each.get("talking")),
        )
        for each in answer.get("participants", [])
    ]
