"""What may be refused about series."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Invalid, Missing


class SeriesTooLong(Invalid):
    """More dates than anyone keeps: most likely a slip, or a robot."""

    code = "series-too-long"
    message = gettext_noop("A series has at most %(most)s dates.")
    next_step = gettext_noop("Book the first %(most)s dates now: you can add others later.")


class SeriesEndless(Invalid):
    """Neither a number of dates nor a last day."""

    code = "series-endless"
    message = gettext_noop("This series has no end.")
    next_step = gettext_noop("Say how many times you meet, or until which day.")


class SeriesEmpty(Invalid):
    """No date at all: the last day comes first, or every date is a holiday."""

    code = "series-empty"
    message = gettext_noop("This series has no date.")
    next_step = gettext_noop("Choose a later last day, or keep the public holidays.")


class SeriesUnreadable(Invalid):
    """A rule that cannot be meant: every 0 weeks, a week day that is not one."""

    code = "series-unreadable"
    message = gettext_noop("This repetition is not right: %(what)s.")
    next_step = gettext_noop("Choose it again from the list.")


class SeriesDateTaken(Conflict):
    """Dates of the series were taken, or closed, since they were shown. Nothing was booked."""

    code = "series-date-taken"
    message = gettext_noop("These dates are no longer free: %(days)s. Nothing was booked.")
    next_step = gettext_noop("Choose another hour or another room for them, or leave them out, then confirm again.")


class SeriesChoiceMissing(Invalid):
    """A date that does not fit was neither changed nor left out."""

    code = "series-choice-missing"
    message = gettext_noop("Say what to do on these days: %(days)s.")
    next_step = gettext_noop("Choose another hour or another room for them, or leave them out.")


class UnknownSeries(Missing):
    """No such series, or none that this person may see."""

    code = "unknown-series"
    message = gettext_noop("There is no such series.")
    next_step = gettext_noop("Open it again from the message you received.")
