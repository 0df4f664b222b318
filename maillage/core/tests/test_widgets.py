"""The list of many choices says what Django's says."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms

from maillage.core.widgets import LongSelect

CHOICES = [("1", "Callac & <environs>"), ("2", 'l\'« Étage » "2"'), (3, "Rennes")]


class Seen(HTMLParser):
    """Every tag with its attributes, whatever their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[Any] = []
        self.feed(re.sub(r"\n\s*", "", html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.tags.append(data)


def drawn(widget: type[forms.Select], value: str | None, *, required: bool) -> Any:
    class Form(forms.Form):
        place = forms.ChoiceField(choices=CHOICES, required=required, widget=widget({"class": "wide"}))

    form = Form(None if value is None else {"place": value}, initial={"place": 3})
    return Seen(str(form["place"])).tags


@pytest.mark.parametrize("value", [None, "", "1", "3", "nowhere"])
@pytest.mark.parametrize("required", [True, False])
def test_a_long_list_is_the_same_as_django_s(value: str | None, required: bool) -> None:
    assert drawn(LongSelect, value, required=required) == drawn(forms.Select, value, required=required)
