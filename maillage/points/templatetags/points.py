"""What the templates of points need: the outlines of the network's regions, words for sizes and dates."""

from datetime import date
from pathlib import Path

from django import template
from django.templatetags.static import static

from maillage.core.theme import current_network
from maillage.points.words import room_comfort, since_words

register = template.Library()
_OUTLINES = Path(__file__).resolve().parent.parent / "static" / "points" / "outlines"


@register.simple_tag
def outline_files() -> str:
    """Return the addresses of the outlines of the network's regions, apart by spaces; "" if there are none."""
    codes = [code for code in current_network().region_codes if (_OUTLINES / f"{code}.json").exists()]
    return " ".join(static(f"points/outlines/{code}.json") for code in codes)


@register.filter
def comfort(capacity: int) -> str:
    """Return for how many people a room is comfortable."""
    return room_comfort(capacity)


@register.filter
def since(day: date, precision: str) -> str:
    """Return a date as well as it is known."""
    return since_words(day, precision)
