"""Bring published factors into the database. They are added, never edited."""

from dataclasses import fields

from django.db import transaction

from maillage.core.journal import record
from maillage.usage.domain.factors import FactorFact, parse_factors
from maillage.usage.errors import FactorEdited
from maillage.usage.models import Factor
from maillage.usage.selectors.factors import shipped_text


@transaction.atomic
def load_factors(text: str | None = None) -> int:
    """Add the factors of a TOML text, the shipped one by default; return how many are new.

    Raises FactorEdited if a known factor differs from its row: a published figure must keep what it rests on.
    """
    wanted = parse_factors(shipped_text() if text is None else text)
    known = {factor.fact.identity: factor.fact for factor in Factor.objects.all()}
    for fact in wanted:
        before = known.get(fact.identity)
        if before is not None and before != fact:
            raise FactorEdited(factor=fact.code, read_on=fact.read_on.isoformat())
    new = [fact for fact in wanted if fact.identity not in known]
    Factor.objects.bulk_create([_row(fact) for fact in new])
    if new:
        record("usage.factors-loaded", "usage:factors", through="command", codes=sorted(fact.code for fact in new))
    return len(new)


def _row(fact: FactorFact) -> Factor:
    return Factor(**{field.name: getattr(fact, field.name) for field in fields(FactorFact)})
