"""Is each bridge server of the network in place? Its findings are among those of `doctor`."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import ImproperlyConfigured

from maillage.conference.gateways.configured import configured_servers
from maillage.conference.gateways.inspection import Fault, Inspection, inspect
from maillage.config.findings import Finding

WORDS = {
    Fault.UNREACHABLE: ("does not answer at {detail}", "Start it, or correct its admin_url in MAILLAGE_BRIDGES_FILE."),
    Fault.ADMINISTRATION: (
        "refuses our administration",
        "Give it the secrets of the settings: maillage janus_files, then start it again.",
    ),
    Fault.OLD: ("is Janus {detail}, too old", "Install Janus 1.1 or later."),
    Fault.PLUGIN_MISSING: ("lacks {detail}", "Install Debian's janus with its plugins, and disable none of these."),
    Fault.PLUGIN_KEY: (
        "makes no room for us",
        "Give it the plugin key of the settings: maillage janus_files, then start it again.",
    ),
    Fault.CLIENTS: (
        "is not there for browsers at {detail}",
        "Check client_url in MAILLAGE_BRIDGES_FILE, and that the proxy in front passes websockets on.",
    ),
    Fault.TOKENS: (
        "lets nobody in with our tokens",
        "Give it the token secret of the settings: maillage janus_files, then start it again.",
    ),
}
ALONE = ("one only", "Add a second one: where the only one dies, meetings of more than four wait for it.")


def check_bridges() -> Iterator[Finding]:
    """Each bridge server answers, is recent enough, and lets a browser with our token into a room."""
    try:
        servers = configured_servers()
    except ImproperlyConfigured as wrong:
        yield Finding("bridges", "wrong", str(wrong), "Correct MAILLAGE_BRIDGES_FILE, see docs/operations.md.")
        return
    if not servers:
        says = "none: four browsers at most, no terminal, no telephone"
        yield Finding("bridges", "warning", says, "Set MAILLAGE_BRIDGES_FILE, see docs/operations.md.")
        return
    with ThreadPoolExecutor(max_workers=len(servers)) as together:
        yield from map(_finding, together.map(lambda one: inspect(*one), servers))
    if len(servers) == 1:
        yield Finding("bridges", "warning", *ALONE)


def _finding(seen: Inspection) -> Finding:
    if seen.fault is None:
        return Finding(f"bridge {seen.server}", "ok", f"Janus {seen.detail}")
    says, mend = WORDS[seen.fault]
    return Finding(f"bridge {seen.server}", "wrong", says.format(detail=seen.detail), mend)
