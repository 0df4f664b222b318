"""Our bookings in other calendars: written when they are confirmed or change, removed when they are cancelled
or take place in another room.

The booking is the truth: an entry that somebody changed or removed over there is written again.
"""

from contextlib import suppress
from datetime import datetime

from maillage.booking.errors.calendars import CalendarEntryChanged, CalendarMissing
from maillage.booking.gateways.caldav import CalDavCalendar
from maillage.booking.models import Booking, BookingStatus, CalendarCopy, CalendarFeed
from maillage.booking.selectors.calendars import booking_entry
from maillage.core.quarters import quarter_of


def write_copies(feed: CalendarFeed, calendar: CalDavCalendar, *, now: datetime) -> int:
    """Bring our entries in `calendar` up to date with the room's bookings to come; return how many were touched.

    Each is noted as soon as it is written: cut short, the next run goes on. Raises what the calendar refuses.
    """
    coming = Booking.objects.filter(
        parties__room=feed.room_id, status=BookingStatus.CONFIRMED, first_quarter__gte=quarter_of(now)
    ).prefetch_related("parties__room__point__commune")
    wanted = {booking.pk: booking for booking in coming.distinct()}
    copies = {copy.booking_id: copy for copy in CalendarCopy.objects.filter(feed=feed).select_related("booking")}
    here = set(Booking.objects.filter(pk__in=copies, parties__room=feed.room_id).values_list("pk", flat=True))
    touched = 0
    for pk, booking in wanted.items():
        copy = copies.get(pk)
        if copy is None or copy.sequence != booking.sequence:
            _write(feed, calendar, booking, copy)
            touched += 1
    for pk, copy in copies.items():
        is_off = copy.booking.status == BookingStatus.CANCELLED or pk not in here
        if pk not in wanted and is_off:
            _remove(calendar, copy)
            touched += 1
    return touched


def _write(feed: CalendarFeed, calendar: CalDavCalendar, booking: Booking, copy: CalendarCopy | None) -> None:
    name = f"{booking.pk}.ics"
    content = booking_entry(booking)
    try:
        etag = calendar.put(name, content, etag=copy.etag if copy else "")
    except CalendarEntryChanged:
        etag = _write_over(calendar, name, content)
    CalendarCopy.objects.update_or_create(
        feed=feed, booking=booking, defaults={"etag": etag[:200], "sequence": booking.sequence}
    )


def _write_over(calendar: CalDavCalendar, name: str, content: bytes) -> str:
    """Write an entry whatever is there: another version, or nothing any more."""
    try:
        return calendar.put(name, content, etag=calendar.etag_of(name))
    except CalendarMissing:
        return calendar.put(name, content)


def _remove(calendar: CalDavCalendar, copy: CalendarCopy) -> None:
    with suppress(CalendarMissing):
        calendar.delete(copy.name)
    copy.delete()
