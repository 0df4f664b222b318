"""What people fill in around a meeting."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.booking.models import TravelMode
from maillage.conference.models import VerdictAnswer


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
