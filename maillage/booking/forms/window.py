"""When else the same meeting could be."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.windows import MOST_DAYS_AHEAD
from maillage.booking.forms.choices import PART, WHEN


class WindowForm(forms.Form):
    """A window of days and a part of the day. Everything has an answer beforehand."""

    when = forms.ChoiceField(label=_("When"), choices=WHEN, initial="fortnight")
    day = forms.DateField(label=_("Which day"), required=False, widget=forms.DateInput({"type": "date"}))
    part = forms.ChoiceField(label=_("At what time of day"), choices=PART, initial="any")

    def __init__(self, data: Any = None, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.today = today

    def clean_day(self) -> date | None:
        """Refuse a day that is over, or so far that nobody knows the hours."""
        day: date | None = self.cleaned_data.get("day")
        if self.cleaned_data.get("when") != "date":
            return None
        if day is None:
            raise ValidationError(_("Choose the day."), code="day-missing")
        if self.today and day < self.today:
            raise ValidationError(_("That day is over. Choose one from today on."), code="past-day")
        if self.today and day > self.today + timedelta(days=MOST_DAYS_AHEAD):
            raise ValidationError(_("That day is too far away: at most thirteen months."), code="too-far")
        return day

    def when_words(self) -> str:
        """Return `when` as the address of the page says it: a word, or the day."""
        day: date | None = self.cleaned_data["day"]
        return day.isoformat() if day else str(self.cleaned_data["when"])
