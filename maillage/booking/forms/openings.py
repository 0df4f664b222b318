"""What a point fills in to answer a request: why it says no, or which other times it proposes."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.openings import MOST_OTHER_TIMES
from maillage.booking.forms.contact import LineField
from maillage.booking.models import RefusalCause
from maillage.core.errors import DomainError
from maillage.core.quarters import local_quarter

_NOTE = _("A word for the person who asks")


class RefuseForm(forms.Form):
    """Why the point says no."""

    cause = forms.ChoiceField(
        label=_("Why is it not possible?"),
        choices=RefusalCause.choices,
        initial=RefusalCause.NOBODY.value,
        widget=forms.RadioSelect,
    )
    note = LineField(label=_NOTE, required=False, max_length=300, help_text=_("They read it with your answer."))


class OtherTimesForm(forms.Form):
    """One to three other times, on the clocks of the meeting."""

    def __init__(self, data: Any = None, *, zone: ZoneInfo, asked: datetime) -> None:
        super().__init__(data)
        self.zone = zone
        for number in range(1, MOST_OTHER_TIMES + 1):
            is_first = number == 1
            self.fields[f"day_{number}"] = forms.DateField(
                label=_("Day, proposal %(number)s") % {"number": number},
                required=is_first,
                initial=asked.date() if is_first else None,
                widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            )
            self.fields[f"time_{number}"] = forms.TimeField(
                label=_("Start, proposal %(number)s") % {"number": number},
                required=is_first,
                widget=forms.TimeInput({"type": "time", "step": "900"}, format="%H:%M"),
            )
        self.fields["note"] = LineField(label=_NOTE, required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """Add `times`, the first quarter of each proposal; half a proposal, or one off the quarters, is refused."""
        cleaned: dict[str, Any] = super().clean() or {}
        times = []
        for number in range(1, MOST_OTHER_TIMES + 1):
            day, time = cleaned.get(f"day_{number}"), cleaned.get(f"time_{number}")
            if day and time:
                times.append(self._quarter(number, datetime.combine(day, time)))
            elif bool(day) != bool(time) and not self.errors:
                missing = f"time_{number}" if day else f"day_{number}"
                self.add_error(missing, ValidationError(_("Give both the day and the hour."), code="half-time"))
        return cleaned | {"times": [time for time in times if time is not None]}

    def _quarter(self, number: int, at: datetime) -> int | None:
        try:
            return local_quarter(at.date(), at.time(), self.zone)
        except DomainError as refusal:
            self.add_error(f"time_{number}", ValidationError(refusal.sentence(), code=refusal.code))
            return None
