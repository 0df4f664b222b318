"""Why a meeting is cancelled (requirement B23)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.booking.models import CancelCause

CAUSES = [
    (CancelCause.ORGANISER.value, _("We no longer need it")),
    (CancelCause.NO_COUNTERPART.value, _("The other side cannot be reached or is not equipped")),
    (CancelCause.TECHNICAL.value, _("Something does not work")),
    (CancelCause.OTHER.value, _("Another reason")),
]


class CancelForm(forms.Form):
    """One question, answered beforehand."""

    cause = forms.ChoiceField(
        label=_("Why do you cancel?"), choices=CAUSES, initial=CancelCause.ORGANISER.value, widget=forms.RadioSelect
    )
