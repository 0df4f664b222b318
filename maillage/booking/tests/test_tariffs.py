"""Prices: the real grids of the field study, and properties that hold for any grid."""

import csv
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.booking.domain.quotes import Quote, Reason, Stay, cheapest_cover, quote_stay
from maillage.booking.domain.tariffs import (
    COVERS,
    FreeWindow,
    Group,
    Origin,
    Package,
    Price,
    Tariff,
    Unit,
    check_package,
    check_tariff,
    group_of,
)
from maillage.booking.errors.tariffs import (
    PackageAbsurd,
    TariffAbsurd,
    TariffAmbiguous,
    TariffIncoherent,
    TariffNegative,
)
from maillage.core.quarters import quarter_at

PARIS = ZoneInfo("Europe/Paris")
NINE = quarter_at(datetime(2026, 11, 24, 9, tzinfo=PARIS))  # a Tuesday

PRINTED = {
    row["id"]: int(row["montant_max"] or 0) * 100
    for row in csv.DictReader((Path(__file__).parents[3] / "demo/tariffs.csv").read_text().splitlines())
}
SITE_23 = Tariff(
    prices=(
        Price(Unit.TWO_HOURS, PRINTED["T19"], origin=Origin.TERRITORY),
        Price(Unit.TWO_HOURS, PRINTED["T20"], origin=Origin.OUTSIDE),
        Price(Unit.DAY, PRINTED["T21"], origin=Origin.TERRITORY),
        Price(Unit.DAY, PRINTED["T22"], origin=Origin.OUTSIDE),
    )
)


def stay(hours: float, **changes: object) -> Stay:
    facts: dict[str, object] = {"room_id": 1, "first_quarter": NINE, "length": int(hours * 4), "zone": PARIS}
    return Stay(**{**facts, **changes})  # type: ignore[arg-type]


def reasons(quote: Quote) -> list[Reason]:
    return [line.reason for line in quote.lines]


@pytest.mark.parametrize(
    ("hours", "origin", "cents"),
    [
        (0.25, Origin.TERRITORY, 3_000),  # two hours is the least
        (2, Origin.TERRITORY, 3_000),
        (2, Origin.OUTSIDE, 4_500),
        (3, Origin.TERRITORY, 6_000),
        (4.25, Origin.TERRITORY, 7_000),  # three times two hours would be 90
        (8, Origin.TERRITORY, 7_000),
        (4.25, Origin.OUTSIDE, 10_500),
        (12, Origin.OUTSIDE, 10_500),
    ],
)
def test_the_grid_of_site_23_gives_its_printed_prices(hours: float, origin: Origin, cents: int) -> None:
    quote = quote_stay(SITE_23, stay(hours, origin=origin))
    assert (quote.total_cents, quote.written_cents, quote.is_complete) == (cents, cents, True)
    assert reasons(quote) == [Reason.GRID]


def test_a_private_room_at_200_euros_a_day_is_not_absurd() -> None:
    tariff = Tariff(prices=(Price(Unit.DAY, PRINTED["T23"]),))
    check_tariff(tariff)
    assert quote_stay(tariff, stay(1)).total_cents == 20_000


def test_partner_and_twinning_associations_are_free_and_others_pay() -> None:
    free = [Price(Unit.USE, PRINTED["T26"], group=group) for group in (Group.TWINNING, Group.PARTNER)]
    tariff = Tariff(prices=(*SITE_23.prices, *free))
    check_tariff(tariff)
    assert reasons(quote_stay(tariff, stay(2, group=Group.TWINNING))) == [Reason.FREE_GROUP]
    assert quote_stay(tariff, stay(2, group=Group.ASSOCIATION)).total_cents == 4_500


def test_a_written_price_that_nobody_asks_stands_beside_what_is_asked() -> None:
    practised = Price(Unit.TWO_HOURS, 3_000, Group.COMPANY, Origin.TERRITORY, practice_cents=0)  # T27
    tariff = Tariff(prices=(Price(Unit.TWO_HOURS, 3_000), practised))
    check_tariff(tariff)
    quote = quote_stay(tariff, stay(2, group=Group.COMPANY, origin=Origin.TERRITORY))
    assert (quote.written_cents, quote.total_cents, reasons(quote)) == (3_000, 0, [Reason.PRACTICE])
    assert quote_stay(tariff, stay(2, group=Group.COMPANY)).total_cents == 3_000


def test_a_free_host_asks_nothing_of_anybody() -> None:
    quote = quote_stay(Tariff(is_free=True), stay(8))  # T28, T31
    assert (quote.total_cents, quote.is_complete, reasons(quote)) == (0, True, [Reason.FREE_HOST])


def test_free_for_companies_alone_leaves_the_price_of_others_undefined() -> None:
    tariff = Tariff(prices=(Price(Unit.USE, 0, group=Group.COMPANY),))  # T29
    assert quote_stay(tariff, stay(2, group=Group.COMPANY)).is_complete
    assert reasons(quote_stay(tariff, stay(2, group=Group.INDIVIDUAL))) == [Reason.UNDEFINED]


