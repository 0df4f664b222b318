"""Where the backdrop of each room of a meeting is found."""

from collections.abc import Iterable

from django.templatetags.static import static
from django.urls import reverse

from maillage.booking.models import Party
from maillage.conference.models import Backdrop, BackdropKind
from maillage.core.theme import current_network


def network_backdrop() -> str:
    """Return the address of the network's picture on this site, empty if it has none."""
    named = current_network().backdrop
    return named if not named or named.startswith("/") else static(named)


def backdrop_address(backdrop: Backdrop | None) -> str:
    """Return the address of the picture that a room's choice stands for, empty for none."""
    if backdrop is None or backdrop.kind == BackdropKind.NETWORK:
        return network_backdrop()
    return reverse("conference:backdrop", args=[backdrop.digest]) if backdrop.kind == BackdropKind.OWN else ""


def backdrops_of(parties: Iterable[Party]) -> dict[int, str]:
    """Return the addresses by party, of those in rooms that have one. One query, without the pictures."""
    rooms = {party.pk: party.room_id for party in parties if party.room_id}
    chosen = {row.room_id: row for row in Backdrop.objects.filter(room__in=rooms.values()).defer("picture")}
    found = {party: backdrop_address(chosen.get(room)) for party, room in rooms.items()}
    return {party: address for party, address in found.items() if address}


def picture_of(digest: str) -> bytes | None:
    """Return the picture of this digest, None if no room shows it any longer. One query."""
    shown = Backdrop.objects.filter(digest=digest, kind=BackdropKind.OWN).values_list("picture", flat=True).first()
    return None if shown is None else bytes(shown)
