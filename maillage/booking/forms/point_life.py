"""What a facilitator says of the life of a point: opening on request, how people get in, its house rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.booking.forms.contact import LineField
from maillage.points.domain.hours import parse_hours
from maillage.points.errors import HoursUnreadable
from maillage.points.models import EntryWay, Point, Room


class AnsweringForm(forms.Form):
    """When the point opens on request, who answers if it does not, and which rooms a person gives each time."""

    request_hours = LineField(
        label=_("Hours at which it may be opened on request"),
        required=False,
        max_length=300,
        help_text=_("As in: Mo-Sa 07:00-22:00. Empty if it never opens outside its hours."),
    )
    second_email = forms.EmailField(
        label=_("E-mail of the second contact"), required=False, help_text=_("Asked when nobody answers.")
    )
    answering_rooms = forms.MultipleChoiceField(
        label=_("Rooms for which you answer each request, even in opening hours"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, point: Point, rooms: list[Room]) -> None:
        given = {
            "request_hours": point.request_hours,
            "second_email": point.second_email,
            "answering_rooms": [str(room.pk) for room in rooms if room.needs_answer],
        }
        super().__init__(data, prefix="answering", initial=given)
        self.fields["answering_rooms"].choices = [(str(room.pk), room.name) for room in rooms]  # type: ignore[attr-defined]

    def clean_request_hours(self) -> str:
        """Refuse hours that nobody could read."""
        hours: str = self.cleaned_data["request_hours"]
        if hours:
            try:
                parse_hours(hours)
            except HoursUnreadable as refusal:
                raise ValidationError(f"{refusal.sentence()} {refusal.advice()}", code=refusal.code) from refusal
        return hours

    def clean_answering_rooms(self) -> list[int]:
        """Return the rooms by their numbers."""
        return [int(room) for room in self.cleaned_data["answering_rooms"]]


class EntryForm(forms.Form):
    """How people get in."""

    entry = forms.ChoiceField(label=_("How people get in"), choices=EntryWay.choices)
    entry_note = LineField(
        label=_("What they should know to get in"),
        required=False,
        max_length=300,
        help_text=_("Written in the letters and on the sheets. No code here: this is public."),
    )

    def __init__(self, data: Any = None, *, point: Point) -> None:
        given = {"entry": point.entry, "entry_note": point.entry_note}
        super().__init__(data, prefix="entry", initial=given)


class HouseRulesForm(forms.Form):
    """The rules that people accept: their text, or where they are. Other words make another version."""

    text = forms.CharField(
        label=_("House rules"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Who books accepts them; each booking keeps the version it accepted."),
    )
    link = forms.URLField(label=_("Or their address"), required=False, max_length=200, assume_scheme="https")

    def __init__(self, data: Any = None, *, point: Point) -> None:
        latest = point.house_rules.first()
        given = {"text": latest.text, "link": latest.link} if latest else {}
        super().__init__(data, prefix="rules", initial=given)
