"""The grid that a facilitator fills: who pays how much, from which day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.tariffs import Group, Origin, Price, Tariff, Unit, check_tariff
from maillage.booking.errors.tariffs import TariffAmbiguous, TariffIncoherent
from maillage.booking.forms.amounts import AmountField, RowForm, refused
from maillage.booking.forms.contact import LineField
from maillage.booking.models import TariffGroup, TariffOrigin, TariffSheet, TariffUnit
from maillage.booking.selectors.tariff_entry import people_words
from maillage.booking.selectors.tariff_sheets import tariff_rules

FREE: Final = "free"
GRID: Final = "grid"
UNDEFINED: Final = "undefined"
_KINDS = [
    (FREE, _("Nothing: it is free for everybody")),
    (GRID, _("The prices written below")),
    (UNDEFINED, _("Not decided: visitors read that the price is to be seen on the spot")),
]
MOST_ROWS: Final = len(TariffGroup) * len(TariffOrigin)
_MOST_FIRST_USES: Final = 100
_MOST_DAYS_AHEAD: Final = 731


class TariffForm(forms.Form):
    """What is asked of all: everything but the grid."""

    kind = forms.ChoiceField(label=_("What do you ask?"), choices=_KINDS, widget=forms.RadioSelect)
    valid_from = forms.DateField(
        label=_("From which day?"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Meetings booked before keep the price that was shown to them."),
    )
    first_uses_free = forms.IntegerField(
        label=_("First meetings offered to each newcomer"),
        required=False,
        min_value=0,
        max_value=_MOST_FIRST_USES,
        help_text=_("As in: 2. Empty if none is."),
    )
    evening = AmountField(
        label=_("Opening for a meeting in the evening or early"),
        help_text=_("In euros, on top of the rest, when somebody has to come and open."),
    )
    weekend = AmountField(label=_("Opening for a meeting on a weekend or a holiday"), help_text=_("In euros."))
    note = LineField(
        label=_("Your tariff as you write it"),
        required=False,
        max_length=300,
        help_text=_("Kept beside the prices for you; visitors do not read it."),
    )
    seen = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today

    def clean_valid_from(self) -> date:
        """Refuse a day that is over, or years ahead."""
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise ValidationError(_("This day is over: choose today or a later day."), code="day-over")
        if day > self.today + timedelta(days=_MOST_DAYS_AHEAD):
            raise ValidationError(_("This day is more than two years ahead: check the year."), code="day-too-far")
        return day


class TariffEntry:
    """The whole screen: the form, and the rows of its grid. `before` is the sheet that it starts from."""

    def __init__(self, data: QueryDict | None, *, before: TariffSheet | None, today: date, seen: str) -> None:
        self.before = before
        self.form = TariffForm(data, today=today, initial={**_first_answers(before, today), "seen": seen})
        if data is None:
            self.rows = [RowForm(prefix=f"row{n}", initial=row) for n, row in enumerate(_first_rows(before))]
        else:
            self.rows = [RowForm(data, prefix=f"row{n}") for n in range(_count(data))]

    @property
    def can_grow(self) -> bool:
        """Tell whether people are left that could have a row."""
        return len(self.rows) < MOST_ROWS

    @property
    def has_errors(self) -> bool:
        """Tell whether something typed is to be corrected."""
        return bool(self.form.errors or (self.asks_prices and any(row.errors for row in self.rows)))

    @property
    def asks_prices(self) -> bool:
        """Tell whether the grid counts."""
        return self.form.is_bound and self.form.data.get("kind") == GRID

    @property
    def has_practice(self) -> bool:
        """Tell whether less is asked in fact than what is written, somewhere in the grid."""
        return self.before is not None and any(p.practice_cents is not None for p in self.before.prices.all())

    @property
    def has_unused_prices(self) -> bool:
        """Tell whether prices were typed that the first answer leaves aside."""
        return not self.asks_prices and any(amount.value() for row in self.rows for amount in row.amounts)

    def is_valid(self) -> bool:
        """Check all that counts: the grid only if prices are asked."""
        whole = self.form.is_valid()
        if not self.asks_prices:
            return whole
        if any(row.errors for row in self.rows):
            return False
        self._refuse_twice()
        if not any(row.prices() for row in self.rows if not row.errors):
            self.form.add_error("kind", ValidationError(_("Write at least one price in the grid."), code="no-price"))
        if self.has_errors:
            return False
        try:
            check_tariff(self.tariff())
        except TariffIncoherent:  # written prices were compared in their rows: what is left is what is asked in fact
            self.form.add_error(None, refused(TariffIncoherent(label=_("what is asked in fact"))))
        return not self.has_errors

    def tariff(self) -> Tariff:
        """Return the valid entry. Free hours stay; what is asked in fact too, unless more than the new price."""
        given = self.form.cleaned_data
        before = tariff_rules(self.before) if self.before else Tariff()
        practice = {(p.unit, p.group, p.origin): p.practice_cents for p in before.prices}
        typed = [price for row in self.rows for price in row.prices()] if given["kind"] == GRID else []
        return Tariff(
            prices=tuple(_with_practice(p, practice.get((p.unit, p.group, p.origin))) for p in typed),
            is_free=given["kind"] == FREE,
            free_windows=before.free_windows,
            first_uses_free=given["first_uses_free"] or 0,
            evening_opening_cents=given["evening"] or 0,
            weekend_opening_cents=given["weekend"] or 0,
        )

    def _refuse_twice(self) -> None:
        cells: set[tuple[Group, Origin, Unit]] = set()
        for row in self.rows:
            for price in row.prices():
                cell = (price.group, price.origin, price.unit)
                if cell in cells:
                    words = f"{people_words(price.group, price.origin)}, {TariffUnit(price.unit.value).label}"
                    row.add_error(price.unit.value, refused(TariffAmbiguous(label=words)))
                cells.add(cell)


def with_one_more_row(data: QueryDict) -> QueryDict:
    """Return what was sent with one row more, for people who have none yet where some are left."""
    count = _count(data)
    grown = data.copy()
    if count < MOST_ROWS:
        used = {data.get(f"row{n}-group") for n in range(count)}
        grown["rows"] = str(count + 1)
        grown[f"row{count}-group"] = next((g.value for g in TariffGroup if g.value not in used), Group.EVERYONE.value)
        grown[f"row{count}-origin"] = Origin.ANY.value
    return grown


def _count(data: QueryDict) -> int:
    typed = data.get("rows", "")
    return min(max(int(typed), 1), MOST_ROWS) if typed.isdecimal() and len(typed) < 4 else 1


def _with_practice(price: Price, asked: int | None) -> Price:
    return price if asked is None or asked > price.cents else replace(price, practice_cents=asked)


def _first_answers(before: TariffSheet | None, today: date) -> dict[str, Any]:
    if before is None:
        return {"kind": GRID, "valid_from": today}
    written = GRID if before.prices.all() else UNDEFINED
    return {
        "kind": FREE if before.is_free else written,
        "valid_from": today,
        "first_uses_free": before.first_uses_free or None,
        "evening": before.evening_opening_cents or None,
        "weekend": before.weekend_opening_cents or None,
        "note": before.note,
    }


def _first_rows(before: TariffSheet | None) -> Sequence[dict[str, Any]]:
    """Return the people who have prices, in the order of the lists; everyone if nobody has."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for price in before.prices.all() if before else ():
        row = found.setdefault((price.group, price.origin), {"group": price.group, "origin": price.origin})
        row[price.unit] = price.cents
    ranked = [found[people] for people in product(TariffGroup.values, TariffOrigin.values) if people in found]
    return ranked or [{"group": Group.EVERYONE.value, "origin": Origin.ANY.value}]
