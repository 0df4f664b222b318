"""The access tokens of organisations: how they look, and how they are kept. Randomness is an argument."""

import hashlib
import re
from enum import StrEnum
from typing import Final, NamedTuple

MARK: Final = "maillage"
"""How each begins, so that a program that looks for leaked secrets knows one when it sees it."""
MOST_LIVING: Final = 20
MOST_A_MINUTE: Final = 600
_SHAPE: Final = re.compile(rf"{MARK}_([0-9a-f]{{8}})_([0-9a-f]{{48}})")


class Scope(StrEnum):
    """What a token may open."""

    READ = "read"
    BOOK = "book"
    EXPORT = "export"


class Secret(NamedTuple):
    """A token as it is shown once, its beginning, and all that is kept of it."""

    text: str
    prefix: str
    digest: str


def secret_from(randomness: bytes) -> Secret:
    """Return the token made of 28 random bytes: 4 name it, 24 are the secret."""
    prefix, rest = randomness[:4].hex(), randomness[4:28].hex()
    text = f"{MARK}_{prefix}_{rest}"
    return Secret(text, prefix, digest_of(text))


def prefix_of(text: str) -> str:
    """Return the beginning by which a token is found, "" if it cannot be one of ours."""
    found = _SHAPE.fullmatch(text)
    return found[1] if found else ""


def digest_of(text: str) -> str:
    """Return what is kept of a token: 192 random bits need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()
