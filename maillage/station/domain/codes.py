"""Pairing codes: six characters that a person reads on one screen and types on another."""

from collections.abc import Callable, Sequence

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like another: no 0 O, 1 I L, U V
LENGTH = 6


def draw_code(choose: Callable[[Sequence[str]], str]) -> str:
    """Return a new code, each character picked by `choose` (a cryptographic choice in production)."""
    return "".join(choose(ALPHABET) for _place in range(LENGTH))


def read_code(typed: str) -> str:
    """Return the code that was meant: case, spaces and hyphens do not count. May be no code at all."""
    return "".join(character for character in typed.upper() if character.isalnum())


def spell_code(code: str) -> str:
    """Return the code in two groups, as it is shown: K7Q 2M4."""
    return f"{code[:3]} {code[3:]}"
