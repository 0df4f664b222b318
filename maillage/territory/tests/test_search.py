"""Finding the commune a person means."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from maillage.core.theme import current_network
from maillage.territory.domain.folding import fold, split_postcode
from maillage.territory.errors import AmbiguousCommune, UnknownCommune
from maillage.territory.models import DistanceOverride, FormerName
from maillage.territory.selectors import commune_by_insee, commune_named, find_communes, travel_between, travels
from maillage.territory.tests.factories import make_commune, make_island


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Saint-Brieuc", "saint brieuc"),
        ("ST BRIEUC", "saint brieuc"),
        ("Ste-Anne-d'Auray", "sainte anne d auray"),
        ("Hœdic", "hoedic"),
        ("Île-d’Houat", "ile d houat"),
        ("  Plouguerneau ", "plouguerneau"),
        ("Noyal s/Vilaine", "noyal sur vilaine"),
        ("<b>Brest</b>", "b brest b"),
        ("", ""),
    ],
)
def test_all_ways_of_writing_a_name_are_one(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_postcode_is_told_from_the_name() -> None:
    assert split_postcode("Callac (22160)") == ("callac", "22160")
    assert split_postcode("22160 callac") == ("callac", "22160")
    assert split_postcode("22160") == ("", "22160")


def _insees(query: str) -> list[str]:
    return [commune.insee for commune in find_communes(query)]


@pytest.mark.django_db
class TestFinding:
    def test_an_exact_name_wins_over_a_larger_commune(self) -> None:
        make_commune("Guer", insee="56075", population=6_000)
        make_commune("Guérande", insee="44069", region="52", population=17_000)
        assert _insees("guer") == ["56075", "44069"]

    def test_beginnings_come_before_words_inside_and_the_larger_first(self) -> None:
        make_commune("Plouha", insee="22222", population=4_700)
        make_commune("Plouaret", insee="22207", population=2_300)
        make_commune("Le Plouy", insee="60001", region="32", population=90_000)
        assert _insees("plou") == ["22222", "22207", "60001"]

    def test_accents_hyphens_and_saint_do_not_count(self) -> None:
        make_commune("Saint-Brieuc")
        assert _insees("st brieu") == _insees("SAINT-BRIEUC") == ["22278"]

    def test_a_former_name_leads_to_the_commune_of_today(self) -> None:
        commune = make_commune("Le Mené", insee="22046")
        FormerName.objects.create(commune=commune, name="Collinée", folded="collinee")
        assert _insees("collin") == ["22046"]
        assert commune_named("Collinée") == commune

    def test_a_postcode_finds_its_communes(self) -> None:
        make_commune("Callac")
        make_commune("Rennes")
        assert _insees("22160") == _insees("2216") == ["22025"]
        assert _insees("35700") == ["35238"]

    @pytest.mark.parametrize("query", ["", " ", "-", "%", "_", "xyz", "<script>", "a" * 5000])
    def test_nonsense_finds_nothing(self, query: str) -> None:
        make_commune("Callac")
        assert find_communes(query) == []

    def test_a_search_is_one_query(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(1):
            find_communes("callac")


@pytest.mark.django_db
class TestNaming:
    def test_what_a_suggestion_writes_can_be_read_back(self) -> None:
        callac = make_commune("Callac")
        for text in (callac.label, "callac", " CALLAC ", "22160 Callac", "22160", "call"):
            assert commune_named(text) == callac

    def test_an_unknown_place_is_refused(self) -> None:
        with pytest.raises(UnknownCommune) as refusal:
            commune_named("Ys")
        assert refusal.value.code == "unknown-commune"
        assert refusal.value.details == {"text": "Ys"}

    def test_two_places_of_one_name_are_offered_with_their_postcodes(self) -> None:
        make_commune("Saint-Denis", insee="93066", postcodes="93200", region="11", population=149_077)
        make_commune("Saint-Denis", insee="97411", postcodes="97400", region="04", population=155_634)
        with pytest.raises(AmbiguousCommune) as refusal:
            commune_named("Saint-Denis")
        assert refusal.value.details["insee"] == ["97411", "93066"]
        assert commune_named("Saint-Denis (97400)").insee == "97411"

    def test_the_only_name_that_begins_so_is_meant(self) -> None:
        make_commune("Maël-Carhaix", insee="22137")
        assert commune_named("Carhaix").insee == "22137"
        make_commune("Carhaix-Plouguer", insee="29024")
        assert commune_named("Carhaix").insee == "29024"

    def test_the_network_s_own_region_settles_it(self, settings: object) -> None:
        settings.NETWORK = {"region_codes": ["53"]}  # type: ignore[attr-defined]
        current_network.cache_clear()
        try:
            make_commune("Landéda", insee="29101", region="53")
            make_commune("Landéda", insee="01999", region="84", population=50_000)
            assert commune_named("landeda").insee == "29101"
        finally:
            current_network.cache_clear()

    def test_a_code_finds_one_commune(self) -> None:
        assert commune_by_insee(make_commune("Callac").insee).name == "Callac"
        with pytest.raises(UnknownCommune):
            commune_by_insee("00000")


@pytest.mark.django_db
class TestTravelling:
    def test_a_known_distance_replaces_the_estimate_both_ways(self) -> None:
        brest, crozon = make_commune("Brest"), make_commune("Crozon")
        DistanceOverride.objects.create(first=brest, second=crozon, distance_km=58, minutes=60, source="test")
        assert travel_between(brest, crozon).method == travel_between(crozon, brest).method == "road-known"
        assert travel_between(crozon, brest).distance_km == 58

    def test_an_island_has_its_boat(self) -> None:
        ouessant = make_commune("Ouessant", island=make_island())
        travel = travel_between(ouessant, make_commune("Brest"))
        assert travel.method == "road-and-sea"
        assert 20 < travel.sea_km < 30

    def test_staying_at_home_is_no_travel(self) -> None:
        brest = make_commune("Brest")
        assert travel_between(brest, brest).distance_km == 0
        assert travel_between(brest, brest).minutes == 0

    def test_a_commune_without_position_says_so(self) -> None:
        lost = make_commune("Perdue", insee="98001", latitude=None, longitude=None)
        assert travel_between(lost, make_commune("Brest")).method == "no-position"

    def test_all_of_a_plan_is_two_queries(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        island = make_commune("Ouessant", island=make_island())
        towns = [make_commune(name) for name in ("Callac", "Rennes", "Brest", "Crozon")]
        places = [(town.latitude, town.longitude, town) for town in towns]
        with django_assert_num_queries(2):
            table = travels([island, *towns], places * 20)
        assert [len(row) for row in table] == [80] * 5


@pytest.mark.django_db
class TestSuggesting:
    def test_options_carry_what_the_field_will_hold(self, client: Client) -> None:
        make_commune("Callac")
        answer = client.get("/communes", {"q": "cal"}, headers={"Accept-Language": "fr"}).content.decode()
        assert 'data-value="Callac (22160)"' in answer
        assert 'data-insee="22025"' in answer

    def test_one_letter_is_too_little(self, client: Client) -> None:
        make_commune("Callac")
        assert "option" not in client.get("/communes", {"q": "c"}).content.decode()

    def test_what_is_typed_is_never_page_code(self, client: Client) -> None:
        make_commune("<b>Callac</b>", insee="22999")
        assert "&lt;b&gt;Callac" in client.get("/communes", {"q": "callac"}).content.decode()

    def test_the_api_answers_places_with_their_clock(self, client: Client) -> None:
        make_commune("Saint-Denis", insee="97411", postcodes="97400 97417", region="04")
        (found,) = client.get("/api/v1/communes", {"q": "st denis"}).json()
        assert found["time_zone"] == "Indian/Reunion"
        assert found["postcodes"] == ["97400", "97417"]
        assert found["label"] == "Saint-Denis (97400)"

    @pytest.mark.parametrize("limit", ["0", "51", "many", "-1"])
    def test_the_api_refuses_an_impossible_limit(self, client: Client, limit: str) -> None:
        answer = client.get("/api/v1/communes", {"q": "st", "limit": limit})
        assert answer.status_code == 422
        assert answer.json()["code"] == "invalid"
