"""What must hold of a database of bookings, whatever happened to it."""

from collections import Counter

from maillage.booking.models import Booking, BookingStatus, Occupancy, Span


def check_world() -> None:
    """Every living booking has all its quarters, no room is taken twice, nothing is left without its booking."""
    for booking in Booking.objects.prefetch_related("parties", "spans__occupancies"):
        spans = list(booking.spans.all())
        wanted = {party.room_id for party in booking.parties.all() if party.room_id}
        assert {span.room_id for span in spans} == (wanted if booking.status != BookingStatus.CANCELLED else set()), (
            booking
        )
        for span in spans:
            quarters = sorted(occupancy.quarter for occupancy in span.occupancies.all())
            assert quarters == list(range(span.first_quarter, span.end_quarter))
            assert span.end_quarter == booking.end_quarter
    assert Occupancy.objects.count() == sum(span.end_quarter - span.first_quarter for span in Span.objects.all())


def check_spans() -> None:
    """Every span of whatever kind has each of its quarters, once, and no other."""
    owned = Counter(Occupancy.objects.values_list("span", flat=True))
    for span in Span.objects.all():
        assert owned[span.pk] == span.end_quarter - span.first_quarter, span
    assert set(owned) <= set(Span.objects.values_list("pk", flat=True))
