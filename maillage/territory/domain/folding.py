"""One spelling for all the ways people write a place name."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_POSTCODE = re.compile(r"\b(\d{5})\b")


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, hyphens or apostrophes, `St` as `saint`."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES).lower().replace("s/", " sur "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_WORDS.get(word, word) for word in _NOT_LETTERS.sub(" ", letters).split())


def split_postcode(text: str) -> tuple[str, str]:
    """Return the folded name and the postcode, "" if none, of "Callac (22160)", "22160 Callac" or "Callac"."""
    found = _POSTCODE.search(text)
    return (fold(text), "") if found is None else (fold(_POSTCODE.sub(" ", text, count=1)), found[1])
