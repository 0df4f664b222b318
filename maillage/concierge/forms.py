"""What is typed at the desk."""

from typing import ClassVar, Literal

from django import forms
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from maillage.concierge.domain.trials import TrialFacts
from maillage.concierge.models import Cause, FarEnd, Owner, Supplier
from maillage.station.models import OrderKind

_FROM_THE_DESK = [(kind.value, kind.label) for kind in OrderKind if kind is not OrderKind.CALL]


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

    kind = forms.ChoiceField(label=_("Act"), choices=_FROM_THE_DESK)
    text = forms.CharField(label=_("Message shown in the room"), max_length=200, required=False)

    def clean(self) -> None:
        """A message needs its words."""
        super().clean()
        if self.cleaned_data.get("kind") == OrderKind.MESSAGE and not self.cleaned_data.get("text", "").strip():
            self.add_error("text", _("Type the words to show in the room."))


class DialForm(forms.Form):
    """A telephone or a terminal to ring into the meeting."""

    target = forms.CharField(label=_("Telephone number or terminal"), max_length=200)
    name = forms.CharField(label=_("Shown as"), max_length=120, required=False)


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


class FarEndForm(forms.ModelForm[FarEnd]):
    """Who looks after the equipment of a far end, and when it is tested."""

    test_on = forms.DateTimeField(
        label=_("A moment to test together"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    class Meta:
        model = FarEnd
        fields = ("name", "phone", "email", "address", "firewall", "test_on")
        widgets: ClassVar = {"firewall": forms.Textarea({"rows": 3})}

    def clean(self) -> None:
        """Somebody must be reachable."""
        super().clean()
        given = self.cleaned_data
        if not given.get("name"):
            self.add_error("name", _("Say who it is: a name or a service."))
        if not (given.get("phone") or given.get("email")):
            self.add_error("phone", _("Give a telephone number or an e-mail address."))


class TrialIn(Schema):
    """What the page of a rehearsal measured and what the person said."""

    token: str = Field("", max_length=200)
    has_microphone: bool
    has_camera: bool
    tune_heard: bool | None = None
    voice_level: float | None = Field(None, ge=0, le=1)
    voice_heard: bool | None = None
    echo_heard: bool | None = None
    path_found: bool | None = None
    path: Literal["", "host", "srflx", "prflx", "relay"] = ""
    rtt_ms: float | None = Field(None, ge=0, le=60_000)
    device: str = Field("", max_length=60)

    def facts(self) -> TrialFacts:
        """Return what the rules judge."""
        return TrialFacts(**self.dict(exclude={"token", "path", "rtt_ms", "device"}))
