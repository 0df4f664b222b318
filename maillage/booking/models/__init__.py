"""The tables of the bookings, by noun. Import them from here: `from maillage.booking.models import Booking`."""

from maillage.booking.models.bookings import (
    Booking,
    BookingStatus,
    CancelCause,
    Category,
    Occupancy,
    Party,
    PartyKind,
    Span,
    SpanKind,
    Starter,
    TravelMode,
)
from maillage.booking.models.broadcasts import Broadcast, BroadcastPlace, Seat
from maillage.booking.models.calendars import CalendarConflict, CalendarCopy, CalendarDoor, CalendarFeed, FeedKind
from maillage.booking.models.demand import UnmetDemand, UnmetReason
from maillage.booking.models.keys import DoorCode, KeyLoan, RoomKey
from maillage.booking.models.letters import DeadAddress, LetterKind, LetterRecord, LetterStatus
from maillage.booking.models.losses import LossCause, LossStatus, RoomLoss
from maillage.booking.models.openings import (
    HostLevel,
    OpeningReason,
    OpeningRequest,
    OpeningStatus,
    OtherTime,
    RefusalCause,
)
from maillage.booking.models.receipts import PaymentMethod, Receipt, ReceiptCounter
from maillage.booking.models.series import Series, SeriesDate, SeriesDateState
from maillage.booking.models.side_letters import SideLetter, SideLetterKind
from maillage.booking.models.support import DeskHours
from maillage.booking.models.tariffs import (
    Beneficiary,
    BookingPrice,
    FreeHours,
    Package,
    PriceLine,
    PriceReason,
    TariffGroup,
    TariffOrigin,
    TariffPrice,
    TariffSheet,
    TariffUnit,
)
from maillage.booking.models.turnouts import NoShowWarning, SignKind, Turnout
from maillage.booking.models.waits import OfferStatus, Wait, WaitingLine, WaitOffer, WaitPlace, WaitStatus

__all__ = [
    "Beneficiary",
    "Booking",
    "BookingPrice",
    "BookingStatus",
    "Broadcast",
    "BroadcastPlace",
    "CalendarConflict",
    "CalendarCopy",
    "CalendarDoor",
    "CalendarFeed",
    "CancelCause",
    "Category",
    "DeadAddress",
    "DeskHours",
    "DoorCode",
    "FeedKind",
    "FreeHours",
    "HostLevel",
    "KeyLoan",
    "LetterKind",
    "LetterRecord",
    "LetterStatus",
    "LossCause",
    "LossStatus",
    "NoShowWarning",
    "Occupancy",
    "OfferStatus",
    "OpeningReason",
    "OpeningRequest",
    "OpeningStatus",
    "OtherTime",
    "Package",
    "Party",
    "PartyKind",
    "PaymentMethod",
    "PriceLine",
    "PriceReason",
    "Receipt",
    "ReceiptCounter",
    "RefusalCause",
    "RoomKey",
    "RoomLoss",
    "Seat",
    "Series",
    "SeriesDate",
    "SeriesDateState",
    "SideLetter",
    "SideLetterKind",
    "SignKind",
    "Span",
    "SpanKind",
    "Starter",
    "TariffGroup",
    "TariffOrigin",
    "TariffPrice",
    "TariffSheet",
    "TariffUnit",
    "TravelMode",
    "Turnout",
    "UnmetDemand",
    "UnmetReason",
    "Wait",
    "WaitOffer",
    "WaitPlace",
    "WaitStatus",
    "WaitingLine",
]
