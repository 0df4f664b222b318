"""A town typed by its name."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.core.errors import DomainError
from maillage.territory.models import Commune
from maillage.territory.selectors import commune_named


class CommuneField(forms.CharField):
    """A commune typed by its name; its refusals say what to add when a name belongs to several."""

    def clean(self, value: Any) -> Commune | None:
        """Return the commune, None if nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return commune_named(text)
        except DomainError as refusal:
            raise ValidationError(refusal.sentence(), code=refusal.code) from refusal
