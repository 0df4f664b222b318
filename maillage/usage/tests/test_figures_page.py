"""The page of figures, the past counts, the open data and the API, as their readers get them."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from maillage.booking.models import Party
from maillage.conference.models import Verdict
from maillage.points.models import Point
from maillage.points.tests.factories import make_point
from maillage.usage.tests.factories import CALLAC, RENNES, TEN, Side, make_use

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).resolve().parents[3] / "demo"
SPRING = datetime(2026, 4, 14, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _late_november(time_machine_at: Any) -> None:
    """Read the page on 30 November 2026."""


@pytest.fixture
def time_machine_at(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("views", "api"):
        monkeypatch.setattr(f"maillage.usage.{module}.timezone.localdate", lambda: datetime(2026, 11, 30).date())


def page(client: Client, address: str = "/chiffres", language: str = "en") -> str:
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("\u202f", " ").replace("\xa0", " ").split())


def test_before_any_meeting_the_page_says_so_and_offers_to_book(client: Client) -> None:
    said = page(client)
    assert "No meeting yet" in said
    assert 'href="/"' in said
    assert "<svg" in said


def test_each_figure_is_one_sentence_with_its_definition(client: Client) -> None:
    make_use()
    make_use(start=SPRING)
    said = page(client)
    assert "<strong>2 videoconferences</strong> were held: 10 people, 2 h together." in said
    assert "4 of 10 people said how they would have come" in said
    assert said.count("Where this figure comes from") == 3
    assert "kg of CO2</strong> less" in said
    assert "282 g" in said


def test_a_meeting_where_nobody_came_is_said_apart(client: Client) -> None:
    make_use((Side(came=None), Side("Rennes", came=None)))
    said = page(client)
    assert "<strong>0 videoconferences</strong> were held" in said
    assert "<strong>1 booked meeting</strong> did not take place." in said


@pytest.mark.parametrize(
    ("period", "number"), [("2026", 3), ("2026-S1", 1), ("2026-S2", 2), ("2026-04", 1), ("2026-05", 0), ("2025", 0)]
)
def test_the_period_chosen_decides_what_is_counted(client: Client, period: str, number: int) -> None:
    for start in (SPRING, TEN, TEN + timedelta(days=1)):
        make_use(start=start)
    said = page(client, f"/chiffres?periode={period}")
    assert ("No meeting was counted" in said) == (number == 0)
    if number:
        assert f"<strong>{number} videoconference" in said


def test_a_month_without_a_meeting_is_a_zero_of_the_table(client: Client) -> None:
    make_use(start=SPRING)
    said = page(client)
    assert said.count('<th scope="row"><a href="?periode=2026-') == 8
    assert 'May 2026</a></th><td class="number">0</td>' in said


@pytest.mark.parametrize("period", ["hier", "2026-13", "<script>", "2026-S3"])
def test_an_unknown_period_is_refused_in_plain_words(client: Client, period: str) -> None:
    response = client.get("/chiffres", {"periode": period}, headers={"accept-language": "en"})
    assert response.status_code == 404
    assert "is not a period" in response.content.decode()
    assert "<script>" not in response.content.decode().split("<main")[1]


def test_a_point_has_its_own_figures_counted_from_its_own_party(client: Client) -> None:
    make_use()
    make_use((Side("Brest"), RENNES))
    callac = Point.objects.get(commune__name="Callac")
    said = page(client, f"/chiffres/{callac.slug}")
    assert f"Figures of {callac.name}" in said
    assert "<strong>1 videoconference</strong> was held: 2 people" in said


def test_a_point_without_figures_hidden_or_unknown_is_answered_alike(client: Client) -> None:
    make_point("Point discret", is_listed=False)
    for slug in ("point-discret", "nulle-part"):
        response = client.get(f"/chiffres/{slug}", headers={"accept-language": "en"})
        assert response.status_code == 404
        assert "no public figure for this point" in response.content.decode()


def test_points_are_listed_the_most_used_first_and_the_unused_are_not_forgotten(client: Client) -> None:
    make_use()
    make_use((Side("Brest"), RENNES))
    make_point("Point de Quimper", commune="Quimper")
    said = page(client)
    assert said.index("Point de Rennes") < said.index("Point de Brest")
    assert "1 point without a meeting over this time" in said
    assert "Point de Quimper" in said


def test_a_small_category_of_a_point_is_never_shown_by_itself(client: Client) -> None:
    make_use((Side(people=9), RENNES), category="association")
    make_use((Side(people=1), Side("Rennes", people=1)), category="craft")
    slug = Point.objects.get(commune__name="Callac").slug
    year = page(client, f"/chiffres/{slug}?periode=2026")
    assert "craftsperson" not in year
    assert "other categories, not detailed" in year
    assert "craftsperson" not in page(client, f"/chiffres/{slug}?periode=2026-11")


def test_no_name_nor_address_of_a_person_is_on_the_page_nor_in_the_data(client: Client) -> None:
    make_use()
    for address in ("/chiffres", "/chiffres.csv", "/api/v1/uses"):
        content = client.get(address).content.decode()
        assert "Le Goff" not in content
        assert "anne@example.org" not in content


def test_what_people_said_after_is_shown_from_three_answers_on(client: Client) -> None:
    make_use((CALLAC, RENNES, Side("Brest")))
    for party, worked in zip(Party.objects.order_by("position"), ("well", "well", "no"), strict=True):
        assert "worked well" not in page(client)
        Verdict.objects.create(party=party, worked=worked, at=TEN)
    said = page(client)
    assert "<strong>67 %</strong> say that it worked well." in said
    assert "3 answers" in said


def test_the_past_counts_stand_apart_with_what_does_not_agree_side_by_side(client: Client) -> None:
    call_command("load_history", DEMO / "usage-2013-2015.csv")
    assert "What was counted in 2013–2015" in page(client)
    said = page(client, "/chiffres/avant")
    assert said.count('<section class="disagreement">') == 4
    assert "<strong>more than 350</strong> usages" in said
    assert "document 002" in said
    assert ".txt" not in said


def test_without_past_counts_their_page_says_so(client: Client) -> None:
    assert "No count of the past has been loaded." in page(client, "/chiffres/avant")


def test_the_open_data_has_a_line_a_month_for_the_network_and_for_each_point(client: Client) -> None:
    make_use(start=datetime(2026, 9, 15, 8, tzinfo=UTC))
    response = client.get("/chiffres.csv?periode=2026-S2")
    assert response["Content-Disposition"] == 'attachment; filename="chiffres-2026-S2.csv"'
    lines = list(csv.DictReader(io.StringIO(response.content.decode())))
    network = [line for line in lines if line["portee"] == "réseau"]
    assert [line["mois"] for line in network] == ["2026-09", "2026-10", "2026-11"]
    assert [line["visioconferences"] for line in network] == ["1", "0", "0"]
    points = [line for line in lines if line["portee"] == "point"]
    assert sum(float(line["km_evites"]) for line in points) == pytest.approx(float(network[0]["km_evites"]), abs=0.2)


def test_a_point_name_cannot_become_a_formula_in_a_spreadsheet(client: Client) -> None:
    make_use()
    Point.objects.filter(commune__name="Callac").update(name="=HYPERLINK(1)")
    assert ",=HYPERLINK" not in client.get("/chiffres.csv").content.decode()


def test_the_api_gives_the_same_sums(client: Client) -> None:
    make_use()
    body = json.loads(client.get("/api/v1/uses?period=2026").content)
    assert (body["uses"], body["people"], body["destinations"]) == (1, 5, {"france": 1})
    assert body["co2_net_kg"] == pytest.approx(body["co2_avoided_kg"] - body["co2_footprint_kg"], abs=0.002)
    assert body["period"] == {"code": "2026", "first_day": "2026-01-01", "last_day": "2026-12-31"}
    slug = Point.objects.get(commune__name="Callac").slug
    assert json.loads(client.get(f"/api/v1/uses?point={slug}").content)["people"] == 2


@pytest.mark.parametrize(
    ("query", "code", "status"),
    [
        ("period=hier", "unknown-period", 404),
        ("point=x", "uncounted-point", 404),
        (f"period={'9' * 30}", "invalid", 422),
    ],
)
def test_the_api_refuses_with_stable_codes(client: Client, query: str, code: str, status: int) -> None:
    response = client.get(f"/api/v1/uses?{query}")
    assert (response.status_code, json.loads(response.content)["code"]) == (status, code)


def test_every_page_of_figures_costs_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    call_command("load_history", DEMO / "usage-2013-2015.csv")
    for start in (SPRING, TEN, TEN + timedelta(days=1)):
        make_use(start=start)
    slug = Point.objects.get(commune__name="Callac").slug
    for address in ("/chiffres?periode=2026-S1", f"/chiffres/{slug}?periode=2026", "/chiffres/avant", "/chiffres.csv"):
        with django_assert_max_num_queries(17):
            client.get(address)


def test_the_page_is_whole_in_french(client: Client) -> None:
    make_use()
    with override("fr"):
        said = page(client, language="fr")
    assert "<strong>1 visioconférence</strong> a eu lieu : 5 personnes, 1 h ensemble." in said
    assert "D’où vient ce chiffre" in said
    assert "Definitions" not in said
