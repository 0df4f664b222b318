"""The configuration folder of one Janus server, written from the few things that differ between two of them.

One writer serves operators (`maillage janus_files FOLDER`) and tests: what is tested is what runs. Secrets are in
the files, so the folder is for Janus's own user only.
"""

from dataclasses import dataclass
from pathlib import Path

PLUGINS = "videoroom", "audiobridge", "streaming"
LIBRARIES = Path("/usr/lib")


@dataclass(frozen=True, slots=True)
class JanusPlace:
    """Where one Janus listens and what it is trusted with. `address` is the one its media come from and go to."""

    name: str
    address: str
    client_port: int
    admin_port: int
    rtp_ports: tuple[int, int]
    mix_ports: tuple[int, int]
    stream_ports: tuple[int, int]
    admin_secret: str
    token_secret: str
    plugin_key: str
    public_address: str = ""
    listen: str = "127.0.0.1"


def _block(name: str, **values: str | int | bool) -> str:
    """Return one block of libconfig syntax."""
    words = {True: "true", False: "false"}
    lines = [
        f"  {key} = {words[value] if isinstance(value, bool) else value if isinstance(value, int) else quoted(value)}"
        for key, value in values.items()
    ]
    return "\n".join([f"{name}: {{", *lines, "}", ""])


def quoted(text: str) -> str:
    """Return `text` as a string of libconfig."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _installed(kind: str) -> str:
    """Return the folder where Debian keeps Janus's `kind` ("plugins", "transports"…)."""
    found = sorted(LIBRARIES.glob(f"*/janus/{kind}"))
    return str(found[0]) if found else str(LIBRARIES / "janus" / kind)


def _main_file(folder: Path, place: JanusPlace) -> str:
    nat: dict[str, str | bool] = {"ice_enforce_list": place.address, "full_trickle": True, "ignore_mdns": True}
    if place.public_address:
        nat["nat_1_1_mapping"] = place.public_address
    return "\n".join(
        [
            _block(
                "general",
                configs_folder=str(folder),
                plugins_folder=_installed("plugins"),
                transports_folder=_installed("transports"),
                events_folder=_installed("events"),
                loggers_folder=_installed("loggers"),
                interface=place.address,
                server_name=place.name,
                session_timeout=60,
                reclaim_session_timeout=5,
                admin_secret=place.admin_secret,
                token_auth=True,
                token_auth_secret=place.token_secret,
                hide_dependencies=True,
            ),
            _block("media", rtp_port_range=f"{place.rtp_ports[0]}-{place.rtp_ports[1]}", slowlink_threshold=4),
            _block("nat", **nat),
            _block("plugins", disable=_others("plugins", PLUGINS)),
            _block("transports", disable=_others("transports", ("websockets",))),
            _block("loggers", disable="libjanus_jsonlog.so"),
        ]
    )


def _others(kind: str, kept: tuple[str, ...]) -> str:
    """Return the libraries of `kind` that we do not use, as Janus wants them listed."""
    present = sorted(path.name for path in Path(_installed(kind)).glob("libjanus_*.so"))
    return ",".join(name for name in present if name.removeprefix("libjanus_").removesuffix(".so") not in kept)


def _plugin_file(plugin: str, place: JanusPlace) -> str:
    own: dict[str, str | bool] = {"admin_key": place.plugin_key, "string_ids": True}
    if plugin != "streaming":
        own["lock_rtp_forward"] = True
    if plugin == "audiobridge":
        own |= {"rtp_port_range": f"{place.mix_ports[0]}-{place.mix_ports[1]}", "local_ip": place.address}
    if plugin == "streaming":
        own |= {"rtp_port_range": f"{place.stream_ports[0]}-{place.stream_ports[1]}"}
    return _block("general", **own)


def write_files(folder: Path, place: JanusPlace) -> None:
    """Write into `folder` all that Janus reads. A rewrite replaces every file."""
    files = {
        "janus.jcfg": _main_file(folder, place),
        "janus.transport.websockets.jcfg": _block(
            "general",
            json="compact",
            ws=True,
            ws_port=place.client_port,
            ws_ip=place.listen,
            pingpong_trigger=5,
            pingpong_timeout=5,
        )
        + _block("admin", admin_ws=True, admin_ws_port=place.admin_port, admin_ws_ip=place.listen),
        **{f"janus.plugin.{plugin}.jcfg": _plugin_file(plugin, place) for plugin in PLUGINS},
    }
    for name, text in files.items():
        (folder / name).write_text(text)
