"""Find a booking: by the reference people read out, or by the links its parties received."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from maillage.booking.domain.references import read_reference
from maillage.booking.errors import UnknownBooking
from maillage.booking.models import Booking, Party
from maillage.core.links import read_link, sign_link
from maillage.core.quarters import moment_of
from maillage.points.domain.catalogue import Catalogue
from maillage.points.models import Room
from maillage.points.selectors import catalogue

LINK_LIVES = timedelta(days=180)
"""After the end of the meeting. What a link still allows is decided from the booking's own times."""


def booking_by_reference(reference: str) -> Booking:
    """Return the booking of a reference as people type it. Raises UnknownBooking. One query."""
    booking = Booking.objects.filter(reference=read_reference(reference[:40])).first()
    if booking is None:
        raise UnknownBooking(reference=reference[:40])
    return booking


def booking_by_link(token: str, now: datetime) -> Booking:
    """Return the booking that its organiser's link opens, its parties and rooms loaded. Two queries.

    Raises LinkForged, LinkExpired, UnknownBooking.
    """
    subject = read_link("organiser", token, now)
    rooms = "parties__room__point__commune"
    booking = Booking.objects.filter(pk=UUID(subject)).prefetch_related(rooms).first()
    if booking is None:
        raise UnknownBooking
    return booking


def party_by_link(token: str, now: datetime) -> Party:
    """Return the party that a door's link opens, its booking and room loaded. One query.

    Raises LinkForged, LinkExpired, UnknownBooking.
    """
    subject = read_link("party", token, now)
    party = Party.objects.select_related("booking", "room__point__commune").filter(pk=int(subject)).first()
    if party is None:
        raise UnknownBooking
    return party


def organiser_token(booking: Booking) -> str:
    """Return the token by which the organiser sees, moves and cancels the booking."""
    return sign_link("organiser", str(booking.pk), _until(booking))


def party_token(party: Party) -> str:
    """Return the token that opens the meeting to one party. Its booking must be loaded."""
    return sign_link("party", str(party.pk), _until(party.booking))


def links_of(booking: Booking) -> list[tuple[Party, str]]:
    """Return each party and the whole address of its door, the organiser's first. One query unless they are loaded."""
    parties = sorted(booking.parties.all(), key=lambda party: party.position)
    for party in parties:
        party.booking = booking
    return [(party, _address("conference:door", party_token(party))) for party in parties]


def point_names(parties: Iterable[Party], rooms: Catalogue | None = None) -> dict[int, str]:
    """Return the name of the point of each room of `parties`.

    One query unless the caller has just read the catalogue, one more for rooms no longer offered.
    """
    wanted = {party.room_id for party in parties if party.room_id}
    rooms = rooms or catalogue()
    offered = {room_id: offer.point_name for room_id in wanted if (offer := rooms.find(room_id))}
    gone = wanted - set(offered)
    return offered | (dict(Room.objects.filter(pk__in=gone).values_list("pk", "point__name")) if gone else {})


def organiser_link(booking: Booking) -> str:
    """Return the whole address of the organiser's page."""
    return _address("booking:meeting", organiser_token(booking))


def _address(name: str, token: str) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=[token])}"


def _until(booking: Booking) -> datetime:
    return moment_of(booking.end_quarter) + LINK_LIVES
