"""What people fill in around a meeting."""

import re
import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.booking.models import Party, TravelMode
from maillage.conference.domain.agenda import MOST_ITEMS
from maillage.conference.domain.minutes import LONGEST_TEXT, Action, Draft, worth_keeping
from maillage.conference.models import Conduct, EntryRule, VerdictAnswer


class AfterForm(forms.Form):
    """The two questions after a meeting. Neither is compulsory."""

    worked = forms.ChoiceField(
        label=_("Did it work?"), choices=VerdictAnswer.choices, widget=forms.RadioSelect, required=False
    )
    travel_mode = forms.ChoiceField(
        label=_("How would you have come?"),
        choices=[choice for choice in TravelMode.choices if choice[0]],
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Without your answer, nothing is counted as avoided."),
    )


def fresh_request_key() -> str:
    """Return a key for one form: sent twice, it makes one thing."""
    return secrets.token_hex(12)


class CodeForm(forms.Form):
    """The code of a meeting, and who comes in with it."""

    code = forms.CharField(
        label=_("Code of the meeting"),
        max_length=12,
        help_text=_("Six digits, given by the person who invited you."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    name = forms.CharField(
        label=_("Your name, as the others will see it"), max_length=120, help_text=_("Such as: Town hall of Houat")
    )
    head_count = forms.IntegerField(label=_("How many are you?"), min_value=1, max_value=500, initial=1)
    request_key = forms.RegexField(regex=r"^[A-Za-z0-9-]{8,36}$", widget=forms.HiddenInput)

    def clean_code(self) -> str:
        """Return the six digits, spaces and dashes left out."""
        digits = re.sub(r"[\s.-]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", digits):
            raise forms.ValidationError(_("A code has six digits, such as 482 913."))
        return digits

    def clean_name(self) -> str:
        """Return the name on one line."""
        return " ".join(self.cleaned_data["name"].split())


ITEM_ROWS = 8
DEFAULT_MINUTES = 10


class PlanForm(forms.Form):
    """Who may enter, the agenda in rows of a title and minutes, and a sentence for each side."""

    entry_rule = forms.ChoiceField(
        label=_("Who may enter"),
        choices=[
            (EntryRule.OPEN.value, _("Everyone who has the link or the code")),
            (EntryRule.KNOCK.value, _("We open to each side")),
        ],
        widget=forms.RadioSelect,
        help_text=_("The rooms of the network and your own side always enter at once."),
    )

    def __init__(
        self, data: Any = None, *, parties: Sequence[Party], conduct: Conduct | None, items: Sequence[tuple[str, int]]
    ) -> None:
        self.parties = parties
        self.rows = max(ITEM_ROWS, len(items) + 3)
        initial: dict[str, Any] = {"entry_rule": conduct.entry_rule if conduct else EntryRule.OPEN.value}
        said = conduct.introductions if conduct else {}
        super().__init__(data, initial=initial)
        for row in range(min(self.rows, MOST_ITEMS)):
            title, minutes = items[row] if row < len(items) else ("", None)
            self.fields[f"title_{row}"] = forms.CharField(
                label=_("Item %(number)s") % {"number": row + 1}, max_length=120, required=False, initial=title
            )
            self.fields[f"minutes_{row}"] = forms.IntegerField(
                label=_("Minutes"), min_value=1, max_value=720, required=False, initial=minutes
            )
        for party in parties:
            self.fields[f"who_{party.pk}"] = forms.CharField(
                label=party.name, max_length=160, required=False, initial=said.get(str(party.pk), "")
            )

    def item_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the rows of the agenda, for the page."""
        rows = [name.partition("_")[2] for name in self.fields if name.startswith("title_")]
        return [(self[f"title_{row}"], self[f"minutes_{row}"]) for row in rows]

    def who_fields(self) -> list[forms.BoundField]:
        """Return the sentence of each side, for the page."""
        return [self[f"who_{party.pk}"] for party in self.parties]

    def items(self) -> list[tuple[str, int]]:
        """Return the agenda as filled in; an item without its minutes has DEFAULT_MINUTES."""
        given = self.cleaned_data
        rows = [name.partition("_")[2] for name in self.fields if name.startswith("title_")]
        filled = [(given[f"title_{row}"].strip(), given[f"minutes_{row}"]) for row in rows]
        return [(title, minutes or DEFAULT_MINUTES) for title, minutes in filled if title]

    def introductions(self) -> dict[int, str]:
        """Return the sentence of each side."""
        return {party.pk: self.cleaned_data[f"who_{party.pk}"] for party in self.parties}


class ActionForm(forms.Form):
    """One thing to do. An empty row is no row."""

    what = forms.CharField(label=_("What"), max_length=300, required=False)
    who = forms.CharField(label=_("Who"), max_length=120, required=False)
    due = forms.DateField(label=_("By when"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


ActionRows = forms.formset_factory(ActionForm, extra=3, max_num=40, absolute_max=60)


class MinutesForm(forms.Form):
    """The minutes but for what is to be done, which are rows beside it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    present = forms.CharField(
        label=_("Who was there"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    decisions = forms.CharField(
        label=_("What was decided"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )

    def draft(self, rows: "forms.BaseFormSet[ActionForm]") -> Draft:
        """Return the draft that the form and its rows hold, both valid."""
        given = [
            (row.cleaned_data.get("what", ""), row.cleaned_data.get("who", ""), row.cleaned_data.get("due"))
            for row in rows
        ]
        return Draft(self.cleaned_data["present"], self.cleaned_data["decisions"], worth_keeping(given))


def rows_of(actions: tuple[Action, ...]) -> list[dict[str, object]]:
    """Return what the rows show first."""
    return [{"what": action.what, "who": action.who, "due": action.due} for action in actions]
