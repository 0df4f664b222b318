"""Counts of the past, as their documents give them: read from a table, never merged, never averaged. Pure."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO


class HistoryUnreadable(ValueError):
    """A table of counts that lacks a column, repeats an id, or has a value that is not a number."""


@dataclass(frozen=True, slots=True)
class CountFact:
    """One count as one document gives it. `high` is None for "more than `low`"."""

    code: str
    site_number: str
    site: str
    period: str
    first_day: date | None
    last_day: date | None
    low: float
    high: float | None
    unit: str
    category: str
    nature: str
    source: str
    source_title: str
    remark: str


@dataclass(frozen=True, slots=True)
class DisagreementFact:
    """Counts that do not agree, to be shown side by side, and what can be said of it."""

    code: str
    title: str
    explanation: str
    counts: tuple[str, ...]


def read_counts(text: str, sources: Mapping[str, tuple[str, str]]) -> list[CountFact]:
    """Return the counts of a CSV table with the columns of demo/usage-2013-2015.csv. Raises HistoryUnreadable.

    sources: short name and title of each document by its file name; one that is not there keeps that name.
    """
    try:
        counts = [_count(row, sources) for row in csv.DictReader(StringIO(text))]
    except (KeyError, ValueError) as cause:
        raise HistoryUnreadable(str(cause)) from cause
    if len({count.code for count in counts}) != len(counts):
        raise HistoryUnreadable("an id is repeated")
    return counts


def read_disagreements(text: str) -> list[DisagreementFact]:
    """Return the disagreements of a CSV table: code, titre, explication, comptages (ids separated by spaces)."""
    try:
        return [
            DisagreementFact(row["code"], row["titre"], row["explication"], tuple(row["comptages"].split()))
            for row in csv.DictReader(StringIO(text))
        ]
    except KeyError as cause:
        raise HistoryUnreadable(str(cause)) from cause


def read_sources(text: str) -> dict[str, tuple[str, str]]:
    """Return short name and title of each document by its file name. Raises HistoryUnreadable."""
    try:
        return {row["fichier"]: (row["court"], row["titre"]) for row in csv.DictReader(StringIO(text))}
    except KeyError as cause:
        raise HistoryUnreadable(str(cause)) from cause


def _count(row: dict[str, str], sources: Mapping[str, tuple[str, str]]) -> CountFact:
    low, high = float(row["valeur_min"]), float(row["valeur_max"]) if row["valeur_max"] else None
    if low < 0 or (high is not None and high < low):
        raise HistoryUnreadable(f"{row['id']}: {low} to {high} is not a range")
    source, title = sources.get(row["source"], (row["source"], ""))
    return CountFact(
        code=row["id"],
        site_number=row["site_numero"],
        site=row["site"],
        period=row["periode"],
        first_day=_day(row["debut"]),
        last_day=_day(row["fin"]),
        low=low,
        high=high,
        unit=row["unite"],
        category=row["categorie"],
        nature=row["nature"],
        source=source,
        source_title=title,
        remark=row["remarque"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
