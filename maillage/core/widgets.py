"""Form widgets that Django has only in a slow kind."""

from collections.abc import Mapping
from html import escape
from typing import Any

from django.forms import Select
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe


class LongSelect(Select):
    """A list of many choices, without groups: written at once, where Django renders two templates for each of them."""

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Return the same HTML as Django's list, but for the blanks between the choices."""
        chosen = {str(one) for one in self.format_value(value) or ()}
        marks = flatatt({"name": name, **self.build_attrs(self.attrs, dict(attrs or {}))})
        options = "".join([self._option(str(key), str(words), chosen) for key, words in self.choices])
        return mark_safe(f"<select{marks}>{options}</select>")  # noqa: S308  (each text is escaped above)

    @staticmethod
    def _option(key: str, words: str, chosen: set[str]) -> str:
        mark = " selected" if key in chosen else ""
        return f'<option value="{escape(key)}"{mark}>{escape(words)}</option>'
