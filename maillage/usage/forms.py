"""What a facilitator notes of somebody who came or called: taps, no typing."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.booking.models import Category
from maillage.points.models import Point
from maillage.usage.models import Purpose, VisitKind

MOST_DAYS_BACK = 366


class VisitForm(forms.Form):
    """Who came, as what, what for, how many; now unless another day is said."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("They"), choices=VisitKind.choices, widget=forms.RadioSelect, initial=VisitKind.CAME
    )
    category = forms.ChoiceField(label=_("Who"), choices=Category.choices, widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("What for"), choices=Purpose.choices, widget=forms.RadioSelect)
    people = forms.IntegerField(min_value=1, max_value=500, widget=forms.HiddenInput)
    point = forms.ChoiceField(label=_("Where"))
    day = forms.DateField(
        label=_("Another day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, points: list[Point], today: date, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.points = {str(point.pk): point for point in points}
        self.today = today
        self.fields["point"].choices = [(key, point.name) for key, point in self.points.items()]  # type: ignore[attr-defined]
        self.fields["point"].widget.attrs["class"] = "compact"

    def clean_day(self) -> date | None:
        """Refuse a day to come, or of more than a year ago."""
        day: date | None = self.cleaned_data["day"]
        if day and not 0 <= (self.today - day).days <= MOST_DAYS_BACK:
            raise ValidationError(_("Choose a day of the past year."), code="visit-invalid")
        return day
