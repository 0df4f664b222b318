"""Factors and past counts brought into the database."""

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from maillage.core.models import JournalEntry
from maillage.usage.domain.factors import FactorFact, FactorsUnreadable, in_force, parse_factors
from maillage.usage.domain.history import HistoryUnreadable, read_counts
from maillage.usage.errors import FactorEdited, HistoryRefused
from maillage.usage.models import Disagreement, Factor, HistoricalCount
from maillage.usage.selectors.factors import factors_on, published_factors, shipped_text
from maillage.usage.services import load_disagreements, load_factors, load_history

DEMO = Path(__file__).resolve().parents[3] / "demo"
ONE = """
[[factor]]
code = "car-diesel-medium"
name = "Voiture"
value = {value}
unit = "kgCO2e/vehicle.km"
publisher = "ADEME"
edition = "2.0"
url = "https://example.org/"
read_on = {read_on}
valid_from = {valid_from}
scope = "Essai."
"""
HEADER = "id,site_numero,site,periode,debut,fin,valeur_min,valeur_max,unite,categorie,nature,source,remarque\n"


def block(value: float = 0.2, read_on: str = "2027-02-01", valid_from: str = "2025-01-01") -> str:
    return ONE.format(value=value, read_on=read_on, valid_from=valid_from)


def test_every_shipped_factor_has_its_publisher_edition_address_and_date() -> None:
    facts = parse_factors(shipped_text())
    assert len(facts) == len({fact.code for fact in facts}) == 17
    assert all(getattr(fact, field.name) for fact in facts for field in fields(FactorFact))


@pytest.mark.parametrize("missing", ["publisher", "url", "read_on", "edition", "scope"])
def test_a_factor_without_its_source_is_refused(missing: str) -> None:
    lines = [line for line in block().splitlines() if not line.startswith(missing)]
    with pytest.raises(FactorsUnreadable, match=missing):
        parse_factors("\n".join(lines))


def test_a_later_edition_applies_from_its_first_day_and_a_correction_at_once() -> None:
    first, corrected = parse_factors(block(0.2) + block(0.3, read_on="2027-03-01"))
    (later,) = parse_factors(block(0.1, valid_from="2028-01-01"))
    facts = [later, corrected, first]
    assert in_force(facts, date(2027, 12, 31))["car-diesel-medium"].value == 0.3
    assert in_force(facts, date(2028, 1, 1))["car-diesel-medium"].value == 0.1
    assert in_force(facts, date(2015, 1, 1))["car-diesel-medium"].value == 0.3


@pytest.mark.django_db
def test_factors_are_loaded_once_with_their_line_in_the_journal() -> None:
    assert load_factors() == 17
    assert load_factors() == 0
    assert Factor.objects.count() == 17
    assert JournalEntry.objects.filter(verb="usage.factors-loaded").count() == 1


@pytest.mark.django_db
def test_a_published_factor_is_never_edited_and_the_whole_file_is_refused() -> None:
    load_factors(block(0.2))
    with pytest.raises(FactorEdited) as refusal:
        load_factors(block(0.25) + block(0.1, valid_from="2028-01-01"))
    assert refusal.value.details["factor"] == "car-diesel-medium"
    assert [factor.value for factor in Factor.objects.all()] == [0.2]


@pytest.mark.django_db
def test_the_factors_of_a_day_are_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load_factors()
    load_factors(block(0.3))
    with django_assert_num_queries(1):
        chosen = factors_on(date(2026, 11, 24))
    assert chosen["car-diesel-medium"].value == 0.3


@pytest.mark.django_db
def test_the_shipped_factors_are_published_before_any_is_loaded() -> None:
    assert len(published_factors(date(2026, 11, 24))) == 17
    assert not Factor.objects.exists()


@pytest.mark.django_db
def test_the_ninety_counts_of_the_past_are_loaded_with_their_disagreements(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("load_history", DEMO / "usage-2013-2015.csv")
    call_command("load_history", DEMO / "usage-2013-2015.csv")
    assert "90 count(s) and 4 disagreement(s)" in capsys.readouterr().out
    assert HistoricalCount.objects.count() == 90
    assert HistoricalCount.objects.get(code="U001").high is None
    assert set(Disagreement.objects.get(code="brest-2014").counts.values_list("code", flat=True)) >= {"U001", "U024"}


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ("X1,,Site,2015,,,beaucoup,,usages,total,relevé,002,", "beaucoup"),
        ("X1,,Site,2015,,,5,2,usages,total,relevé,002,", "5.0 to 2.0 is not a range"),
        ("X1,,Site,2015,2015-02-30,,5,,usages,total,relevé,002,", "day is out of range"),
        ("X1,,A,2015,,,5,,usages,total,relevé,002,\nX1,,B,2015,,,5,,usages,total,relevé,002,", "repeated"),
    ],
)
def test_a_table_of_counts_that_is_wrong_somewhere_is_refused(row: str, cause: str) -> None:
    with pytest.raises(HistoryUnreadable, match=cause):
        read_counts(HEADER + row, {})


@pytest.mark.django_db
def test_a_refused_table_leaves_what_was_there() -> None:
    load_history(HEADER + "X1,,Site,2015,,,5,,usages,total,relevé,002,")
    with pytest.raises(HistoryRefused):
        load_history(HEADER + "X1,,Site,2015,,,6,,usages,total,relevé,002,\nX2,,S,2015,,,?,,usages,total,relevé,002,")
    assert HistoricalCount.objects.get().low == 5


@pytest.mark.django_db
def test_a_disagreement_about_an_unknown_count_is_refused() -> None:
    with pytest.raises(HistoryRefused):
        load_disagreements("code,titre,explication,comptages\nx,Titre,Dit,U404\n")


@pytest.mark.django_db
def test_a_missing_file_is_told_by_the_commands(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.csv"):
        call_command("load_history", tmp_path / "absent.csv")
    with pytest.raises(CommandError, match=r"absent\.toml"):
        call_command("load_factors", str(tmp_path / "absent.toml"))
