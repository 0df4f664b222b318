"""`{% icon "video" %}` and `{% drawing "boat" %}`: inlined SVG, hidden from screen readers.

A pictogram never stands alone: words are beside it, visible or `.visually-hidden`. A drawing says nothing that the
words around it do not say.
"""

import re
from functools import cache
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
CORE = Path(__file__).resolve().parent.parent


def _icon(name: str) -> SafeString:
    kept = CORE / "icons" / f"{name}.svg"
    if not kept.exists():
        raise template.TemplateSyntaxError(f"No pictogram {name!r}: run python tooling/icons.py {name}")
    return mark_safe(kept.read_text().strip())  # noqa: S308  (our own file)


@cache
def _drawing(name: str) -> tuple[str, SafeString]:
    kept = CORE / "drawings" / f"{name}.svg"
    found = re.fullmatch(r'<svg viewBox="([\d ]+)">(.*)</svg>\s*', kept.read_text(), re.DOTALL)
    if found is None:
        raise template.TemplateSyntaxError(f"{kept} should be one svg element with a viewBox alone")
    return found.group(1), mark_safe(found.group(2).replace("\n", ""))  # noqa: S308  (our own file)


@register.simple_tag
@cache
def icon(name: str, extra_class: str = "") -> SafeString:
    """Return the pictogram `name` as an svg element of class `icon`. Raises TemplateSyntaxError if there is none."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f"icon {extra_class}".strip(),
        _icon(name),
    )


@register.simple_tag
def drawing(name: str, extra_class: str = "") -> SafeString:
    """Return the line drawing `name` of core/drawings as an svg element of class `drawing`."""
    box, lines = _drawing(name)
    return format_html(
        '<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>',
        f"drawing {extra_class}".strip(),
        box,
        lines,
    )
