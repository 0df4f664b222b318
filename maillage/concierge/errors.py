"""What the desk may refuse."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Forbidden, Gone, Invalid, Missing


class NotAnOperator(Forbidden):
    """Somebody signed in who does not work at the desk."""

    code = "not-an-operator"
    message = gettext_noop("This page is the concierge's desk; you do not have this role.")
    next_step = gettext_noop("Ask an administrator to give you the role of concierge operator.")


class MeetingUnknown(Missing):
    """No meeting that the desk follows."""

    code = "meeting-unknown"
    message = gettext_noop("The desk follows no such meeting.")
    next_step = gettext_noop("Go back to the board of the day and choose it there.")


class TicketUnknown(Missing):
    """No such ticket."""

    code = "ticket-unknown"
    message = gettext_noop("There is no such ticket.")
    next_step = gettext_noop("Go back to the board of the day and choose it there.")


class StepUnknown(Invalid):
    """A step that no meeting has."""

    code = "step-unknown"
    message = gettext_noop("This step is not one of a meeting's.")
    next_step = gettext_noop("Open the meeting again: nothing was changed.")


class NoFallback(Conflict):
    """Everybody was to be moved to another place, and the network has none."""

    code = "no-fallback-link"
    message = gettext_noop("This network has no fallback meeting place.")
    next_step = gettext_noop(
        "Give people the number of a telephone conference, and ask for MAILLAGE_FALLBACK_URL to be set."
    )


class NobodyToWrite(Conflict):
    """No side of the meeting has an address."""

    code = "nobody-to-write-to"
    message = gettext_noop("No side of this meeting left an e-mail address or a mobile number.")
    next_step = gettext_noop("Telephone them: the numbers are on this page.")


class CallTaken(Conflict):
    """Another operator answered this call first."""

    code = "call-taken"
    message = gettext_noop("This call is already answered by %(agent)s.")
    next_step = gettext_noop("Take the next one, or write a note for them.")


class CallOver(Gone):
    """The caller hung up, or was told that nobody answered."""

    code = "call-over"
    message = gettext_noop("This call is over.")
    next_step = gettext_noop("Call them back: their number is on their ticket or their meeting's page.")
