"""How a meeting comes back, and what is decided date by date."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.recurrence import MOST_DATES, Kind, Recurrence
from maillage.booking.errors.series import SeriesChoiceMissing
from maillage.booking.selectors.series import DatePreview
from maillage.booking.services.series import DateChoice

UNDECIDED, LEFT_OUT = "?", ""
_CHOICE = re.compile(r"([0-9]{1,9})(?::([0-9]{1,2})=([0-9]{1,18}))?")
_RULES: dict[str, tuple[Kind, int]] = {
    "weekly": (Kind.WEEKLY, 1),
    "fortnightly": (Kind.WEEKLY, 2),
    "monthly-by-date": (Kind.MONTHLY_BY_DATE, 1),
    "monthly-by-weekday": (Kind.MONTHLY_BY_WEEKDAY, 1),
    "days": (Kind.DAYS_IN_A_ROW, 1),
}


class RepeatForm(forms.Form):
    """The rule of a series that goes on from a meeting already booked."""

    kind = forms.ChoiceField(
        label=_("How often"),
        choices=[
            ("weekly", _("every week")),
            ("fortnightly", _("every two weeks")),
            ("monthly-by-date", _("every month, on the same date")),
            ("monthly-by-weekday", _("every month, on the same day of the week")),
            ("days", _("several days in a row, Saturdays and Sundays apart")),
        ],
    )
    times = forms.IntegerField(label=_("How many more times"), min_value=1, max_value=MOST_DATES - 1)
    skips_holidays = forms.BooleanField(label=_("Leave out public holidays"), required=False)

    def rule(self, first_day: date, at: time, zone: ZoneInfo) -> Recurrence:
        """Return the valid form as a rule whose first date is the meeting's own."""
        given: dict[str, Any] = self.cleaned_data
        kind, interval = _RULES[given["kind"]]
        return Recurrence(
            kind, first_day, at, zone, given["times"] + 1, interval=interval, skips_holidays=given["skips_holidays"]
        )


def choices_of(previews: Sequence[DatePreview], data: Mapping[str, Any]) -> tuple[DateChoice, ...]:
    """Return what was decided for each date, the first left out: it is booked already.

    Raises SeriesChoiceMissing, naming the dates that do not fit and about which nothing was said.
    """
    found, missing = [DateChoice(None)], []
    for preview in previews[1:]:
        said = str(data.get(f"date_{preview.position}", UNDECIDED))
        read = _CHOICE.fullmatch(said)
        if preview.state in {"past", "too-far"} or said == LEFT_OUT:
            found.append(DateChoice(None))
        elif read is None:
            missing.append(preview.date.day.strftime("%d/%m/%Y"))
        else:
            quarter, position, room = read.groups()
            found.append(DateChoice(int(quarter), {int(position): int(room)} if position else {}))
    if missing:
        raise SeriesChoiceMissing(days=", ".join(missing))
    return tuple(found)
