"""What an officer fills in on the page of an organisation: a new access token, the period of its accounts."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.actors.domain.tokens import MOST_A_MINUTE, Scope
from maillage.actors.services import TokenWish
from maillage.booking.forms.contact import LineField

_DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
_DURATIONS: Final = (("30", _("one month")), ("90", _("three months")), ("365", _("one year")))
_SCOPES: Final = (
    (Scope.READ.value, _("read when rooms are free")),
    (Scope.BOOK.value, _("keep rooms, book, change and cancel")),
    (Scope.EXPORT.value, _("read the accounts of the organisation")),
)


class TokenForm(forms.Form):
    """A program's access: its name, what it may do, how often, for how long."""

    name = LineField(label=_("Name of the program"), max_length=80, help_text=_("As in: website of the town hall."))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=_SCOPES, widget=forms.CheckboxSelectMultiple, initial=[Scope.READ.value]
    )
    days = forms.ChoiceField(label=_("For how long"), choices=_DURATIONS, initial="365")
    per_minute = forms.IntegerField(
        label=_("Requests a minute at most"), min_value=1, max_value=MOST_A_MINUTE, initial=120
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="token")

    def wish(self) -> TokenWish:
        """Return what was asked, once the form is valid."""
        given = self.cleaned_data
        scopes = [Scope(scope) for scope in given["scopes"]]
        return TokenWish(given["name"], scopes, given["per_minute"], int(given["days"]))


class AccountsForm(forms.Form):
    """From which day to which."""

    first_day = forms.DateField(label=_("From"), widget=_DAY)
    last_day = forms.DateField(label=_("To, included"), widget=_DAY)

    def __init__(self, data: Any = None, *, today: date) -> None:
        last = today.replace(day=1) - timedelta(days=1)
        super().__init__(data, initial={"first_day": last.replace(day=1), "last_day": last})
