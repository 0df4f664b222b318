"""Whether a set of colours can be read by everyone. Pure: names and hexadecimal colours in, sentences out.

Ratio: WCAG 2.2, "contrast ratio" and "relative luminance" (W3C Recommendation, 12 December 2024).
"""

import re
from collections.abc import Mapping

AAA = 7.0
AA = 4.5
SHAPE = 3.0
_GROUNDS = ("paper", "surface", "sunken")
_STATES = ("success", "warning", "danger")


def _pairs() -> list[tuple[str, str, float]]:
    """Every pair of tokens that is used one on the other, with the least ratio it must keep."""
    pairs = [(text, ground, AAA) for text in ("ink", "muted") for ground in _GROUNDS]
    pairs += [("sea", ground, AA) for ground in (*_GROUNDS, "sea-pale")]
    pairs += [(state, ground, AA) for state in _STATES for ground in (*_GROUNDS, f"{state}-pale")]
    pairs += [("ink", f"{tint}-pale", AAA) for tint in ("sea", "gorse", *_STATES)]
    pairs += [("muted", f"{tint}-pale", AA) for tint in ("sea", "gorse", *_STATES)]
    pairs += [("on-gorse", gorse, AAA) for gorse in ("gorse", "gorse-strong")]
    pairs += [("on-deep", "deep", AAA), ("gorse", "deep", AA), ("deep-line", "deep", SHAPE)]
    pairs += [(shape, ground, SHAPE) for shape in ("edge", "focus") for ground in _GROUNDS]
    return pairs


PAIRS = _pairs()


def luminance(colour: str) -> float:
    """Return the relative luminance of `colour` (#rrggbb), from 0 for black to 1 for white."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(colours: Mapping[str, str]) -> list[str]:
    """Return one sentence for each pair of `colours` (all tokens, without "colour-") that cannot be read."""
    return [
        f"{front} {colours[front]} on {ground} {colours[ground]} has a contrast of "
        f"{ratio(colours[front], colours[ground]):.2f}, should be {least:g} or more"
        for front, ground, least in PAIRS
        if ratio(colours[front], colours[ground]) < least
    ]


def read_colours(sheet: str, selector: str) -> dict[str, str]:
    """Return the colours that the first block of `selector` sets in a style sheet, by name without "colour-"."""
    _, _, rest = sheet.partition(f"{selector} {{")
    block = rest.partition("}")[0]
    return dict(re.findall(r"--colour-([a-z-]+): (#[0-9a-f]{6});", block))
