"""The alphabet of text messages: what a telephone is charged for, and how to write so that one message is enough.

GSM 7-bit default alphabet and its extension table, 3GPP TS 23.038 V17.0.0, 6.2.1 (read 2026-11). In it a message
holds 160 characters, 153 when several are joined; one character from outside it and they hold 70 and 67. Pure.
"""

import unicodedata
from math import ceil
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("^{}\\[~]|€")
_SAID_PLAINLY: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "œ": "oe", "Œ": "OE"}
    | {"\u202f": " ", "\u00a0": " ", "→": ">", "·": "-"}
)


def plain(text: str) -> str:
    """Return `text` in the alphabet of text messages: accents it lacks fall (ê: e), what has no form becomes ?."""
    said = " ".join(text.translate(_SAID_PLAINLY).split())
    return "".join(_nearest(letter) for letter in said)


def septets(text: str) -> int:
    """Return how many places `text`, in the alphabet, takes in messages: two for one of the extension."""
    return sum(2 if letter in EXTENDED else 1 for letter in text)


def message_count(text: str) -> int:
    """Return how many messages a telephone receives, and is charged for."""
    if all(letter in BASIC or letter in EXTENDED for letter in text):
        return 1 if septets(text) <= 160 else ceil(septets(text) / 153)
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= 70 else ceil(units / 67)


def _nearest(letter: str) -> str:
    if letter in BASIC or letter in EXTENDED:
        return letter
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return bare if bare and all(part in BASIC for part in bare) else "?"
