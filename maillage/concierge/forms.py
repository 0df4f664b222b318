"""What is typed at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.concierge.models import Cause, Owner, Supplier
from maillage.station.models import OrderKind


class TicketForm(forms.Form):
    """A problem: what it is, whose it seems to be, what is known."""

    cause = forms.ChoiceField(label=_("What happens"), choices=Cause.choices)
    owner = forms.ChoiceField(label=_("Whose problem it seems to be"), choices=Owner.choices)
    party = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What is known"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )


class ClosingForm(forms.Form):
    """How a problem ended."""

    owner = forms.ChoiceField(label=_("Whose problem it was"), choices=Owner.choices)
    note = forms.CharField(label=_("What was done"), max_length=2000, required=False)


class GivingForm(forms.Form):
    """Whose problem it is, and which supplier was called."""

    owner = forms.ChoiceField(label=_("Whose problem it seems to be"), choices=Owner.choices)
    supplier = forms.ModelChoiceField(label=_("Supplier called"), queryset=Supplier.objects.all(), required=False)
    note = forms.CharField(label=_("What was done"), max_length=2000, required=False)


class PeriodForm(forms.Form):
    """A period of the incident log, and a place."""

    since = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}))
    site = forms.CharField(label=_("Place"), required=False, max_length=200)


class NoteForm(forms.Form):
    """A line of text."""

    note = forms.CharField(label=_("Note"), max_length=2000)


class OrderForm(forms.Form):
    """What is asked of a room's screen."""

    kind = forms.ChoiceField(label=_("Act"), choices=OrderKind.choices)
    text = forms.CharField(label=_("Message shown in the room"), max_length=200, required=False)

    def clean(self) -> None:
        """A message needs its words."""
        super().clean()
        if self.cleaned_data.get("kind") == OrderKind.MESSAGE and not self.cleaned_data.get("text", "").strip():
            self.add_error("text", _("Type the words to show in the room."))


class WaiverForm(forms.Form):
    """Why a room is offered whatever its tests say, and for how long."""

    hours = forms.TypedChoiceField(
        label=_("For"),
        coerce=int,
        choices=[(4, _("4 hours")), (24, _("one day")), (168, _("one week"))],
    )
    reason = forms.CharField(label=_("Why"), max_length=200)


class HandoverForm(forms.Form):
    """What the next shift must know."""

    text = forms.CharField(label=_("For the next shift"), max_length=4000, widget=forms.Textarea({"rows": 3}))
