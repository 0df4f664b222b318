"""A quarter of an hour more, while people are still talking: if every room is free and open."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from maillage.booking.errors import SlotTaken, UnknownBooking
from maillage.booking.errors.rooms import NoExtension
from maillage.booking.events import BookingExtended
from maillage.booking.models import Booking, Span
from maillage.booking.rights import can_extend
from maillage.booking.selectors.rooms import check_hours, offers_of
from maillage.booking.services.endings import ATTEMPTS, locked_booking, release_expired_holds
from maillage.booking.services.occupancies import Quarter, fill
from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.core.quarters import quarter_of


def extend_booking(*, booking_id: UUID, now: datetime, through: Door = "link", agent_id: int | None = None) -> Booking:
    """Make a meeting under way a quarter longer, its price unchanged; refused, it keeps its end.

    Its people are not written to: they are in the room. Raises UnknownBooking, NoExtension, RoomClosed, SlotTaken.
    """
    for _attempt in range(ATTEMPTS):
        seen = Booking.objects.filter(pk=booking_id).first()
        if seen is None:
            raise UnknownBooking
        if not can_extend(seen, now=now):
            raise NoExtension
        offers = offers_of(seen)
        # notice was kept when it was booked: hours and closures alone are looked at
        check_hours(offers, seen.end_quarter, 1)
        try:
            if booking := _extend(seen, {offer.room_id for offer in offers}, now, through, agent_id):
                return booking
        except SlotTaken as clash:
            if not release_expired_holds(now):
                names = ", ".join(sorted(offer.point_name for offer in offers))
                raise SlotTaken(rooms=names) from clash
    raise NoExtension


@transaction.atomic
def _extend(seen: Booking, rooms: set[int], now: datetime, through: Door, agent_id: int | None) -> Booking | None:
    """Return the longer meeting; None if its end or its rooms are no longer those that were looked at."""
    booking = locked_booking(seen.pk)
    if not can_extend(booking, now=now):
        raise NoExtension
    spans = list(Span.objects.filter(booking=booking))
    if booking.end_quarter != seen.end_quarter or {span.room_id for span in spans} != rooms:
        return None
    fill(Quarter(span.room_id, span.end_quarter, span.pk) for span in spans)
    Span.objects.filter(booking=booking).update(end_quarter=F("end_quarter") + 1)
    booking.length += 1
    booking.extra_quarters += 1
    booking.save(update_fields=["length", "extra_quarters"])
    record("booking.extended", f"booking:{booking.reference}", through=through, agent_id=agent_id, at=quarter_of(now))
    publish(BookingExtended(booking_id=booking.pk))
    return booking
