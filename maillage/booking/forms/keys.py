"""What a facilitator types about keys and codes: a key, who has it until when, the code of a door."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.booking.forms.contact import LineField
from maillage.booking.forms.on_behalf import ReachField
from maillage.booking.models import RoomKey
from maillage.points.models import EntryWay, Room

_CODE = forms.TextInput({"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"})


def _named(room: Room) -> str:
    return f"{room.point.name}, {room.name}"


class WayInForm(forms.Form):
    """How people get into one room, if not as into its point, and the code of its door if it has one."""

    entry = forms.ChoiceField(
        label=_("How people get in"), choices=[("", _("as the point")), *EntryWay.choices], required=False
    )
    entry_note = LineField(
        label=_("Where to fetch the key, and when"),
        required=False,
        max_length=300,
        help_text=_("Written in the letters and on the sheets. No code here: this is public."),
    )
    code = LineField(
        label=_("The code of the door"),
        required=False,
        max_length=20,
        widget=_CODE,
        help_text=_("Told from the day before, to those who have booked. Empty: it stays as it is."),
    )

    def __init__(self, data: Any = None, *, room: Room) -> None:
        super().__init__(data, prefix=f"way{room.pk}", initial={"entry": room.entry, "entry_note": room.entry_note})
        self.room = room


class NewKeyForm(forms.Form):
    """A key to add."""

    room = forms.ChoiceField(label=_("Room"))
    label = LineField(label=_("Written on the key"), max_length=40, help_text=_("As in: A1, or blue ring"))

    def __init__(self, data: Any = None, *, rooms: Iterable[Room]) -> None:
        super().__init__(data, prefix="new")
        self.rooms = {str(room.pk): room for room in rooms}
        self.fields["room"].choices = [(key, _named(room)) for key, room in self.rooms.items()]  # type: ignore[attr-defined]


class LoanForm(forms.Form):
    """A key lent without a booking."""

    key = forms.ChoiceField(label=_("Key"))
    holder = LineField(label=_("Lent to"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    reach = ReachField(
        label=_("Their e-mail or telephone"),
        max_length=254,
        required=False,
        help_text=_("To remind them if it does not come back."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    day = forms.DateField(label=_("Back on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(label=_("Before"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))

    def __init__(self, data: Any = None, *, keys: Iterable[RoomKey], today: date) -> None:
        super().__init__(data, prefix="loan", initial={"day": today, "at": time(18)})
        self.keys = {str(key.pk): key for key in keys}
        self.fields["key"].choices = [  # type: ignore[attr-defined]
            (pk, f"{key.label} · {_named(key.room)}") for pk, key in self.keys.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Add `due_at`, on the clocks of the key's room."""
        cleaned: dict[str, Any] = super().clean() or {}
        key = self.keys.get(cleaned.get("key", ""))
        if key is None or not {"day", "at"} <= cleaned.keys():
            return cleaned
        due = datetime.combine(cleaned["day"], cleaned["at"], tzinfo=ZoneInfo(key.room.point.time_zone))
        return cleaned | {"due_at": due}
