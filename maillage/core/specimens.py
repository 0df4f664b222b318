"""What the component sheet shows: a form with a field of every kind, as it opens and as it is refused."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.core.theme import Scheme

NOTICE_KINDS = (
    ("", "message-square"),
    ("info", "info"),
    ("success", "circle-check"),
    ("warning", "triangle-alert"),
    ("danger", "circle-alert"),
)
"""Each kind of notice and badge, with the pictogram that says it without colour."""


class SpecimenForm(forms.Form):
    """One field of every kind a page may need."""

    name = forms.CharField(label=_("Your name"), max_length=40)
    email = forms.EmailField(label=_("Your e-mail"), help_text=_("The link to your meeting is sent there."))
    people = forms.IntegerField(label=_("How many are you?"), min_value=1, max_value=500)
    category = forms.ChoiceField(
        label=_("You are"), choices=[("craft", _("a craftsperson")), ("association", _("an association"))]
    )
    travel = forms.ChoiceField(
        label=_("How would you have travelled?"),
        widget=forms.RadioSelect,
        required=False,
        choices=[("car", _("by car")), ("train", _("by train or coach"))],
    )
    note = forms.CharField(label=_("Something to tell us?"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    wants_help = forms.BooleanField(label=_("I would like someone to help me on the day"), required=False)
    room = forms.CharField(label=_("Room, chosen for you"), disabled=True, initial="Espace du Centre, Callac")


def specimen_form(scheme: Scheme, *, refused: bool) -> SpecimenForm:
    """Return the form, untouched or refused, its ids apart from those of the other forms of the sheet."""
    prefix = f"{scheme}-{'refused' if refused else 'fresh'}"
    if not refused:
        return SpecimenForm(prefix=prefix, initial={"travel": "car"})
    given = {"name": "", "email": "maire@", "people": "900", "category": "craft", "travel": "boat"}
    return SpecimenForm({f"{prefix}-{field}": value for field, value in given.items()}, prefix=prefix)
