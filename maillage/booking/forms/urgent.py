"""What somebody whose own system failed is asked: where they are, then who they are."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.contacts import Contact
from maillage.booking.forms.communes import CommuneField
from maillage.booking.forms.contact import LineField
from maillage.booking.forms.on_behalf import ReachField
from maillage.booking.models import Category
from maillage.core.sms import can_text, is_mobile
from maillage.core.words import duration_words

_MINUTES = (30, 60, 90, 120, 180)


class WhereForm(forms.Form):
    """Where they are now, how many, for how long."""

    ou = CommuneField(
        label=_("Where are you?"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off", "data-communes": "/communes", "placeholder": _("a town")}),
        error_messages={"required": _("Type the town where you are.")},
    )
    combien = forms.TypedChoiceField(
        label=_("How many are you?"), coerce=int, choices=[(count, str(count)) for count in range(1, 13)]
    )
    duree = forms.TypedChoiceField(
        label=_("For how long?"), coerce=int, choices=[(m, duration_words(m // 15)) for m in _MINUTES]
    )

    def __init__(self, data: Any = None) -> None:
        given = None if data is None else {"combien": "2", "duree": "60", **data.dict()}
        super().__init__(given, initial={"combien": 2, "duree": 60})


class LoanForm(forms.Form):
    """Which of the rooms shown, and who takes it. Two answers, if the first room suits."""

    room = forms.TypedChoiceField(
        label=_("Which room?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("This room was taken meanwhile: choose one of these.")},
    )
    name = LineField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    reach = ReachField(
        label=_("Your e-mail or mobile number"),
        max_length=254,
        help_text=_("The link to send to the people you meet goes there."),
        widget=forms.TextInput({"autocomplete": "email"}),
    )
    category = forms.ChoiceField(label=_("You are"), choices=[("", _("not said")), *Category.choices], required=False)

    def __init__(self, data: Any = None, *, rooms: Sequence[tuple[int, str]] = ()) -> None:
        super().__init__(data, initial={"room": rooms[0][0] if rooms else None})
        self.fields["room"].choices = rooms  # type: ignore[attr-defined]
        if not can_text():
            self.fields["reach"].label = _("Your e-mail")

    def clean_reach(self) -> tuple[str, str]:
        """Refuse a number that no message reaches."""
        email, phone = self.cleaned_data["reach"]
        if not email and not (can_text() and is_mobile(phone)):
            raise forms.ValidationError(_("Give an e-mail: no message can be sent to this number."), code="silent")
        return email, phone

    def contact(self) -> Contact:
        """Return who takes the room."""
        email, phone = self.cleaned_data["reach"]
        return Contact(name=self.cleaned_data["name"], email=email, phone=phone, category=self.cleaned_data["category"])
