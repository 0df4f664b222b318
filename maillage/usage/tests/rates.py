"""The shipped factors as plain rates, for the tests of the rules."""

from datetime import date

from maillage.usage.domain.factors import in_force, parse_factors
from maillage.usage.selectors.factors import shipped_text

RATES = {code: fact.value for code, fact in in_force(parse_factors(shipped_text()), date(2026, 11, 24)).items()}
