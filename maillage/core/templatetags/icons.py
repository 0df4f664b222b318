"""`{% icon "video" %}`: one of the pictograms of core/icons, inlined, hidden from screen readers.

A pictogram never stands alone: words are beside it, visible or `.visually-hidden`.
"""

from functools import cache
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
DRAWINGS = Path(__file__).resolve().parent.parent / "icons"


@cache
def _drawing(name: str) -> SafeString:
    kept = DRAWINGS / f"{name}.svg"
    if not kept.exists():
        raise template.TemplateSyntaxError(f"No pictogram {name!r}: run python tooling/icons.py {name}")
    return mark_safe(kept.read_text().strip())  # noqa: S308  (our own file)


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """Return the pictogram `name` as an svg element of class `icon`. Raises TemplateSyntaxError if there is none."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f"icon {extra_class}".strip(),
        _drawing(name),
    )
