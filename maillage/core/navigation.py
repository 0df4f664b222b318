"""The links of every page's header and footer, offered by the higher apps: core does not know them."""

from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

Place = Literal["header", "footer"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One link: what it says, the name of its page, and where it stands."""

    label: str | Promise
    url_name: str
    place: Place


_entries: list[Entry] = []


def offer(label: str | Promise, url_name: str, place: Place = "header") -> None:
    """Add a link to every page. Called by an app's `ready`; the same link twice counts once."""
    entry = Entry(label, url_name, place)
    if all((known.url_name, known.place) != (url_name, place) for known in _entries):
        _entries.append(entry)


def _links(request: HttpRequest, place: Place) -> list[dict[str, Any]]:
    links = []
    for entry in _entries:
        if entry.place != place:
            continue
        try:
            address = reverse(entry.url_name)
        except NoReverseMatch:  # a page that this installation does not serve
            continue
        links.append({"label": entry.label, "address": address, "is_here": request.path == address})
    return links


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give templates the links of the header and of the footer."""
    return {"header_links": _links(request, "header"), "footer_links": _links(request, "footer")}
