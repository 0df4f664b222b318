"""The prices of a point typed by its facilitator: read as visitors will, then saved from a day on."""

from datetime import date, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from maillage.booking.domain.quotes import Stay, quote_stay
from maillage.booking.domain.tariffs import Group, Origin, Price, Tariff, Unit
from maillage.booking.errors.tariffs import TariffChanged
from maillage.booking.forms.tariffs import MOST_ROWS, TariffEntry, with_one_more_row
from maillage.booking.models import BookingPrice, TariffSheet
from maillage.booking.selectors.tariff_entry import standing_tariffs
from maillage.booking.selectors.tariff_sheets import tariff_rules
from maillage.booking.services import tariff_entry
from maillage.booking.services.tariff_entry import change_tariff
from maillage.booking.services.tariffs import write_tariff
from maillage.booking.tests.factories import TOMORROW_10, make_booking, make_rooms
from maillage.booking.tests.test_planning import agent
from maillage.booking.tests.test_tariffs import PRINTED, SITE_23
from maillage.core.models import JournalEntry
from maillage.points.models import Room
from maillage.points.tests.factories import make_room

pytestmark = pytest.mark.usefixtures("monday")

PAGE = "/planning/lieux/point-de-callac/tarifs"
FRENCH = {"accept-language": "fr"}
TODAY = date(2026, 11, 23)
YEAR = date(2026, 1, 1)
SENT = {"kind": "grid", "valid_from": "2026-11-23", "rows": "1", "row0-group": "everyone", "row0-origin": "any"}
STUDY = {
    "site 23": SITE_23,
    "site 7": Tariff(
        (Price(Unit.TWO_HOURS, 3_000), Price(Unit.TWO_HOURS, 3_000, Group.COMPANY, Origin.TERRITORY, practice_cents=0))
    ),
    "site 14": Tariff(is_free=True),
    "site 19": Tariff((Price(Unit.USE, 0, Group.COMPANY),)),
    "site 25": Tariff(
        (*SITE_23.prices, Price(Unit.USE, PRINTED["T26"], Group.TWINNING), Price(Unit.USE, 0, Group.PARTNER)),
        first_uses_free=2,
        evening_opening_cents=2_550,
    ),
    "site 34": Tariff((Price(Unit.USE, 1_550),)),
    "site 8": Tariff(),
}


@pytest.fixture
def room(client: Client, db: None) -> Room:
    """A room of Callac, whose facilitator is signed in."""
    callac, _rennes = make_rooms()
    agent(client, callac)
    return callac


def entry(**fields: str) -> TariffEntry:
    data = QueryDict(mutable=True)
    data.update({**SENT, **fields})
    return TariffEntry(data, before=None, today=TODAY, seen="")


def shown_fields(typed: TariffEntry) -> dict[str, str]:
    """Return what a browser would send of a screen left as it is."""
    fields = {bound.html_name: bound.value() for bound in typed.form}
    for row in typed.rows:
        fields |= {bound.html_name: bound.value() for bound in row}
    sent = {name: "" if value is None else str(value) for name, value in fields.items()}
    return {**sent, "rows": str(len(typed.rows))}


def read(client: Client, address: str = PAGE) -> str:
    return " ".join(unescape(client.get(address, headers=FRENCH).content.decode()).split())


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12", 1_200),
        ("12,50", 1_250),
        ("12.5", 1_250),
        (" 1 200 € ", 120_000),
        ("0", 0),
        ("30 euros", 3_000),
        ("", None),
    ],
)
def test_euros_are_read_as_people_type_them(typed: str, cents: int | None) -> None:
    form = entry(**{"row0-hour": typed, "row0-day": "2000"})
    assert form.is_valid()
    assert {p.unit: p.cents for p in form.tariff().prices}.get(Unit.HOUR) == cents


