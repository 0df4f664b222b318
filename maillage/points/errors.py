"""What may be refused about points and rooms."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Invalid, Missing


class UnknownPoint(Missing):
    """There is no such point, or it is not shown to everybody."""

    code = "unknown-point"
    message = gettext_noop("We know no videoconference point at this address.")
    next_step = gettext_noop("Look for it on the map of points.")


class UnknownPlace(Invalid):
    """Neither a commune nor an open point has that name."""

    code = "unknown-place"
    message = gettext_noop("We know neither a town nor a point called “%(text)s”.")
    next_step = gettext_noop("Check how it is written, or give the postcode of the town.")


class AmbiguousPoint(Invalid):
    """Several points have that name. `choices` are the names that mean one each."""

    code = "ambiguous-point"
    message = gettext_noop("Several points are called “%(text)s”.")
    next_step = gettext_noop("Add the town after the name, as in Maison des services, Callac.")


class UnknownRoom(Missing):
    """There is no such room, or it cannot be booked: the two are told alike."""

    code = "unknown-room"
    message = gettext_noop("This room does not exist or is no longer offered.")
    next_step = gettext_noop("Search again: other rooms may be free nearby.")


class UnknownNeed(Invalid):
    """An equipment or a convenience that no room can have."""

    code = "unknown-need"
    message = gettext_noop("No room can be asked for “%(needs)s”.")
    next_step = gettext_noop("Choose among the needs of the form.")


class HoursUnreadable(Invalid):
    """Opening hours that are not in OpenStreetMap's syntax."""

    code = "hours-unreadable"
    message = gettext_noop("These opening hours cannot be read: %(hours)s.")
    next_step = gettext_noop("Write them as in Mo-Fr 09:00-12:30,13:30-17:30; PH off.")


class StatusOutOfOrder(Conflict):
    """A status dated before the point's present one."""

    code = "status-out-of-order"
    message = gettext_noop("%(point)s already has a later status, since %(since)s.")
    next_step = gettext_noop("Give a date on or after that day.")


class ClosureInvalid(Invalid):
    """A closure that ends before it starts."""

    code = "closure-invalid"
    message = gettext_noop("A closure must end after it starts.")
    next_step = gettext_noop("Check its two dates.")


class RoomRulesInvalid(Invalid):
    """Times around a booking, or a notice, that no room can have."""

    code = "room-rules-invalid"
    message = gettext_noop(
        "A room is kept free at most two hours around a meeting, asks at most 30 days' notice,"
        " and is kept for some people until at most 90 days before."
    )
    next_step = gettext_noop("Correct these times.")


class AddressIncomplete(Invalid):
    """An address without a street, or in no commune we know."""

    code = "address-incomplete"
    message = gettext_noop("People could not find this address.")
    next_step = gettext_noop("Give the number and the street, and choose the town in the list.")
