"""The one form of a booking: eight questions whatever the number of places, of which three need an answer."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.contacts import Contact
from maillage.booking.forms.help import HelpOffered
from maillage.booking.models import Category, Party, TravelMode
from maillage.core.sms import can_text, is_mobile

_PHONE = re.compile(r"\+?[0-9]{4,15}")
_BETWEEN_ADDRESSES = re.compile(r"[,;][ \t]*\r?\n?|\r?\n")
_MOST_TYPED = 3_200  # eleven addresses of the longest kind, with their commas


class LineField(forms.CharField):
    """One line of text: no line break and no invisible direction mark, so that it is safe in any header."""

    def to_python(self, value: Any) -> str:
        """Return the text with what cannot be seen turned into single spaces."""
        text = super().to_python(value) or ""
        return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


class AddressesField(forms.CharField):
    """The e-mails of the other places in their order: one a comma or a line, a place left empty to skip it."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        one = len(self.names) == 1
        super().__init__(
            label=_("E-mail of the people in %(place)s") % {"place": self.names[0]}
            if one
            else _("E-mails of the people in the other places"),
            help_text=_("They receive their own link. You can also send it yourself.")
            if one
            else _("In this order, separated by commas: %(places)s. They receive their own link.")
            % {"places": ", ".join(self.names)},
            widget=forms.EmailInput({"autocomplete": "off"}) if one else forms.Textarea({"rows": 3}),
            required=False,
            max_length=_MOST_TYPED,
        )

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return an address or "" for each place."""
        typed: str = super().clean(value)
        addresses = [part.strip() for part in _BETWEEN_ADDRESSES.split(typed)] if typed else []
        if len(addresses) > len(self.names):
            raise ValidationError(
                _("There are %(given)s addresses for these places: %(places)s. Give one for each."),
                params={"given": len(addresses), "places": ", ".join(self.names)},
                code="too-many",
            )
        for name, address in zip(self.names, addresses, strict=False):
            if address:
                _check_address(address, name)
        return tuple(addresses) + ("",) * (len(self.names) - len(addresses))


def _check_address(address: str, name: str) -> None:
    try:
        validate_email(address)
    except ValidationError as wrong:
        said = _("The address for %(place)s is not complete: “%(typed)s”. It looks like name@example.fr.")
        raise ValidationError(said, params={"place": name, "typed": address[:80]}, code="invalid") from wrong


class ContactForm(forms.Form):
    """Who books, why, and who should receive the other links: one question for all the other places together."""

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
        help_text=_("For a message half an hour before, and if something goes wrong on the day."),
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
    wants_help = forms.ChoiceField(label=_("Would you like someone to help you?"), required=False)

    def __init__(self, data: Any = None, *, others: Sequence[Party] = (), offered: HelpOffered | None = None) -> None:
        promised = offered or HelpOffered()
        super().__init__(data, initial={"wants_help": promised.wanted})
        self.help_takes_minutes = promised.takes_minutes
        if self.help_takes_minutes:
            del self.fields["wants_help"]
        else:
            promised.fill(self.fields["wants_help"])
        if can_text():
            email = self.fields["email"]
            email.required = False
            email.help_text = _("The links and the calendar entry go there. A mobile number is enough.")
            email.error_messages["required"] = _(
                "Give your e-mail or a mobile number: without one we cannot send you the links."
            )
        self.others = list(others)
        if self.others:
            self.fields["guests"] = AddressesField([party.name for party in self.others])
            self.order_fields(["name", "email", "phone", "category", "title", "travel_mode", "guests", "wants_help"])

    def clean_phone(self) -> str:
        """Return the number with its digits alone, a leading + kept."""
        given: str = self.cleaned_data["phone"]
        number = re.sub(r"[\s.\-()/]", "", given)
        if number and not _PHONE.fullmatch(number):
            raise ValidationError(_("This number cannot be called: digits only, as in 02 96 00 00 00."), code="phone")
        return number

    def clean(self) -> dict[str, Any]:
        """Ask for an e-mail, or for a number that text messages reach."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_silent = "email" in cleaned and not cleaned["email"]
        if is_silent and not is_mobile(cleaned.get("phone", "")) and "phone" not in self.errors:
            self.add_error("email", ValidationError(self.fields["email"].error_messages["required"], code="required"))
        return cleaned

    def contact(self) -> Contact:
        """Return the valid form as what the confirmation needs."""
        cleaned = self.cleaned_data
        return Contact(
            name=cleaned["name"],
            email=cleaned["email"],
            phone=cleaned["phone"],
            category=cleaned["category"],
            title=cleaned["title"],
            wants_help=bool(cleaned.get("wants_help")),
            is_accompanied=cleaned.get("wants_help", "").startswith("first"),
            travel_mode=cleaned["travel_mode"],
            guests=cleaned.get("guests", ()),
        )