@pytest.mark.parametrize(
    ("fields", "where", "code"),
    [
        ({"row0-hour": "-5"}, "hour", "tariff-negative"),
        ({"row0-hour": "2000,01"}, "hour", "tariff-absurd"),
        ({"row0-hour": "douze"}, "hour", "amount-unreadable"),
        ({"row0-hour": "12,505"}, "hour", "amount-unreadable"),
        ({"row0-hour": "20", "row0-day": "10"}, "day", "tariff-incoherent"),
        ({"row0-hour": "20", "row0-group": "martians"}, "group", "invalid_choice"),
        ({"valid_from": "2026-11-22", "row0-hour": "20"}, "valid_from", "day-over"),
        ({"valid_from": "2206-11-23", "row0-hour": "20"}, "valid_from", "day-too-far"),
        ({"evening": "-1", "row0-hour": "20"}, "evening", "tariff-negative"),
        ({"first_uses_free": "1000", "row0-hour": "20"}, "first_uses_free", "max_value"),
        ({}, "kind", "no-price"),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_was_typed(fields: dict[str, str], where: str, code: str) -> None:
    form = entry(**fields)
    assert not form.is_valid()
    errors = form.form.errors.as_data() | form.rows[0].errors.as_data()
    assert [error.code for error in errors[where]] == [code]


def test_two_prices_for_one_cell_are_refused_but_two_rows_may_share_people() -> None:
    other = {"rows": "2", "row1-group": "everyone", "row1-origin": "any", "row0-hour": "10"}
    assert entry(**other, **{"row1-day": "50"}).is_valid()
    twice = entry(**other, **{"row1-hour": "12"})
    assert not twice.is_valid()
    assert twice.rows[1].errors.as_data()["hour"][0].code == "tariff-ambiguous"


def test_the_grid_is_left_aside_when_nothing_is_asked_of_anybody() -> None:
    form = entry(kind="free", **{"row0-hour": "douze"})
    assert form.is_valid()
    assert (form.tariff(), form.has_unused_prices) == (Tariff(is_free=True), True)


def test_a_row_more_is_for_people_who_have_none_and_rows_end() -> None:
    data = QueryDict(mutable=True)
    data.update(SENT)
    grown = with_one_more_row(data)
    assert (grown["rows"], grown["row1-group"], grown["row0-group"]) == ("2", "company", "everyone")
    data["rows"] = "999"
    assert with_one_more_row(data)["rows"] == "999"
    assert len(entry(rows="999").rows) == MOST_ROWS


@pytest.mark.django_db
@pytest.mark.parametrize("name", STUDY)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_real_grid_entered_again_gives_the_same_quotes(name: str, language: str) -> None:
    room = make_rooms("Callac")[0]
    before = write_tariff(point=room.point, tariff=STUDY[name], valid_from=YEAR)
    before = TariffSheet.objects.get(pk=before.pk)
    data = QueryDict(mutable=True)
    with translation.override(language):
        data.update(shown_fields(TariffEntry(None, before=before, today=TODAY, seen="")))
    again = TariffEntry(data, before=before, today=TODAY, seen="")
    assert again.is_valid(), (again.form.errors, [row.errors for row in again.rows])
    zone = ZoneInfo("Europe/Paris")
    for group in Group:
        for origin in Origin:
            for length in (1, 8, 17, 48):
                for uses in (0, 5):
                    stay = Stay(room.pk, TOMORROW_10, length, zone, group, origin, past_uses=uses)
                    assert quote_stay(again.tariff(), stay) == quote_stay(STUDY[name], stay)


def test_only_those_who_look_after_the_point_or_the_room_open_it(client: Client, room: Room) -> None:
    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}?salle={room.pk}").status_code == 200
    other = Room.objects.exclude(pk=room.pk).get()
    assert client.get(f"{PAGE}?salle={other.pk}").status_code == 404
    assert client.post("/planning/lieux/point-de-rennes/tarifs", {**SENT, "row0-hour": "12"}).status_code == 404
    client.logout()
    assert client.post(PAGE, {**SENT, "row0-hour": "12", "step": "save"}).status_code == 302
    assert not TariffSheet.objects.exists()


def test_prices_are_read_as_visitors_will_then_saved_from_the_day(client: Client, room: Room) -> None:
    write_tariff(point=room.point, tariff=SITE_23, valid_from=YEAR)
    booking = make_booking([room, Room.objects.exclude(pk=room.pk).get()])
    frozen = BookingPrice.objects.get(booking=booking).total_cents
    assert frozen == 3_000
    page = read(client)
    assert 'value="105"' in page
    seen = standing_tariffs(room.point, None, today=TODAY).token
    sent = {**SENT, "seen": seen, "valid_from": "2026-12-01", "row0-hour": "12,50", "note": "12,50 € l'heure"}
    preview = client.post(PAGE, {**sent, "step": "see"}, headers=FRENCH)
    words = " ".join(unescape(preview.content.decode()).split())
    assert preview.status_code == 200
    assert "<strong>12,50 €</strong>" in words
    assert "<strong>25 €</strong>" in words
    assert TariffSheet.objects.count() == 1

    for _press in range(2):
        answer = client.post(PAGE, {**sent, "step": "save"})
        assert answer.headers["Location"] == f"{PAGE}?enregistre=1"
    former, new = TariffSheet.objects.order_by("valid_from")
    assert (former.valid_until, new.valid_from, new.valid_until) == (date(2026, 11, 30), date(2026, 12, 1), None)
    assert (new.note, tariff_rules(new)) == ("12,50 € l'heure", Tariff((Price(Unit.HOUR, 1_250),)))
    assert JournalEntry.objects.filter(verb="tariff.written").count() == 2
    assert BookingPrice.objects.get(booking=booking).total_cents == frozen
    assert "mardi 1er décembre 2026" in read(client)


def test_what_was_typed_is_kept_when_refused_corrected_or_given_a_row_more(client: Client, room: Room) -> None:
    sent = {**SENT, "row0-hour": "12,5O", "note": "Douze"}
    for step, status in (("see", 422), ("save", 422), ("edit", 200), ("add", 200)):
        answer = client.post(PAGE, {**sent, "step": step}, headers=FRENCH)
        page = answer.content.decode()
        assert answer.status_code == status
        assert 'value="12,5O"' in page
        assert 'value="Douze"' in page
        assert ('name="row1-hour"' in page) == (step == "add")
    assert not TariffSheet.objects.exists()


def test_prices_changed_by_somebody_else_are_told_then_replaced(client: Client, room: Room) -> None:
    write_tariff(point=room.point, tariff=SITE_23, valid_from=YEAR)
    seen = standing_tariffs(room.point, None, today=TODAY).token
    write_tariff(point=room.point, tariff=Tariff(is_free=True), valid_from=TODAY)
    sent = {**SENT, "seen": seen, "row0-hour": "12", "step": "save"}
    answer = client.post(PAGE, sent)
    fresh = standing_tariffs(room.point, None, today=TODAY).token
    assert answer.status_code == 409
    assert f'name="seen" value="{fresh}"' in answer.content.decode()
    assert client.post(PAGE, {**sent, "seen": fresh}).status_code == 303
    assert standing_tariffs(room.point, None, today=TODAY).shown.is_free is False  # type: ignore[union-attr]


def test_a_room_starts_from_the_prices_of_its_point_and_then_has_its_own(client: Client, room: Room) -> None:
    other = make_room(room.point, "Amphithéâtre")
    write_tariff(point=room.point, tariff=SITE_23, valid_from=YEAR)
    address = f"{PAGE}?salle={other.pk}"
    assert 'value="105"' in read(client, address)
    assert client.post(address, {**SENT, "row0-use": "90", "step": "save"}).status_code == 303
    assert standing_tariffs(room.point, other, today=TODAY).shown.room == other  # type: ignore[union-attr]
    whole = standing_tariffs(room.point, None, today=TODAY)
    assert [sheet.valid_until for sheet in whole.own] == [None]


def test_a_room_gives_up_its_own_prices_and_follows_its_point_again(client: Client, room: Room) -> None:
    other = make_room(room.point, "Amphithéâtre")
    write_tariff(point=room.point, tariff=SITE_23, valid_from=YEAR)
    address = f"{PAGE}?salle={other.pk}"
    assert "Suivre à nouveau" not in read(client, address)
    for day in (YEAR, TODAY, date(2027, 1, 1)):
        write_tariff(point=room.point, room=other, tariff=Tariff(is_free=True), valid_from=day)
    assert "Suivre à nouveau" in read(client, address)
    seen = standing_tariffs(room.point, other, today=TODAY).token
    assert client.post(address, {"step": "follow", "seen": "1-2"}).status_code == 409
    assert client.post(PAGE, {"step": "follow", "seen": seen}).status_code == 404, "a point has nobody to follow"
    assert client.post(address, {"step": "follow", "seen": seen}).status_code == 303
    standing = standing_tariffs(room.point, other, today=TODAY)
    assert standing.is_borrowed
    assert list(TariffSheet.objects.filter(room=other).values_list("valid_from", "valid_until")) == [
        (YEAR, TODAY - timedelta(days=1))
    ]
    assert client.post(address, {"step": "follow", "seen": ""}).status_code == 303, "pressed twice, nothing more"


def test_what_is_asked_in_fact_and_the_source_stay_with_the_prices_they_belong_to(client: Client, room: Room) -> None:
    practised = Tariff((Price(Unit.HOUR, 3_000, practice_cents=1_000), Price(Unit.DAY, 9_000, practice_cents=9_000)))
    write_tariff(point=room.point, tariff=practised, valid_from=YEAR, source="Délibération")

    def save(**fields: str) -> TariffSheet:
        seen = standing_tariffs(room.point, None, today=TODAY).token
        assert client.post(PAGE, {**SENT, "seen": seen, "step": "save", **fields}).status_code == 303
        return TariffSheet.objects.latest("pk")

    assert save(**{"row0-hour": "30", "row0-day": "90", "first_uses_free": "1"}).source == "Délibération"
    changed = save(**{"row0-hour": "40", "row0-day": "80"})
    assert {p.unit: p.practice_cents for p in changed.prices.all()} == {"hour": 1_000, "day": None}
    assert changed.source == ""


def test_the_constraint_on_the_day_says_that_somebody_was_faster(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def clash(**_fields: object) -> TariffSheet:
        raise IntegrityError

    monkeypatch.setattr(tariff_entry, "write_tariff", clash)
    with pytest.raises(TariffChanged):
        change_tariff(
            point=room.point,
            room=None,
            tariff=Tariff(is_free=True),
            valid_from=TODAY,
            note="",
            seen="",
            today=TODAY,
            agent_id=1,
        )


def test_a_sheet_written_between_two_others_ends_the_first_the_day_before(room: Room) -> None:
    for day in (YEAR, date(2027, 1, 1), TODAY):
        write_tariff(point=room.point, tariff=SITE_23, valid_from=day)
    ends = TariffSheet.objects.order_by("valid_from").values_list("valid_until", flat=True)
    assert list(ends) == [date(2026, 11, 22), date(2026, 12, 31), None]
