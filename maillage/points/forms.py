"""What a visitor may ask of the directory."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.points.domain.catalogue import NEEDS
from maillage.points.models import EquipmentKind

NEED_WORDS = {
    **dict(EquipmentKind.choices),
    "step-free": _("step-free entrance"),
    "parking": _("parking"),
    "staff": _("someone to help on site"),
}


class DirectoryForm(forms.Form):
    """A place or a name, how many people, and what they need. Only the needs that some room meets are offered."""

    q = forms.CharField(
        label=_("Town or name"),
        required=False,
        max_length=80,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-communes": "/communes"}),
    )
    people = forms.IntegerField(label=_("People"), required=False, min_value=1, max_value=500, widget=forms.NumberInput)
    need = forms.MultipleChoiceField(
        label=_("Equipment and access"),
        required=False,
        choices=[(need, NEED_WORDS[need]) for need in NEEDS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, present: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["need"]
        asked = set(self.data.getlist("need")) if hasattr(self.data, "getlist") else set()
        if isinstance(field, forms.MultipleChoiceField):
            field.widget.choices = [(need, NEED_WORDS[need]) for need in NEEDS if need in present or need in asked]


class ReachForm(forms.Form):
    """Whom one wants to reach: a town, or an organisation."""

    q = forms.CharField(
        label=_("A town or an organisation"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-communes": "/communes"}),
        error_messages={"required": _("Say whom you want to reach.")},
    )
