"""What may go wrong with a room's other calendars. A feed keeps the code of its last failure."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Forbidden, Invalid, Missing, TooLarge


class CalendarAddressRefused(Invalid):
    """An address that we do not read: not http(s), with a password inside, or on a private network."""

    code = "calendar-address-refused"
    message = gettext_noop("This address cannot be followed: %(why)s.")
    next_step = gettext_noop("Copy the public address of the calendar, which starts with https://.")


class CalendarUnreachable(Conflict):
    """The server of a calendar does not answer, or answers an error."""

    code = "calendar-unreachable"
    message = gettext_noop("This calendar does not answer (%(why)s).")
    next_step = gettext_noop("It will be tried again by itself. If it lasts, check its address.")


class CalendarForbidden(Conflict):
    """The server refuses our name and password."""

    code = "calendar-forbidden"
    message = gettext_noop("This calendar asks for another name or password.")
    next_step = gettext_noop("Enter them again.")


class CalendarMissing(Conflict):
    """There is no calendar there any more."""

    code = "calendar-missing"
    message = gettext_noop("There is no calendar at this address any more.")
    next_step = gettext_noop("Copy its address again from where it is kept.")


class CalendarRedirects(Conflict):
    """The address leads to another one, and so on."""

    code = "calendar-redirects"
    message = gettext_noop("This address leads elsewhere more than %(most)s times.")
    next_step = gettext_noop("Enter the last address directly.")


class CalendarTooLarge(TooLarge):
    """More than any room's calendar holds."""

    code = "calendar-too-large"
    message = gettext_noop("This calendar is larger than %(most_megabytes)s MB.")
    next_step = gettext_noop("Have its owner share a shorter period.")


class CalendarUnreadable(Invalid):
    """A web page, or anything that is not a calendar."""

    code = "calendar-unreadable"
    message = gettext_noop("What is at this address is not a calendar.")
    next_step = gettext_noop("Look for its address in iCal format (.ics): a web page will not do.")


class CalendarTooSlow(Conflict):
    """Its repetitions take too long to work out."""

    code = "calendar-too-slow"
    message = gettext_noop("The repetitions of this calendar take too long to work out.")
    next_step = gettext_noop("Have its owner simplify them.")


class CalendarEntryChanged(Conflict):
    """The entry changed on the server since we read it."""

    code = "calendar-entry-changed"
    message = gettext_noop("This entry was changed in the other calendar.")
    next_step = gettext_noop("It will be written again by itself.")


class UnknownFeed(Missing):
    """No such calendar, or none that this person may see."""

    code = "unknown-calendar"
    message = gettext_noop("There is no such calendar.")
    next_step = gettext_noop("Copy its address again from the page of the room.")


class NotYourRoom(Forbidden):
    """An agent acts on a room of another authority."""

    code = "not-your-room"
    message = gettext_noop("This room is looked after by others.")
    next_step = gettext_noop("Ask its host, named on the page of the point.")
