"""The network's own face: its name, region, logo and colours, from configuration."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Network:
    """What every page may show of the network. Colours are CSS hexadecimal; logo is a path under static/ or media/."""

    name: str = "Maillage"
    region: str = ""
    tagline: str = ""
    logo: str = ""
    region_codes: tuple[str, ...] = ()
    colours: tuple[tuple[str, str], ...] = ()
    credits: str = ""


@cache
def current_network() -> Network:
    """Return the network of the configuration file (`MAILLAGE_NETWORK_FILE`)."""
    given: dict[str, Any] = settings.NETWORK
    return Network(
        name=given.get("name", "Maillage"),
        region=given.get("region", ""),
        tagline=given.get("tagline", ""),
        logo=given.get("logo", ""),
        region_codes=tuple(given.get("region_codes", ())),
        colours=tuple(sorted(given.get("colours", {}).items())),
        credits=given.get("credits", ""),
    )


def network(request: HttpRequest) -> dict[str, Any]:
    """Give templates the network, the help phone and whether this is a demonstration."""
    return {"network": current_network(), "help_phone": settings.HELP_PHONE, "is_demo": settings.DEMO}
