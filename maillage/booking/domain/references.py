"""References that people read to each other on the telephone: K7Q2-M4."""

from typing import Final

ALPHABET: Final = "23456789ACDEFGHJKMNPQRTVWXY"
"""Without 0 and O, 1, I and L, U, and the letters that look like 2, 5 and 8."""

LETTERS: Final = 6
COMBINATIONS: Final = len(ALPHABET) ** LETTERS
_LOOKALIKES: Final = str.maketrans("ZSB", "258")


def reference_of(number: int) -> str:
    """Return the reference of a number from 0 to COMBINATIONS - 1."""
    letters = []
    for _position in range(LETTERS):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    text = "".join(letters)
    return f"{text[:4]}-{text[4:]}"


def read_reference(typed: str) -> str:
    """Return what a person typed as a reference: any case, spaces or dashes, letters that look like digits."""
    text = "".join(letter for letter in typed.upper().translate(_LOOKALIKES) if letter in ALPHABET)
    return f"{text[:4]}-{text[4:LETTERS]}" if len(text) == LETTERS else ""
