"""The network's own face: its name, region, logo, words and colours, from configuration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest

from maillage.core.contrast import read_colours, too_faint

Scheme = Literal["light", "dark"]
Colours = tuple[tuple[str, str], ...]
_SHEETS = Path(__file__).resolve().parent / "frontend"


@dataclass(frozen=True, slots=True)
class Network:
    """What every page may show of the network. Colours are #rrggbb by token; logo and backdrop are addresses here."""

    name: str = "Maillage"
    region: str = ""
    tagline: str = ""
    logo: str = ""
    backdrop: str = ""
    region_codes: tuple[str, ...] = ()
    colours: Colours = ()
    colours_dark: Colours = ()
    credits: str = ""
    help_phone: str = ""
    publisher: str = ""
    contact: str = ""


def _token(name: str) -> str:
    return name.replace("_", "-").removeprefix("colour-")


def _colours(given: Mapping[str, Any]) -> Colours:
    return tuple(sorted((_token(name), str(value).lower()) for name, value in given.items()))


def network_of(given: Mapping[str, Any]) -> Network:
    """Return the network that a configuration describes; what it does not say keeps its default."""
    words = ("name", "region", "tagline", "logo", "backdrop", "credits", "help_phone", "publisher", "contact")
    return Network(
        **{word: str(given[word]) for word in words if word in given},
        region_codes=tuple(given.get("region_codes", ())),
        colours=_colours(given.get("colours", {})),
        colours_dark=_colours(given.get("colours_dark", {})),
    )


@cache
def current_network() -> Network:
    """Return the network of the configuration file (`MAILLAGE_NETWORK_FILE`)."""
    return network_of(settings.NETWORK)


@cache
def house_colours(scheme: Scheme) -> dict[str, str]:
    """Return our own colours, as the style sheets give them."""
    if scheme == "light":
        return read_colours((_SHEETS / "_tokens.css").read_text(), ":root")
    return read_colours((_SHEETS / "_tokens_dark.css").read_text(), '\n[data-theme="dark"]')


def theme_faults(theme: Network) -> list[str]:
    """Return one sentence for each colour that is not one of ours to change, not a colour, or cannot be read."""
    faults: list[str] = []
    for scheme, chosen in (("light", theme.colours), ("dark", theme.colours_dark)):
        house = house_colours("light" if scheme == "light" else "dark")
        wrong = [f"{scheme}: there is no colour named {name}" for name, _ in chosen if name not in house]
        wrong += [
            f"{scheme}: {name} should be written #rrggbb, not {value}"
            for name, value in chosen
            if not re.fullmatch(r"#[0-9a-f]{6}", value)
        ]
        faults += wrong or [f"{scheme}: {fault}" for fault in too_faint({**house, **dict(chosen)})]
    return faults


def _block(selector: str, colours: Colours) -> str:
    return f"{selector}{{{''.join(f'--colour-{name}:{value};' for name, value in colours)}}}" if colours else ""


def theme_sheet(theme: Network) -> str:
    """Return the network's colours as a style sheet, each scheme for itself. A theme with faults gives none."""
    if theme_faults(theme):
        return ""
    light, dark = ":root:not([data-theme=dark])", ":root:not([data-theme=light])"
    return "".join(
        [
            f"@media not (prefers-color-scheme:dark){{{_block(light, theme.colours)}}}",
            _block("[data-theme=light]", theme.colours),
            f"@media (prefers-color-scheme:dark){{{_block(dark, theme.colours_dark)}}}",
            _block("[data-theme=dark]", theme.colours_dark),
        ]
    )


def network(request: HttpRequest) -> dict[str, Any]:
    """Give templates the network, the help phone and whether this is a demonstration."""
    theme = current_network()
    return {"network": theme, "help_phone": settings.HELP_PHONE or theme.help_phone, "is_demo": settings.DEMO}
