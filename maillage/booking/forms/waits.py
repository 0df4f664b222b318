"""What somebody who waits gives: who they are, where to be told, until when."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.contacts import Contact
from maillage.booking.forms.contact import LineField
from maillage.booking.forms.on_behalf import ReachField
from maillage.booking.models import Category
from maillage.core.sms import can_text, is_mobile


class WaitForm(forms.Form):
    """Four answers, so that one press is enough when a slot frees. `last_day`: of the wish."""

    name = LineField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Give your name: it is shown to the people you meet.")},
    )  # fmt: skip
    reach = ReachField(label=_("Your e-mail"), max_length=254, widget=forms.TextInput({"autocomplete": "email"}))
    category = forms.ChoiceField(
        label=_("You are"),
        choices=[("", _("Choose…")), *Category.choices],
        help_text=_("For the network's figures."),
        error_messages={"required": _("Choose the line closest to you.")},
    )
    until = forms.DateField(
        label=_("Wait until"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("After that day nothing of this is kept."),
    )

    def __init__(self, data: Any = None, *, today: date, last_day: date) -> None:
        super().__init__(data, initial={"until": last_day})
        self.today, self.last_day = today, last_day
        if can_text():
            self.fields["reach"].label = _("Your e-mail or mobile number")

    def clean_reach(self) -> tuple[str, str]:
        """Refuse a number that no text message reaches."""
        email, phone = self.cleaned_data["reach"]
        if phone and not (can_text() and is_mobile(phone)):
            raise ValidationError(_("Give an e-mail: we could not write to this number."), code="not-reachable")
        return email, phone

    def clean_until(self) -> date:
        """Refuse a day that is over; nobody waits longer than their wish."""
        until: date = self.cleaned_data["until"]
        if until < self.today:
            raise ValidationError(_("That day is over. Choose one from today on."), code="past-day")
        return min(until, self.last_day)

    def contact(self) -> Contact:
        """Return who waits."""
        email, phone = self.cleaned_data["reach"]
        given = self.cleaned_data
        return Contact(name=given["name"], email=email, phone=phone, category=given["category"])

    def until_moment(self, zone: ZoneInfo) -> datetime:
        """Return the end of the last day."""
        following = self.cleaned_data["until"] + timedelta(days=1)
        return datetime.combine(following, time(), tzinfo=zone)
