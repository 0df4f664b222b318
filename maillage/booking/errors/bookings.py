"""What rooms and bookings refuse: taken, closed, too late."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Invalid, Missing


class SlotTaken(Conflict):
    """A room is already taken during the wanted time."""

    code = "slot-taken"
    message = gettext_noop("Already booked at that time: %(rooms)s.")
    next_step = gettext_noop("Search again: the next free times are shown. Nothing was booked.")


class RoomClosed(Conflict):
    """A room is not open, or its point does not take bookings, during the wanted time."""

    code = "room-closed"
    message = gettext_noop("Closed at that time: %(rooms)s.")
    next_step = gettext_noop("Choose another time or another room. Nothing was booked.")


class RoomTooSmall(Invalid):
    """More people than places."""

    code = "room-too-small"
    message = gettext_noop("%(room)s has %(capacity)s places, for %(head_count)s people.")
    next_step = gettext_noop("Choose a larger room, or split your group between two rooms.")


class TooSoon(Invalid):
    """A room asks for more notice."""

    code = "too-soon"
    message = gettext_noop("%(room)s asks for %(notice_minutes)s minutes' notice.")
    next_step = gettext_noop("Choose a later time, or call the place.")


class RoomReserved(Conflict):
    """A room for the tenants, partners or staff of its host, asked for by somebody who shows no right to it."""

    code = "room-reserved"
    message = gettext_noop("%(room)s keeps this room for its own people.")
    next_step = gettext_noop("If you are one of them, open the link its host gave you. Others are free nearby.")


class KeptForOthers(Conflict):
    """A room that some people may book earlier than the others."""

    code = "kept-for-others"
    message = gettext_noop("%(room)s keeps this room for its own people until %(days)s days before.")
    next_step = gettext_noop("Choose a closer day, another room, or come back then. Nothing was booked.")


class HelpTooSoon(Invalid):
    """Somebody to help is asked for sooner than anybody can be there."""

    code = "help-too-soon"
    message = gettext_noop("Nobody can be there to help so soon: it takes %(notice_minutes)s minutes.")
    next_step = gettext_noop("Go on without, the help line answers by telephone, or choose a later hour.")


class RequestKeyReused(Conflict):
    """The key of an earlier, different request."""

    code = "request-key-reused"
    message = gettext_noop("This key already served for another booking.")
    next_step = gettext_noop("Start again from the search. Nothing was booked.")


class UnknownBooking(Missing):
    """No booking of that reference, or none that this person may see."""

    code = "unknown-booking"
    message = gettext_noop("We do not find this booking.")
    next_step = gettext_noop("Check the reference, as in K7Q2-M4, or open the link you received.")


class HoldExpired(Conflict):
    """The rooms were kept for some minutes, which have passed."""

    code = "hold-expired"
    message = gettext_noop("The rooms were kept for you until %(until)s; that time has passed.")
    next_step = gettext_noop("Search again: the same time may still be free.")


class NotChangeable(Conflict):
    """The booking is not in a state in which that can be done."""

    code = "not-changeable"
    message = gettext_noop("This booking can no longer be changed.")
    next_step = gettext_noop("Make a new one: it takes a minute.")


class BookingIsCancelled(NotChangeable):
    """It was cancelled: nothing more can be done with it."""

    code = "booking-cancelled"
    message = gettext_noop("This booking was cancelled.")
    next_step = gettext_noop("Make a new one: it takes a minute.")


class BookingOver(NotChangeable):
    """Its meeting has taken place."""

    code = "booking-over"
    message = gettext_noop("This meeting is over.")
    next_step = gettext_noop("Make a new booking for the next one.")


class NotConfirmed(NotChangeable):
    """Rooms are only held."""

    code = "not-confirmed"
    message = gettext_noop("This booking is not confirmed yet.")
    next_step = gettext_noop("Confirm it first.")


class AlreadyStarted(NotChangeable):
    """Its meeting has begun: it can no longer move."""

    code = "already-started"
    message = gettext_noop("This meeting has started: it can no longer be moved.")
    next_step = gettext_noop("Cancel it, or make a new booking.")
