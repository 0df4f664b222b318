"""Which factors apply, and their source."""

from datetime import date
from importlib.resources import files

from maillage.usage.domain.factors import FactorFact, in_force, parse_factors
from maillage.usage.models import Factor


def shipped_text() -> str:
    """Return the data file of factors that comes with this version."""
    return files("maillage.usage").joinpath("data/factors.toml").read_text(encoding="utf-8")


def factors_on(day: date) -> dict[str, Factor]:
    """Return, by code, the factors in force on `day`. One query."""
    rows = {factor.fact.identity: factor for factor in Factor.objects.all()}
    chosen = in_force((factor.fact for factor in rows.values()), day)
    return {code: rows[fact.identity] for code, fact in chosen.items()}


def published_factors(day: date) -> list[FactorFact]:
    """Return the factors in force on `day`, by name; those shipped while none is loaded. One query."""
    facts = [factor.fact for factor in Factor.objects.all()] or parse_factors(shipped_text())
    return sorted(in_force(facts, day).values(), key=lambda fact: fact.name)
