"""Factors with their source, as facts. No Django, no file system: the text of the data file is an argument."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date


class FactorsUnreadable(ValueError):
    """The data file lacks a field or a factor lacks its source: a fault of the release, not of a person."""


@dataclass(frozen=True, slots=True)
class FactorFact:
    """A number the counting relies on, and where it was read. `valid_from` is the first day it applies to."""

    code: str
    name: str
    value: float
    unit: str
    publisher: str
    edition: str
    url: str
    read_on: date
    valid_from: date
    scope: str

    @property
    def identity(self) -> tuple[str, date, date]:
        """What makes it one factor: the same three with another value would be an edit in place."""
        return (self.code, self.valid_from, self.read_on)


_NAMES = frozenset(field.name for field in fields(FactorFact))


def parse_factors(text: str) -> list[FactorFact]:
    """Return the factors of a TOML text. Raises FactorsUnreadable if one lacks a field or has an empty one."""
    found: list[FactorFact] = []
    for block in tomllib.loads(text).get("factor", []):
        if set(block) != _NAMES or not all(block.values()):
            raise FactorsUnreadable(f"{block.get('code', '?')}: needs exactly {', '.join(sorted(_NAMES))}, none empty")
        found.append(FactorFact(**block))
    if len({fact.identity for fact in found}) != len(found):
        raise FactorsUnreadable("two factors share code, valid_from and read_on")
    return found


def in_force(factors: Iterable[FactorFact], day: date) -> dict[str, FactorFact]:
    """Return, by code, the factor that applies on `day`: the latest begun, in its latest reading.

    For a day before the first edition of a code, the first edition serves: an old meeting is counted too.
    """
    chosen: dict[str, FactorFact] = {}
    for fact in sorted(factors, key=lambda fact: (fact.code, fact.valid_from, fact.read_on)):
        known = chosen.get(fact.code)
        if known is None or fact.valid_from <= day or fact.valid_from == known.valid_from:
            chosen[fact.code] = fact
    return chosen
