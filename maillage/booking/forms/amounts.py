"""Euros typed as people do, and one row of a price grid."""

import re
from itertools import pairwise
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.tariffs import COVERS, MOST_CENTS, Group, Origin, Price, Unit
from maillage.booking.errors.tariffs import TariffAbsurd, TariffIncoherent, TariffNegative
from maillage.booking.models import TariffGroup, TariffOrigin, TariffUnit
from maillage.core.errors import DomainError

_AMOUNT: Final = re.compile(r"([-−]?)([0-9]{1,9})(?:[.,]([0-9]{1,2}))?")
_AROUND: Final = re.compile(r"\s|€|euros?|EUR", re.IGNORECASE)


def refused(refusal: DomainError) -> ValidationError:
    """Return a refusal of the domain as the error of a field, with its code."""
    return ValidationError(f"{refusal.sentence()} {refusal.advice()}", code=refusal.code)


class AmountField(forms.CharField):
    """Euros as people type them: « 12 », « 12,50 », « 12.50 € ». Cleaned to whole cents; None when left empty."""

    def __init__(self, *, label: Any, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "size": "8"}
        super().__init__(label=label, required=False, max_length=30, widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return cents. Raises ValidationError: amount-unreadable, or the codes of the errors of tariffs."""
        typed = _AROUND.sub("", super().clean(value))
        if not typed:
            return None
        read = _AMOUNT.fullmatch(typed)
        if read is None:
            words = _("%(label)s: write an amount in euros, as in 12 or 12.50.")
            raise ValidationError(words, code="amount-unreadable", params={"label": self.label})
        sign, euros, rest = read.groups()
        cents = int(euros) * 100 + int((rest or "").ljust(2, "0"))
        if sign and cents:
            raise refused(TariffNegative(label=self.label))
        if cents > MOST_CENTS:
            raise refused(TariffAbsurd(label=self.label, most_euros=MOST_CENTS // 100))
        return cents

    def prepare_value(self, value: Any) -> Any:
        """Return cents as they are typed in the active language; what was typed stays as it is."""
        if not isinstance(value, int):
            return value
        euros, rest = divmod(value, 100)
        mark = "," if (get_language() or "").startswith("fr") else "."
        return f"{euros}{mark}{rest:02}" if rest else str(euros)


class RowForm(forms.Form):
    """One row of the grid: people, and what they pay by unit. A row without any amount is no row."""

    group = forms.ChoiceField(label=_("For whom"), choices=TariffGroup.choices)
    origin = forms.ChoiceField(label=_("Coming"), choices=TariffOrigin.choices)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for unit in TariffUnit:
            self.fields[unit.value] = AmountField(label=unit.label)

    @property
    def amounts(self) -> list[forms.BoundField]:
        """The cells of the row."""
        return [self[unit.value] for unit in TariffUnit]

    def prices(self) -> list[Price]:
        """Return the cells that hold an amount."""
        given = self.cleaned_data
        group, origin = Group(given["group"]), Origin(given["origin"])
        return [Price(unit, given[unit], group, origin) for unit in Unit if given.get(unit) is not None]

    def clean(self) -> dict[str, Any]:
        """Refuse a longer time that is cheaper than a shorter one."""
        given = self.cleaned_data
        filled = sorted((unit for unit in Unit if given.get(unit) is not None), key=lambda unit: COVERS[unit])
        for shorter, longer in pairwise(filled):
            if given.get(longer, 0) < given.get(shorter, 0):
                names = f"{TariffUnit(shorter.value).label} / {TariffUnit(longer.value).label}"
                self.add_error(longer.value, refused(TariffIncoherent(label=names)))
        return given