def test_one_price_for_all_holds_whatever_the_length_and_the_origin() -> None:
    tariff = Tariff(prices=(Price(Unit.USE, 1_500),))  # T33: one price for all, its amount is not given
    prices = {quote_stay(tariff, stay(h, origin=o)).total_cents for h in (0.25, 2, 12) for o in Origin}
    assert prices == {1_500}


def test_without_a_tariff_the_price_is_said_to_be_undefined_rather_than_free() -> None:
    quote = quote_stay(Tariff(), stay(2))  # T34
    assert (quote.is_complete, reasons(quote)) == (False, [Reason.UNDEFINED])


def test_the_incubator_package_includes_an_hour_a_month_then_asks_its_overage() -> None:
    package = Package("pépinière", monthly_quarters=4, overage=(Price(Unit.HOUR, 1_000),))  # T24
    check_package(package)
    inside = quote_stay(SITE_23, stay(1, package=package, package_left=4))
    beyond = quote_stay(SITE_23, stay(2.5, package=package, package_left=4))
    spent = quote_stay(SITE_23, stay(1, package=package, package_left=0))
    assert (inside.total_cents, reasons(inside)) == (0, [Reason.PACKAGE])
    assert (beyond.total_cents, reasons(beyond)) == (2_000, [Reason.PACKAGE, Reason.OVERAGE])
    assert spent.total_cents == 1_000


def test_a_package_without_overage_prices_falls_back_to_the_grid() -> None:
    package = Package("pépinière", monthly_quarters=4)
    quote = quote_stay(SITE_23, stay(2, package=package, package_left=4, origin=Origin.TERRITORY))
    assert quote.total_cents == 3_000


def test_the_first_use_is_free_and_says_what_it_would_have_cost() -> None:
    tariff = Tariff(prices=SITE_23.prices, first_uses_free=1)
    first = quote_stay(tariff, stay(2))
    assert (first.total_cents, first.written_cents, reasons(first)) == (0, 4_500, [Reason.FIRST_USE])
    assert quote_stay(tariff, stay(2, past_uses=1)).total_cents == 4_500


def test_hours_in_a_free_window_are_taken_off() -> None:
    mornings = FreeWindow(frozenset(range(5)), time(8), time(10))
    tariff = Tariff(prices=(Price(Unit.HOUR, 1_000),), free_windows=(mornings,))
    quote = quote_stay(tariff, stay(3))
    assert (quote.total_cents, quote.written_cents) == (2_000, 3_000)
    assert reasons(quote) == [Reason.FREE_WINDOW, Reason.GRID]
    assert quote_stay(tariff, stay(1)).total_cents == 0


@pytest.mark.parametrize(
    ("weekday", "at", "free"),
    [(4, time(22), True), (5, time(1), True), (5, time(22), False), (4, time(1), False), (5, time(6), False)],
)
def test_a_free_window_may_run_over_midnight(weekday: int, at: time, free: bool) -> None:
    assert FreeWindow(frozenset({4}), time(20), time(6)).covers(weekday, at) is free


def test_a_free_window_until_midnight_ends_with_its_day() -> None:
    evening = FreeWindow(frozenset({4}), time(18), time(0))
    assert evening.covers(4, time(23, 45))
    assert not evening.covers(5, time(0))


def test_free_windows_follow_the_clocks_of_the_place() -> None:
    night = FreeWindow(frozenset(range(7)), time(0), time(6))
    tariff = Tariff(prices=(Price(Unit.HOUR, 1_000),), free_windows=(night,))
    six_utc = quarter_at(datetime(2026, 11, 24, 6, tzinfo=UTC))  # 3:00 in Saint-Pierre, 10:00 in Réunion
    asked = {
        zone: quote_stay(tariff, stay(1, first_quarter=six_utc, zone=ZoneInfo(zone))).total_cents
        for zone in ("America/Miquelon", "Indian/Reunion")
    }
    assert asked == {"America/Miquelon": 0, "Indian/Reunion": 1_000}


def test_several_rooms_add_up_and_one_undefined_price_makes_the_total_partial() -> None:
    whole = quote_stay(SITE_23, stay(2)) + quote_stay(Tariff(), stay(2))
    assert (whole.total_cents, whole.is_complete, len(whole.lines)) == (4_500, False, 2)


