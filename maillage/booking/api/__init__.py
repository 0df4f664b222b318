"""The API of booking: proposals, bookings, and what may be done with the organiser's token."""

from maillage.booking.api.routes import router

__all__ = ["router"]
