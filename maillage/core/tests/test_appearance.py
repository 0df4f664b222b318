"""Pictograms, drawings, fields and the component sheet: what templates ask for exists."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from maillage.core import views
from maillage.core.specimens import specimen_form

PACKAGE = Path(__file__).resolve().parents[2]
CORE = PACKAGE / "core"
FONTS = CORE / "static" / "fonts"


def test_every_pictogram_and_drawing_named_in_a_template_exists() -> None:
    wanted = {
        (kind, name)
        for page in PACKAGE.rglob("templates/**/*.html")
        for kind, name in re.findall(r'{% (icon|drawing) "([a-z0-9-]+)"', page.read_text())
    }
    folder = {"icon": CORE / "icons", "drawing": CORE / "drawings"}
    assert wanted
    assert [name for kind, name in sorted(wanted) if not (folder[kind] / f"{name}.svg").exists()] == []


def test_a_pictogram_is_hidden_from_screen_readers() -> None:
    drawn = Template('{% load icons %}{% icon "video" "icon--large" %}').render(Context())
    assert drawn.startswith('<svg class="icon icon--large" viewBox="0 0 24 24" aria-hidden="true"')


def test_an_unknown_pictogram_names_the_command_that_adds_it() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"python tooling/icons\.py unicorn"):
        Template('{% load icons %}{% icon "unicorn" %}').render(Context())


def test_a_refused_field_is_tied_to_its_error_and_its_hint() -> None:
    form = specimen_form("light", refused=True)
    shown = Template('{% include "core/_field.html" with field=form.email %}').render(Context({"form": form}))
    described = re.search(r'aria-describedby="([^"]+)"', shown)
    assert described
    assert len(described.group(1).split()) == 2
    assert all(f'id="{name}"' in shown for name in described.group(1).split())
    assert 'aria-invalid="true"' in shown
    assert 'value="maire@"' in shown


def test_the_component_sheet_shows_both_schemes_and_no_id_twice(rf: RequestFactory) -> None:
    page = views.components(rf.get("/composants")).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert 'data-theme="light"' in page
    assert 'data-theme="dark"' in page


def test_the_letters_are_light_and_carry_their_licence() -> None:
    sizes = [face.stat().st_size for face in FONTS.glob("*.woff2")]
    assert len(sizes) == 2
    assert sum(sizes) < 22_000
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text()
