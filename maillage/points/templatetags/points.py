"""What the templates of points need: the outlines of the network's regions, words for sizes and dates."""

from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from django import template
from django.templatetags.static import static
from django.urls import reverse

from maillage.actors.models import Organisation
from maillage.core.theme import current_network
from maillage.points.models import Point
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


@register.simple_tag
def meet_at(point: Point) -> str:
    """Return the address of a search with people in the rooms of a point, where one's own place is still to be told."""
    return _search_with(place_2=f"{point.name}, {point.commune.name}")


@register.simple_tag
def meet_elsewhere(who: Organisation | str, kind: str, address: str = "") -> str:
    """Return the address of a search with an organisation, or somebody of that name, who joins from elsewhere."""
    return _search_with(place_2=str(who)[:120], kind_2=kind, people_2=1, **({"address_2": address} if address else {}))


@register.filter
def call_icon(kind: str) -> str:
    """Return the pictogram of a way to call."""
    return {"sip": "monitor", "phone": "phone"}.get(kind, "laptop")


def _search_with(**asked: str | int) -> str:
    return f"{reverse('booking:slot_search')}?{urlencode({'place_1': '', **asked, 'remove': 0})}"
