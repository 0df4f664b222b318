"""Every pair of colours can be read: ours, in both schemes, and those of any network."""

import tomllib
from pathlib import Path

import pytest

from maillage.core.contrast import PAIRS, ratio, read_colours, too_faint
from maillage.core.theme import Network, Scheme, house_colours, network_of, theme_faults, theme_sheet

SHEETS = Path(__file__).resolve().parent.parent / "frontend"
THEMES = sorted((Path(__file__).resolve().parents[3] / "demo").glob("*.toml"))


def test_the_ratio_agrees_with_the_values_published_by_the_w3c() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert ratio("#123456", "#123456") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_our_own_colours_can_be_read(scheme: Scheme) -> None:
    colours = house_colours(scheme)
    assert {name for front, ground, _ in PAIRS for name in (front, ground)} <= colours.keys()
    assert too_faint(colours) == []


def test_dark_is_the_same_whether_the_device_or_the_page_asks_for_it() -> None:
    sheet = (SHEETS / "_tokens_dark.css").read_text()
    by_device = read_colours(sheet, ':root:not([data-theme="light"])')
    assert by_device == house_colours("dark")
    assert read_colours(sheet, '[data-theme="light"]:not(:root)') == house_colours("light")
    assert house_colours("dark").keys() == house_colours("light").keys()


@pytest.mark.parametrize("theme", THEMES, ids=lambda path: path.stem)
def test_the_themes_we_give_can_be_read(theme: Path) -> None:
    assert theme_faults(network_of(tomllib.loads(theme.read_text()))) == []


def test_a_theme_that_cannot_be_read_is_refused_and_not_served() -> None:
    pale = network_of({"colours": {"sea": "#9ad0dd"}})
    assert theme_faults(pale) == [fault for fault in theme_faults(pale) if fault.startswith("light: sea #9ad0dd on ")]
    assert len(theme_faults(pale)) == 4
    assert theme_sheet(pale) == ""


def test_a_theme_may_only_change_known_colours_written_in_full() -> None:
    theme = network_of({"colours": {"sea": "navy", "brand": "#112233"}, "colours_dark": {"sea": "#fff"}})
    assert theme_faults(theme) == [
        "light: there is no colour named brand",
        "light: sea should be written #rrggbb, not navy",
        "dark: sea should be written #rrggbb, not #fff",
    ]


def test_a_theme_changes_each_scheme_for_itself() -> None:
    sheet = theme_sheet(network_of({"colours": {"colour_sea": "#004d40"}, "colours_dark": {"sea": "#9be7d8"}}))
    assert sheet.count("--colour-sea:#004d40;") == 2
    assert sheet.count("--colour-sea:#9be7d8;") == 2
    assert "@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--colour-sea:#9be7d8;}}" in sheet


def test_a_network_without_configuration_is_ours() -> None:
    assert network_of({}) == Network()
