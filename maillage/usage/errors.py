"""What the figures may refuse."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Invalid, Missing


class UnknownPeriod(Missing):
    """An address that names no period we know."""

    code = "unknown-period"
    message = gettext_noop("“%(period)s” is not a period.")
    next_step = gettext_noop(
        "Write a year (2026), a half-year (2026-S2) or a month (2026-11), or choose one on the page."
    )


class UncountedPoint(Missing):
    """A point that does not exist, or is not shown to everybody: told alike."""

    code = "uncounted-point"
    message = gettext_noop("There is no public figure for this point.")
    next_step = gettext_noop("Choose a point in the list of the page of figures.")


class FactorEdited(Conflict):
    """A factor of the data file has the identity of a published one and something else is different."""

    code = "factor-edited"
    message = gettext_noop("The factor %(factor)s was published on %(read_on)s with other words or another value.")
    next_step = gettext_noop("Leave it as it was and add a new block with a later read_on or valid_from.")


class HistoryRefused(Invalid):
    """A table of past counts that cannot be read whole: nothing of it is kept."""

    code = "history-refused"
    message = gettext_noop("This table of counts cannot be read: %(cause)s.")
    next_step = gettext_noop("Correct the file and load it again: nothing was changed.")


class NotEnded(Conflict):
    """A booking that is not over cannot be counted."""

    code = "not-ended"
    message = gettext_noop("The meeting %(reference)s is not over: it cannot be counted yet.")
    next_step = gettext_noop("Wait until it has ended.")


class VisitUnknown(Missing):
    """A note that is already taken back, or of a place that this agent does not look after."""

    code = "visit-unknown"
    message = gettext_noop("This note is not there any more.")
    next_step = gettext_noop("Look at the last notes: what is counted is there.")
