"""« Peut-on les joindre ? »: rooms and equipped organisations near a town or of a name, each with a search to start."""

import re
from datetime import date
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.actors.models import Organisation, WayToCall
from maillage.actors.tests.factories import make_organisation
from maillage.points.selectors.reach import reachable
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.tests.factories import make_commune

pytestmark = pytest.mark.django_db
FRENCH = {"accept-language": "fr"}
HEADER = "organisme,nature,code_insee,moyen,adresse,note,source,date\n"


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


def make_region(**fields: object) -> WayToCall:
    """Make a regional council in Rennes with a terminal that was tried."""
    region = make_organisation("Conseil régional", kind="region", commune=make_commune("Rennes"))
    values: dict[str, object] = {"kind": "sip", "address": "sip:europe@region.example", "note": "Prévenir l’accueil"}
    return WayToCall.objects.create(organisation=region, checked_on=date(2026, 11, 20), **{**values, **fields})


def read(client: Client, q: str) -> str:
    page = unescape(client.get("/joindre", {"q": q}, headers=FRENCH).content.decode())
    return page.replace("\xa0", " ").replace("\u202f", " ")


def test_a_town_shows_its_rooms_and_the_equipped_organisations_nearest_first(client: Client) -> None:
    make_room(make_point("Mairie de Callac", commune="Callac"))
    make_region()
    university = make_organisation("Université", kind="school", commune=make_commune("Brest"))
    WayToCall.objects.create(organisation=university, kind="browser")
    page = read(client, "Callac")
    assert "Salles près de Callac" in page
    assert "Mairie de Callac" in page
    assert page.index("Université") < page.index("Conseil régional")
    assert "Essayé le 20/11/2026" in page or "Essayé le" in page
    assert "Pas encore essayé" in page


def test_an_organisation_is_found_by_its_name_without_accents_and_the_button_keeps_its_address(client: Client) -> None:
    make_region()
    page = read(client, "conseil regional")
    assert "Prévenir l’accueil" in page
    assert "address_2=sip%3Aeurope%40region.example" in page
    assert "kind_2=sip" in page


def test_the_button_leads_to_the_sentence_filled_in_then_to_hours(client: Client) -> None:
    make_room(make_point(commune="Callac"))
    make_region()
    asked = {
        "place_1": "Callac", "people_1": "3", "place_2": "Conseil régional", "people_2": "1", "kind_2": "sip",
        "address_2": "sip:europe@region.example", "when": "fortnight",
    }  # fmt: skip
    link = re.search(r'href="(/creneaux[^"]+)"', read(client, "Conseil régional"))
    assert link
    sentence = client.get(link[1], headers=FRENCH).content.decode()
    assert re.search(r'name="place_2" value="Conseil régional"', sentence)
    assert "field__error" not in sentence
    answer = unescape(client.get("/creneaux", asked, headers=FRENCH).content.decode())
    assert "Avec leur terminal de visioconférence, europe@region.example" in answer
    assert "Vous évite" in answer  # where the organisation is counts


def test_an_organisation_without_equipment_is_given_the_nearest_room(client: Client) -> None:
    make_room(make_point("Point de Rennes", commune="Rennes"))
    make_organisation("Caisse de retraite", kind="other", commune=make_commune("Rennes"))
    page = read(client, "caisse de retraite")
    assert "La salle la plus proche d’eux est Point de Rennes" in page
    assert "place_2=Point+de+Rennes%2C+Rennes" in page


def test_a_name_nobody_has_still_leads_to_a_search(client: Client) -> None:
    page = read(client, "Société <b>Machin</b>")
    assert "kind_2=browser" in page
    assert "<b>Machin</b>" not in client.get("/joindre", {"q": "<b>Machin</b>"}).content.decode()


def test_nothing_typed_is_said_and_a_page_without_a_question_is_plain(client: Client) -> None:
    assert client.get("/joindre", {"q": " "}).status_code == 422
    page = client.get("/joindre").content.decode()
    assert 'data-role="counterpart"' not in page
    fragment = client.get("/joindre", {"q": "Callac"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert fragment.count('id="reachable"') == 1


def test_low_profile_reserved_and_closed_points_are_not_told(client: Client) -> None:
    make_room(make_point("Annexe", commune="Callac", is_listed=False))
    make_room(make_point("Pépinière", commune="Callac", audience="tenants"))
    make_room(make_point("Ancien point", commune="Callac", status="closed"))
    page = read(client, "Callac")
    assert all(name not in page for name in ("Annexe", "Pépinière", "Ancien point"))


def test_the_queries_do_not_grow_with_the_organisations(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    make_room(make_point(commune="Callac"))
    for number in range(30):
        one = make_organisation(f"Institution {number}", kind="other", commune=make_commune("Rennes"))
        WayToCall.objects.create(organisation=one, kind="browser")
    with django_assert_max_num_queries(14):
        assert len(reachable("Callac").counterparts) == 8
    with django_assert_max_num_queries(14):
        assert len(reachable("institution").counterparts) == 8


def test_a_file_is_imported_once_and_its_addresses_have_one_spelling(tmp_path: Path) -> None:
    make_commune("Rennes")
    rennes = make_commune("Rennes").insee
    file = tmp_path / "ways.csv"
    file.write_text(
        HEADER + f"Région,region,{rennes},terminal,Europe@REGION.example,,,2026-11-20\nCAF,other,,lien,,,,\n"
    )
    said = StringIO()
    for _again in range(2):
        call_command("import_counterparts", str(file), "--live", stdout=said)
    assert said.getvalue() == "2 ways to call, 2 new\n2 ways to call, 0 new\n"
    assert WayToCall.objects.get(kind="sip").address == "sip:Europe@region.example"
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize(
    "line",
    ["Région,region,,terminal,pas une adresse,,,", "Région,region,,pigeon,,,,", ",region,,lien,,,,",
     "Région,royaume,,lien,,,,", "Région,region,99999,lien,,,,", "Région,region,,lien,,,,hier"],
)  # fmt: skip
def test_a_wrong_line_is_named_and_nothing_is_written(tmp_path: Path, line: str) -> None:
    file = tmp_path / "ways.csv"
    file.write_text(f"{HEADER}CAF,other,,lien,,,,\n{line}\n")
    with pytest.raises(CommandError, match=r"ways\.csv"):
        call_command("import_counterparts", str(file))
    assert not WayToCall.objects.exists()


def test_a_guest_link_has_no_address_and_a_way_comes_once() -> None:
    way = make_region()
    with pytest.raises(IntegrityError), transaction.atomic():
        WayToCall.objects.create(organisation=way.organisation, kind="browser", address="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        WayToCall.objects.create(organisation=way.organisation, kind="sip", address=way.address)


def test_the_administration_refuses_what_nobody_could_call(admin_client: Client) -> None:
    region = make_organisation("Conseil régional", kind="region")
    form = {
        "name": region.name, "kind": "region", "ways-TOTAL_FORMS": "1", "ways-INITIAL_FORMS": "0",
        "ways-0-kind": "sip", "ways-0-address": "pas une adresse",
    }  # fmt: skip
    page = f"/administration/actors/organisation/{region.pk}/change/"
    assert admin_client.post(page, form).status_code == 200
    assert not WayToCall.objects.exists()
    assert admin_client.post(page, {**form, "ways-0-address": "Salle@REGION.example"}).status_code == 302
    assert WayToCall.objects.get().address == "sip:Salle@region.example"
