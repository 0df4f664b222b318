"""Opening hours, room sizes and dates as people say them. No clock, no database; the language is the last argument."""

from datetime import date

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from maillage.core.words import NARROW
from maillage.points.domain.week import DayRun, Span, ordinary_week


def hours_in_words(hours: str, language: str = "") -> str:
    """Return opening hours in whole sentences, « Du lundi au vendredi, de 9 h à 12 h 30. Fermé les jours fériés. ».

    Raises HoursUnreadable.
    """
    return " ".join(hours_sentences(hours, language))


def hours_sentences(hours: str, language: str = "") -> list[str]:
    """Return the same, one sentence each: open days, closed days, public holidays, exceptions."""
    week = ordinary_week(hours)
    with override(language or get_language()):
        if week.is_always_open:
            return [_("Open day and night, every day.")]
        opened = [run for run in week.runs if run.spans]
        if not opened:
            return [_("No regular opening hours."), *_quoted(week.comments)]
        said = [
            _("%(days)s, %(spans)s.") % {"days": _capital(_days(run)), "spans": _spans(run.spans)} for run in opened
        ]
        shut = [run for run in week.runs if not run.spans]
        if shut:
            said.append(_("Closed %(days)s.") % {"days": _(" and ").join(_closed_days(run) for run in shut)})
        tuesday = next(run.spans for run in week.runs if run.first <= 1 <= run.last)
        if week.holidays and week.holidays == tuesday:
            said.append(_("Open on public holidays too."))
        elif week.holidays:
            said.append(_("On public holidays, %(spans)s.") % {"spans": _spans(week.holidays)})
        else:
            said.append(_("Closed on public holidays."))
        if week.changes:
            said.append(_("Other hours at some times of the year: ask before you come."))
        return [*said, *_quoted(week.comments)]


def _quoted(comments: tuple[str, ...]) -> list[str]:
    return [_("“%(comment)s”.") % {"comment": comment.rstrip(".")} for comment in comments]


def _days(run: DayRun) -> str:
    if (run.first, run.last) == (0, 6):
        return _("every day")
    names = {"first": WEEKDAYS[run.first], "last": WEEKDAYS[run.last]}
    if run.first == run.last:
        return _("on %(first)s") % names
    if run.last == run.first + 1:
        return _("on %(first)s and %(last)s") % names
    return _("from %(first)s to %(last)s") % names


def _closed_days(run: DayRun) -> str:
    names = {"first": WEEKDAYS[run.first], "last": WEEKDAYS[run.last]}
    if run.first == run.last:
        return _("on %(first)s") % names
    return (
        _("on %(first)s and %(last)s") % names if run.last == run.first + 1 else _("from %(first)s to %(last)s") % names
    )


def _spans(spans: tuple[Span, ...]) -> str:
    if spans == ((0, 1440),):
        return _("day and night")
    told = [_("from %(start)s to %(end)s") % {"start": _clock(start), "end": _clock(end)} for start, end in spans]
    return _(" and ").join(told)


def _clock(minute: int) -> str:
    hour, rest = divmod(minute, 60)
    if not (get_language() or "fr").startswith("fr"):
        return _("midnight") if minute in {0, 1440} else f"{hour}:{rest:02}"
    if minute == 1440:
        return _("midnight")
    return f"{hour}{NARROW}h{NARROW}{rest:02}" if rest else f"{hour}{NARROW}h"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def room_comfort(capacity: int) -> str:
    """Return, in a sentence, for how many people a room is comfortable: groups are 3 to 5, rooms often for far more."""
    if capacity <= 4:
        return _("A small room, at ease up to %(capacity)s.") % {"capacity": capacity}
    if capacity <= 12:
        return _("At ease from 2 to %(capacity)s people.") % {"capacity": capacity}
    if capacity <= 30:
        return _("At ease from 5 to %(capacity)s people; with fewer, sit close to the camera.") % {"capacity": capacity}
    return _("A large room, for up to %(capacity)s people; with fewer than 10 another will be cosier.") % {
        "capacity": capacity
    }


def since_words(since: date, precision: str, language: str = "") -> str:
    """Return a date as well as it is known: « en 2014 », « en décembre 2012 », « le 3 mars 2015 »."""
    with override(language or get_language()):
        values = {"year": since.year, "month": MONTHS[since.month], "day": _ordinal(since.day)}
        if precision == "year":
            return _("in %(year)s") % values
        if precision == "month":
            return _("in %(month)s %(year)s") % values
        return _("on %(day)s %(month)s %(year)s") % values


def _ordinal(day: int) -> str:
    return "1er" if day == 1 and (get_language() or "fr").startswith("fr") else str(day)