@pytest.mark.parametrize(
    ("prices", "refusal"),
    [
        ((Price(Unit.DAY, -1),), TariffNegative),
        ((Price(Unit.DAY, 100, practice_cents=-1),), TariffNegative),
        ((Price(Unit.DAY, 7_000_00),), TariffAbsurd),
        ((Price(Unit.DAY, 100, practice_cents=101),), TariffIncoherent),
        ((Price(Unit.TWO_HOURS, 3_000), Price(Unit.DAY, 2_000)), TariffIncoherent),
        ((Price(Unit.DAY, 3_000), Price(Unit.DAY, 2_000)), TariffAmbiguous),
    ],
)
def test_a_tariff_that_cannot_be_meant_is_refused(prices: tuple[Price, ...], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_tariff(Tariff(prices=prices))


@pytest.mark.parametrize("quarters", [-4, 40_000])
def test_a_package_of_impossible_hours_is_refused(quarters: int) -> None:
    with pytest.raises(PackageAbsurd):
        check_package(Package("p", quarters))


def test_every_category_of_user_has_a_group() -> None:
    assert group_of("craft") is Group.COMPANY
    assert group_of("") is Group.EVERYONE


def priced(draw: st.DrawFn, most: int) -> tuple[Price, ...]:
    units = draw(st.lists(st.sampled_from(sorted(COVERS, key=lambda u: COVERS[u])), min_size=1, unique=True))
    units.sort(key=lambda unit: COVERS[unit])
    written = sorted(draw(st.lists(st.integers(0, most), min_size=len(units), max_size=len(units))))
    asked = sorted(draw(st.lists(st.integers(0, most), min_size=len(units), max_size=len(units))))
    rows = zip(units, written, asked, strict=True)
    return tuple(Price(u, w, practice_cents=min(w, a) if a % 3 == 0 else None) for u, w, a in rows)


@st.composite
def stays_and_tariffs(draw: st.DrawFn) -> tuple[Tariff, Stay]:
    windows = draw(
        st.lists(
            st.builds(
                FreeWindow,
                st.frozensets(st.integers(0, 6)),
                st.times().map(lambda at: at.replace(minute=0, second=0, microsecond=0)),
                st.times().map(lambda at: at.replace(minute=0, second=0, microsecond=0)),
            ),
            max_size=3,
        )
    )
    overage = draw(st.just(()) | st.builds(lambda cents: (Price(Unit.HOUR, cents),), st.integers(0, 5_000)))
    package = draw(st.none() | st.just(Package("p", 8, overage)))
    tariff = Tariff(priced(draw, 20_000), free_windows=tuple(windows), first_uses_free=draw(st.integers(0, 2)))
    return tariff, stay(
        draw(st.integers(1, 48)) / 4,
        first_quarter=draw(st.integers(1_900_000, 2_400_000)),
        zone=ZoneInfo(draw(st.sampled_from(["Europe/Paris", "America/Miquelon", "Indian/Reunion"]))),
        past_uses=draw(st.integers(0, 3)),
        package=package,
        package_left=draw(st.integers(0, 8)),
    )


@given(stays_and_tariffs())
def test_a_price_is_never_negative_and_its_lines_cover_the_whole_stay(case: tuple[Tariff, Stay]) -> None:
    tariff, wanted = case
    quote = quote_stay(tariff, wanted)
    assert all(line.cents >= 0 for line in quote.lines)
    assert sum(line.quarters for line in quote.lines) == wanted.length


@given(stays_and_tariffs(), st.integers(1, 16))
def test_staying_longer_never_costs_less(case: tuple[Tariff, Stay], more: int) -> None:
    tariff, wanted = case
    if any(price.asked_cents > price.cents for price in tariff.prices):
        return
    longer = stay(
        (wanted.length + more) / 4,
        first_quarter=wanted.first_quarter,
        zone=wanted.zone,
        past_uses=wanted.past_uses,
        package=wanted.package,
        package_left=wanted.package_left,
    )
    shorter_quote, longer_quote = quote_stay(tariff, wanted), quote_stay(tariff, longer)
    assert longer_quote.total_cents >= shorter_quote.total_cents
    assert longer_quote.written_cents >= shorter_quote.written_cents


@given(stays_and_tariffs())
def test_without_a_package_what_is_asked_is_at_most_what_is_written(case: tuple[Tariff, Stay]) -> None:
    tariff, wanted = case
    quote = quote_stay(tariff, stay(wanted.length / 4, first_quarter=wanted.first_quarter, zone=wanted.zone))
    assert quote.total_cents <= quote.written_cents


@given(st.data())
def test_the_cheapest_cover_agrees_with_trying_all_counts(data: st.DataObject) -> None:
    prices = data.draw(
        st.lists(
            st.builds(Price, st.sampled_from([Unit.TWO_HOURS, Unit.HALF_DAY, Unit.DAY]), st.integers(0, 9_000)),
            min_size=1,
            max_size=3,
            unique_by=lambda price: price.unit,
        )
    )
    length = data.draw(st.integers(1, 60))
    best = {0: 0}
    frontier = {0}
    while frontier:  # every sum of units, until each covers the stay
        grown: dict[int, int] = {}
        for covered in frontier:
            for price in prices:
                reached = min(length, covered + COVERS[price.unit])
                cents = best[covered] + price.cents
                if cents < best.get(reached, cents + 1):
                    best[reached] = grown[reached] = cents
        frontier = {covered for covered in grown if covered < length}
    chosen = cheapest_cover(length, prices)
    assert sum(count * price.cents for price, count in chosen) == best[length]
    assert sum(count * COVERS[price.unit] for price, count in chosen) >= length
