"""The API of booking: proposals, holds, bookings, busy times, and what may be done with the organiser's token."""

from maillage.booking.api.accounts import router as accounts
from maillage.booking.api.holds import router as holds
from maillage.booking.api.routes import router

router.add_router("", holds)
router.add_router("", accounts)

__all__ = ["router"]
