"""The one form of a booking: at most eight questions, of which four need an answer."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.contacts import Contact
from maillage.booking.models import Category, Party, TravelMode

_PHONE = re.compile(r"\+?[0-9]{4,15}")


class LineField(forms.CharField):
    """One line of text: no line break and no invisible direction mark, so that it is safe in any header."""

    def to_python(self, value: Any) -> str:
        """Return the text with what cannot be seen turned into single spaces."""
        text = super().to_python(value) or ""
        return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


class ContactForm(forms.Form):
    """Who books, why, and who should receive the other links. One optional address for each other place."""

    name = LineField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Give your name: it is shown to the people you meet.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_("The links and the calendar entry go there."),
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Give your e-mail: without it we cannot send you the links."),
            "invalid": _("This address is not complete: it looks like name@example.fr."),
        },
    )
    phone = forms.CharField(
        label=_("Your telephone"),
        required=False,
        max_length=25,
        help_text=_("Only used if something goes wrong on the day."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    category = forms.ChoiceField(
        label=_("You are"),
        choices=[("", _("Choose…")), *Category.choices],
        help_text=_("For the network's figures."),
        error_messages={"required": _("Choose the line closest to you.")},
    )
    title = LineField(
        label=_("What the meeting is about"),
        required=False,
        max_length=120,
        help_text=_("Shown in the calendar and on the room's screen."),
    )
    travel_mode = forms.ChoiceField(
        label=_("Without videoconference, how would you have met?"),
        choices=[(TravelMode.UNKNOWN.value, _("I would rather not say")), *TravelMode.choices[1:]],
        required=False,
        help_text=_("Kilometres and CO2 count as avoided only if you answer."),
    )
    wants_help = forms.BooleanField(label=_("I would like someone to help us at the start"), required=False)

    def __init__(self, data: Any = None, *, others: Sequence[Party] = ()) -> None:
        super().__init__(data)
        self.others = list(others)
        for party in self.others:
            self.fields[f"guest_{party.position}"] = forms.EmailField(
                label=_("E-mail of the people in %(place)s") % {"place": party.name},
                required=False,
                max_length=254,
                help_text=_("They receive their own link. You can also send it yourself."),
                error_messages={"invalid": _("This address is not complete: it looks like name@example.fr.")},
            )
        self.order_fields(
            ["name", "email", "phone", "category", "title", "travel_mode"]
            + [f"guest_{party.position}" for party in self.others]
            + ["wants_help"]
        )

    def guest_fields(self) -> list[BoundField]:
        """Return the fields of the other places' addresses."""
        return [self[f"guest_{party.position}"] for party in self.others]

    def clean_phone(self) -> str:
        """Return the number with its digits alone, a leading + kept."""
        given: str = self.cleaned_data["phone"]
        number = re.sub(r"[\s.\-()/]", "", given)
        if number and not _PHONE.fullmatch(number):
            raise ValidationError(_("This number cannot be called: digits only, as in 02 96 00 00 00."), code="phone")
        return number

    def contact(self) -> Contact:
        """Return the valid form as what the confirmation needs."""
        cleaned = self.cleaned_data
        return Contact(
            name=cleaned["name"],
            email=cleaned["email"],
            phone=cleaned["phone"],
            category=cleaned["category"],
            title=cleaned["title"],
            wants_help=cleaned["wants_help"],
            travel_mode=cleaned["travel_mode"],
            guests=tuple(cleaned[f"guest_{party.position}"] for party in self.others),
        )
