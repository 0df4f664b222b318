"""A quarter of an hour more, while people are still talking: if every room is free and open."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillage.booking.errors import SlotTaken
from maillage.booking.errors.rooms import NoExtension
from maillage.booking.events import BookingExtended
from maillage.booking.models import Booking, Span
from maillage.booking.rights import can_extend
from maillage.booking.selectors.rooms import check_hours, offers_of
from maillage.booking.services.endings import locked_booking, release_expired_holds
from maillage.booking.services.occupancies import Quarter, fill
from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.core.quarters import quarter_of


def extend_booking(*, booking_id: UUID, now: datetime, through: Door = "link", agent_id: int | None = None) -> Booking:
    """Make a meeting under way a quarter longer, its price unchanged; refused, it keeps its end.

    Its people are not written to: they are in the room. Raises UnknownBooking, NoExtension, RoomClosed, SlotTaken.
    """
    try:
        return _extend(booking_id, now, through, agent_id)
    except SlotTaken:
        if not release_expired_holds(now):
            raise
    return _extend(booking_id, now, through, agent_id)


@transaction.atomic
def _extend(booking_id: UUID, now: datetime, through: Door, agent_id: int | None) -> Booking:
    booking = locked_booking(booking_id)
    if not can_extend(booking, now=now):
        raise NoExtension
    offers = offers_of(booking)
    # notice was kept when it was booked: hours and closures alone are looked at
    check_hours(offers, booking.end_quarter, 1)
    spans = list(Span.objects.filter(booking=booking).select_related("room__point"))
    names = ", ".join(sorted(offer.point_name for offer in offers))
    try:
        fill(Quarter(span.room_id, span.end_quarter, span.pk) for span in spans)
    except SlotTaken as clash:
        raise SlotTaken(rooms=names) from clash
    for span in spans:
        span.end_quarter += 1
    Span.objects.bulk_update(spans, ["end_quarter"])
    booking.length += 1
    booking.extra_quarters += 1
    booking.save(update_fields=["length", "extra_quarters"])
    record("booking.extended", f"booking:{booking.reference}", through=through, agent_id=agent_id, at=quarter_of(now))
    publish(BookingExtended(booking_id=booking.pk))
    return booking
