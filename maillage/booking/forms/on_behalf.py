"""What an agent asks somebody on the telephone: who, where to be told, where to, when. The rest has an answer."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.contacts import Contact
from maillage.booking.domain.wishes import PartyWish
from maillage.booking.forms.choices import MINUTES
from maillage.booking.forms.communes import CommuneField
from maillage.booking.forms.contact import LineField
from maillage.booking.models import Category, PartyKind, Starter
from maillage.booking.selectors.places import party_at
from maillage.core.quarters import local_quarter
from maillage.core.words import duration_words
from maillage.points.models import Room

MOST_ROOMS = 40
"""An agent of more rooms than that names a town instead of choosing in a list."""
_COMMUNE = {"autocomplete": "off", "data-communes": "/communes"}
_PHONE = re.compile(r"\+?[0-9]{4,15}")


class ReachField(forms.CharField):
    """An e-mail or a telephone, whichever people give."""

    def clean(self, value: Any) -> tuple[str, str]:
        """Return (e-mail, telephone), one of them empty; both if nothing was typed and nothing is required."""
        text: str = super().clean(value).strip()
        if not text:
            return "", ""
        if "@" in text:
            try:
                validate_email(text)
            except ValidationError as wrong:
                raise ValidationError(
                    _("This address is not complete: it looks like name@example.fr."), code="invalid"
                ) from wrong
            return text, ""
        number = re.sub(r"[\s.\-()/]", "", text)
        if not _PHONE.fullmatch(number):
            raise ValidationError(_("This number cannot be called: digits only, as in 02 96 00 00 00."), code="phone")
        return "", number


class OnBehalfForm(forms.Form):
    """One screen. With few rooms the agent chooses theirs; with many, the town where the caller would go."""

    caller = LineField(
        label=_("Who is calling"),
        max_length=120,
        help_text=_("A name or an organisation; those you know appear below."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reach = ReachField(
        label=_("Their e-mail or telephone"),
        max_length=254,
        help_text=_("The links are sent there."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    room = forms.TypedChoiceField(label=_("Room"), coerce=int)
    place = CommuneField(label=_("From which town they come"), max_length=80, widget=forms.TextInput(_COMMUNE))
    other = CommuneField(
        label=_("With whom: their town"),
        max_length=80,
        required=False,
        help_text=_("Leave empty if the others join from their own computer."),
        widget=forms.TextInput(_COMMUNE),
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label=_("At"), widget=forms.TimeInput({"type": "time", "step": "900"}, format="%H:%M"))
    duration = forms.TypedChoiceField(label=_("How long"), coerce=int)
    people = forms.IntegerField(label=_("How many"), min_value=1, max_value=500)
    category = forms.ChoiceField(label=_("They are"), choices=[("", _("not said")), *Category.choices], required=False)
    starter = forms.ChoiceField(label=_("Who starts and stops the system"), choices=Starter.choices)

    def __init__(self, data: Any = None, *, rooms: Iterable[Room] = (), initial: dict[str, Any] | None = None) -> None:
        first = {"duration": 60, "people": 3, "starter": Starter.HOST.value, **(initial or {})}
        super().__init__(data, initial=first)
        self.rooms = {room.pk: room for room in rooms}
        durations = [(minutes, duration_words(minutes // 15)) for minutes in MINUTES]
        self.fields["duration"].choices = durations  # type: ignore[attr-defined]
        if self.rooms:
            del self.fields["place"]
            choices = [(pk, f"{room.point.name}, {room.name}") for pk, room in self.rooms.items()]
            self.fields["room"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["room"]

    def first_quarter(self, zone: ZoneInfo) -> int:
        """Return when it starts. Raises NoSuchTime, OffGrid."""
        return local_quarter(self.cleaned_data["day"], self.cleaned_data["start"], zone)

    def clean_start(self) -> Any:
        """Bring the hour to its quarter: nobody books 9:05."""
        start = self.cleaned_data["start"]
        return start.replace(minute=start.minute // 15 * 15, second=0)

    def parties(self) -> tuple[PartyWish, ...]:
        """Return the caller's side, in the room or near the town given, and the others."""
        given = self.cleaned_data
        room = self.rooms.get(given.get("room", 0))
        commune = room.point.commune if room else given["place"]
        mine = party_at(
            commune,
            position=0,
            head_count=given["people"],
            room_id=room.pk if room else None,
            name=commune.name,
        )
        other = given["other"]
        if other is None:
            online = party_at(
                None, position=1, head_count=1, kind=PartyKind.BROWSER, name=str(_("The people they meet"))
            )
            return mine, online
        return mine, party_at(other, position=1, head_count=2, name=other.name)

    def contact(self) -> Contact:
        """Return who the meeting is for."""
        email, phone = self.cleaned_data["reach"]
        return Contact(
            name=self.cleaned_data["caller"], email=email, phone=phone, category=self.cleaned_data["category"]
        )


def next_half_hour(now: datetime) -> datetime:
    """Return the half hour to come: what is proposed first."""
    return now + timedelta(minutes=30 - now.minute % 30, seconds=-now.second, microseconds=-now.microsecond)
