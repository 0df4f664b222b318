"""The directory of points: finding one, its page, its open data."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.points.errors import UnknownPoint
from maillage.points.models import Audience, Point, PointStatus
from maillage.points.selectors import find_points, nearest_points, point_by_slug
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.tests.factories import make_commune

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).resolve().parents[3] / "demo"
FRENCH = {"Accept-Language": "fr"}


def _names(text: str = "", **asked: object) -> list[str]:
    return [nearby.point.commune.name for nearby in find_points(text, **asked).found]  # type: ignore[arg-type]


def _network() -> None:
    for town in ("Lannion", "Callac", "Rennes"):
        make_room(make_point(commune=town))


def test_a_town_lists_the_points_nearest_first_with_the_way() -> None:
    _network()
    found = find_points("lannion")
    assert [nearby.point.commune.name for nearby in found.found] == ["Lannion", "Callac", "Rennes"]
    assert found.origin is not None
    assert found.found[1].travel is not None
    assert found.found[1].travel.distance_km == pytest.approx(47.3, abs=0.2)


def test_a_town_without_a_point_still_finds_the_nearest() -> None:
    _network()
    make_commune("Saint-Brieuc")
    assert _names("st brieuc")[0] in {"Lannion", "Callac"}


def test_a_name_finds_its_point_whatever_its_accents() -> None:
    make_room(make_point("Maison pour tous de Pen ar Créac'h", commune="Brest"))
    _network()
    assert _names("pen ar creac h") == ["Brest"]


def test_needs_and_people_are_met_by_one_and_the_same_room() -> None:
    point = make_point(commune="Callac", has_parking=True)
    make_room(point, "Grande", capacity=40)
    make_room(point, "Équipée", capacity=6, needs=("scanner",))
    assert _names(needs=["scanner", "parking"], head_count=6) == ["Callac"]
    assert _names(needs=["scanner"], head_count=7) == []


def test_a_hidden_point_is_nowhere(client: Client) -> None:
    hidden = make_point(is_listed=False)
    assert _names() == []
    with pytest.raises(UnknownPoint):
        point_by_slug(hidden.slug)
    assert client.get(f"/points/{hidden.slug}").status_code == 404
    assert client.get("/api/v1/points.geojson").json()["features"] == []


def test_the_directory_costs_as_many_queries_for_three_points_as_for_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    _network()
    with django_assert_max_num_queries(7):
        find_points("lannion", needs=["camera"])
        list(find_points("").found)


def test_the_nearest_others_leave_the_point_itself_out(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    _network()
    lannion = point_by_slug("point-de-lannion")
    with django_assert_max_num_queries(5):
        others = nearest_points(lannion)
    assert [nearby.point.commune.name for nearby in others] == ["Callac", "Rennes"]


class TestPages:
    def test_the_list_works_without_script(self, client: Client) -> None:
        _network()
        page = client.get("/points", {"q": "Lannion", "people": "3"}, headers=FRENCH).content.decode()
        assert page.index("point-de-lannion") < page.index("point-de-rennes")
        assert "Les plus proches de Lannion" in page

    def test_a_swap_is_the_list_alone(self, client: Client) -> None:
        _network()
        part = client.get("/points", {"q": "Lannion"}, headers={"HX-Request": "true"}).content.decode()
        assert part.lstrip().startswith('<section id="point-list"')

    def test_the_page_of_the_directory_costs_nine_queries(
        self, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        _network()
        with django_assert_max_num_queries(9):
            client.get("/points", {"q": "Lannion"})

    @pytest.mark.parametrize(
        "asked", [{"people": "0"}, {"people": "500000"}, {"people": "x"}, {"need": "sauna"}, {"q": "a" * 81}]
    )
    def test_what_cannot_be_is_refused_and_kept(self, client: Client, asked: dict[str, str]) -> None:
        _network()
        answer = client.get("/points", asked)
        assert answer.status_code == 422
        assert "notice--warning" in answer.content.decode()

    def test_a_point_that_nobody_may_book_offers_no_booking(self, client: Client) -> None:
        room = make_room(make_point(status=PointStatus.OUT_OF_ORDER))
        page = client.get(f"/points/{room.point.slug}", headers=FRENCH).content.decode()
        assert "en panne" in page
        assert "Réserver ici" not in page

    def test_an_internal_point_says_for_whom_it_is(self, client: Client) -> None:
        point = make_point(audience=Audience.INTERNAL)
        page = client.get(f"/points/{point.slug}", headers=FRENCH).content.decode()
        assert "le personnel de l’hôte" in page

    def test_an_open_point_books_from_its_own_room(self, client: Client) -> None:
        room = make_room()
        page = client.get(f"/points/{room.point.slug}", headers=FRENCH).content.decode()
        assert f"place_1=Point%20de%20Callac&amp;room_1={room.pk}" in page

    def test_names_are_text_never_page_code(self, client: Client) -> None:
        point = make_point("<script>alert(1)</script>")
        assert "<script>alert" not in client.get(f"/points/{point.slug}").content.decode()
        assert "<script>alert" not in client.get("/points").content.decode()


class TestOpenData:
    def test_geojson_has_what_the_map_draws(self, client: Client) -> None:
        make_room(make_point(commune="Callac"))
        (feature,) = client.get("/api/v1/points.geojson").json()["features"]
        assert feature["geometry"]["coordinates"] == [-3.42886, 48.40469]
        assert feature["properties"]["url"] == "/points/point-de-callac"
        assert feature["properties"]["bookable"] is True

    def test_a_spreadsheet_runs_no_formula(self, client: Client) -> None:
        make_point("=HYPERLINK(1)")
        assert "'=HYPERLINK(1)" in client.get("/api/v1/points.csv").content.decode()

    def test_the_api_finds_points_near_a_town(self, client: Client) -> None:
        _network()
        found = client.get("/api/v1/points", {"q": "Callac", "needs": ""}).json()
        assert found["origin"] == "22025"
        assert [line["point"]["commune"] for line in found["points"]] == ["Callac", "Lannion", "Rennes"]

    def test_the_api_refuses_a_need_that_no_room_can_have(self, client: Client) -> None:
        answer = client.get("/api/v1/points", {"needs": "sauna"})
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown-need")
        assert client.get("/api/v1/points/nowhere").json()["code"] == "unknown-point"

    @pytest.mark.parametrize("text", ["\0", "a\0b", "' OR 1=1 --", "%", "\ud7ff", "½"])
    def test_strange_characters_are_only_characters(self, client: Client, text: str) -> None:
        _network()
        assert client.get("/api/v1/points", {"q": text}).status_code == 200
        assert client.get("/api/v1/communes", {"q": text}).status_code == 200
        with pytest.raises(UnknownPoint):
            point_by_slug(text)


class TestDemonstration:
    @pytest.fixture(autouse=True)
    def _brittany(self) -> None:
        call_command("import_communes", DEMO / "communes-bretagne.csv")
        call_command("import_points", DEMO / "points-bretagne-2015.csv")

    def test_the_55_points_come_in_once_with_where_they_come_from(self) -> None:
        call_command("import_points", DEMO / "points-bretagne-2015.csv")
        assert Point.objects.count() == 55
        assert Point.objects.listed().count() == 54
        assert all(point.is_demonstration and point.source and point.source_date for point in Point.objects.all())

    def test_nobody_is_written_to_at_an_address_of_2015(self) -> None:
        with_mail = Point.objects.exclude(email="")
        assert with_mail.exists()
        assert {point.recipient for point in with_mail} == {""}

    def test_what_the_study_saw_is_kept_with_its_date(self) -> None:
        houat, groix = Point.objects.get(source_reference="28"), Point.objects.get(source_reference="29")
        assert (houat.status, groix.status) == (PointStatus.CLOSED, PointStatus.NOT_EQUIPPED)
        assert houat.status_changes.get().since == date(2014, 1, 1)
        assert houat.status_changes.get().precision == "year"
        malestroit = Point.objects.get(source_reference="36")
        assert malestroit.hours == "Mo-Fr 09:00-17:30; PH off"
        assert not malestroit.hours_are_assumed
        assert malestroit.rooms.get().capacity == 80

    def test_assumptions_are_marked(self) -> None:
        lannion = Point.objects.get(source_reference="02")
        assert lannion.hours_are_assumed
        assert lannion.rooms.get().capacity_is_assumed
        assert all(item.is_assumed for item in lannion.rooms.get().equipment.all())

    def test_points_at_one_place_have_pages_of_their_own(self) -> None:
        brest = Point.objects.listed().filter(commune__name="Brest")
        assert len(set(brest.values_list("slug", flat=True))) == brest.count() >= 8

    def test_the_page_of_a_point_of_2015_says_so_and_links_to_nobody(self, client: Client) -> None:
        page = client.get("/points/mairie-de-l-ile-molene", headers=FRENCH).content.decode()
        assert "Donnée de démonstration, 2015" in page
        assert "mairie.ile.molene@wanadoo.fr" in page
        assert "mailto:" not in page
        assert "tel:" not in page.split("<main", 1)[1].split("</main", 1)[0]
