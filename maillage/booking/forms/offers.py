"""What the button of a proposal carries: the hour, the rooms, and the key that makes a double click harmless.

It is signed, so that a page left open and sent again means exactly what was shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext_noop

from maillage.booking.domain.terms import Pass
from maillage.core.errors import Invalid

SALT = "booking:offer"
VALID_SECONDS = 86_400


class OfferUnreadable(Invalid):
    """The button was changed, cut, or shown more than a day ago."""

    code = "offer-unreadable"
    message = gettext_noop("This proposal is no longer valid.")
    next_step = gettext_noop("Search again: the free hours are up to date there.")


@dataclass(frozen=True, slots=True)
class Seated:
    """One party of an offer: how many, from where, and the room shown to them; else who they are and their number."""

    head_count: int
    insee: str
    kind: str
    room_id: int | None
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One card of the list, ready to be held."""

    request_key: str
    first_quarter: int
    length: int
    time_zone: str
    parties: tuple[Seated, ...]
    needs: tuple[str, ...] = ()
    wants_help: bool = False
    passes: frozenset[Pass] = frozenset()


def sign_offer(offer: Offer) -> str:
    """Return `offer` as the value of a hidden field."""
    parties = [_written(seat) for seat in offer.parties]
    body: dict[str, Any] = {
        "k": offer.request_key,
        "q": offer.first_quarter,
        "l": offer.length,
        "z": offer.time_zone,
        "p": parties,
        "n": list(offer.needs),
    }
    if offer.wants_help:
        body["h"] = 1
    if offer.passes:
        body["a"] = sorted((held.point_id, held.group) for held in offer.passes)
    return signing.dumps(body, salt=SALT, compress=True)


def read_offer(token: str) -> Offer:
    """Return what `sign_offer` wrote. Raises OfferUnreadable if we did not write it, or too long ago."""
    try:
        body: Mapping[str, Any] = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature as unreadable:
        raise OfferUnreadable from unreadable
    return Offer(
        request_key=body["k"],
        first_quarter=body["q"],
        length=body["l"],
        time_zone=body["z"],
        parties=tuple(Seated(*seat) for seat in body["p"]),
        needs=tuple(body["n"]),
        wants_help="h" in body,
        passes=frozenset(Pass(point_id, group) for point_id, group in body.get("a", ())),
    )


def _written(seat: Seated) -> list[Any]:
    """Return a party in as few letters as can be: a page holds five cards of up to six parties."""
    always: list[Any] = [seat.head_count, seat.insee, seat.kind, seat.room_id]
    return [*always, seat.name, seat.address] if seat.name or seat.address else always
