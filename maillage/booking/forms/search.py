"""The sentence « Nous serons 3 personnes à Callac et 2 à Rennes… » as a form whose number of places varies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.windows import WORDS, window_of
from maillage.booking.domain.wishes import MeetingWish, PartyWish
from maillage.booking.forms.choices import KINDS, MINUTES, NEEDS
from maillage.booking.forms.window import WindowForm
from maillage.booking.models import PartyKind
from maillage.core.errors import DomainError
from maillage.core.words import duration_words
from maillage.territory.models import Commune
from maillage.territory.selectors import commune_named

LEAST_PARTIES, MOST_PARTIES = 2, 6
_ROW_FIELDS = ("place", "people", "kind", "room")


class CommuneField(forms.CharField):
    """A commune typed by its name; its refusals keep the choices when a name belongs to several."""

    def clean(self, value: Any) -> Commune | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return commune_named(text)
        except DomainError as refusal:
            raise ValidationError(refusal.sentence(), code=refusal.code, params=dict(refusal.details)) from refusal


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One place of the sentence, as the template shows it."""

    position: int
    place: BoundField
    people: BoundField
    kind: BoundField
    room: BoundField
    choices: tuple[Commune, ...]
    is_optional: bool

    def shown_errors(self) -> list[BoundField]:
        """Return the fields of the line that are to be corrected."""
        return [field for field in (self.people, self.kind, self.place, self.room) if field.errors]


def _given_rows(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the places that were filled in, closed up, with one more or one less if a button asked for it."""
    rows = [
        {name: str(data.get(f"{name}_{position}", "")) for name in _ROW_FIELDS}
        for position in range(1, MOST_PARTIES + 1)
        if any(f"{name}_{position}" in data for name in ("place", "people", "room"))
    ]
    removed = str(data.get("remove", ""))
    if removed.isdigit() and 0 < int(removed) <= len(rows) and len(rows) > LEAST_PARTIES:
        del rows[int(removed) - 1]
    if "add" not in data and "remove" not in data:
        rows = rows[:LEAST_PARTIES] + [row for row in rows[LEAST_PARTIES:] if row["place"].strip() or row["room"]]
    if "add" in data and len(rows) < MOST_PARTIES:
        rows.append(dict.fromkeys(_ROW_FIELDS, ""))
    while len(rows) < LEAST_PARTIES:
        rows.append(dict.fromkeys(_ROW_FIELDS, ""))
    return rows


def _with_day(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return `when` and `day`: a day may also be given as the value of `when`."""
    when, day = str(data.get("when", "") or "next-week"), str(data.get("day", ""))
    if when in WORDS or when == "date":
        return when, day
    return "date", day or when


class SlotSearchForm(WindowForm):
    """Who comes from where, for how long, when. Everything but the places has an answer beforehand."""

    duration = forms.TypedChoiceField(label=_("How long"), coerce=int)
    needs = forms.MultipleChoiceField(
        label=_("What the rooms should have"), choices=NEEDS, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: QueryDict | None = None, *, today: date | None = None) -> None:
        given = data if data is not None else QueryDict()
        self.party_count = 0
        normal: dict[str, Any] = {"part": given.get("part") or "any", "needs": given.getlist("needs")}
        normal["duration"] = str(given.get("duration") or "60")
        normal["when"], normal["day"] = _with_day(given)
        for position, row in enumerate(_given_rows(given), start=1):
            self.party_count = position
            normal |= {f"{name}_{position}": value for name, value in row.items()}
            normal[f"people_{position}"] = row["people"] or ("3" if position == 1 else "2")
            normal[f"kind_{position}"] = row["kind"] or PartyKind.ROOM.value
        self.is_asked = any(str(given.get(f"{name}_1", "")).strip() for name in ("place", "room")) or any(
            key in given for key in ("place_1", "place_2")
        )
        self.is_reshaped = "add" in given or "remove" in given
        super().__init__(normal if self.is_asked and not self.is_reshaped else None, today=today, initial=normal)
        self._build_fields(normal["duration"])

    def _build_fields(self, duration: str) -> None:
        choices = [(str(minutes), duration_words(minutes // 15)) for minutes in MINUTES]
        if duration.isdigit() and int(duration) % 15 == 0 and 15 <= int(duration) <= 720:
            known = {value for value, _words in choices}
            choices += [] if duration in known else [(duration, duration_words(int(duration) // 15))]
        self.fields["duration"].choices = sorted(choices, key=lambda pair: int(pair[0]))  # type: ignore[attr-defined]
        for position in range(1, self.party_count + 1):
            self.fields[f"place_{position}"] = CommuneField(
                label=_("Town of place %(position)s") % {"position": position},
                max_length=80,
                required=False,
                widget=forms.TextInput(
                    {
                        "autocomplete": "off",
                        "placeholder": _("a town"),
                        "class": "sentence__place",
                        "data-communes": "/communes",
                    }
                ),
                error_messages={"max_length": _("The name of a town is shorter than that.")},
            )
            self.fields[f"people_{position}"] = forms.IntegerField(
                label=_("People at place %(position)s") % {"position": position},
                min_value=1,
                max_value=500,
                widget=forms.NumberInput({"inputmode": "numeric", "class": "sentence__people"}),
                error_messages={
                    "required": _("How many people?"),
                    "min_value": _("At least one person."),
                    "max_value": _("At most 500 people."),
                    "invalid": _("A whole number of people."),
                },
            )
            self.fields[f"kind_{position}"] = forms.ChoiceField(
                label=_("How place %(position)s takes part") % {"position": position}, choices=KINDS
            )
            self.fields[f"room_{position}"] = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def rows(self) -> Iterator[PartyRow]:
        """Yield the places as shown, each with the communes to choose from when its name belongs to several."""
        for position in range(1, self.party_count + 1):
            place = self[f"place_{position}"]
            found = self.errors.as_data().get(place.name, []) if self.is_bound else []
            codes = [insee for error in found for insee in (error.params or {}).get("insee", ())]
            choices = tuple(Commune.objects.filter(pk__in=codes)) if codes else ()
            yield PartyRow(
                position=position,
                place=place,
                people=self[f"people_{position}"],
                kind=self[f"kind_{position}"],
                room=self[f"room_{position}"],
                choices=choices,
                is_optional=position > LEAST_PARTIES,
            )

    def clean(self) -> dict[str, Any]:
        """Require a town for each of the first two places, and at least one room of the network."""
        cleaned = super().clean() or self.cleaned_data
        positions = range(1, self.party_count + 1)
        for position in positions:
            name = f"place_{position}"
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, ValidationError(_("In which town will they be?"), code="place-missing"))
        if all(cleaned.get(f"kind_{position}") == PartyKind.BROWSER for position in positions):
            self.add_error(
                "kind_1",
                ValidationError(_("At least one place needs a room: the others may use a computer."), code="no-room"),
            )
        return cleaned

    def window_fields(self) -> list[BoundField]:
        """Return the fields of the line that says how long and when."""
        return [self["duration"], self["when"], self["day"], self["part"]]

    def wish(self, now: datetime, zone: ZoneInfo) -> MeetingWish:
        """Return the valid form as what the search engine understands."""
        first, end = window_of(self.when_words(), now, zone)
        return MeetingWish(
            parties=tuple(self._party(position) for position in range(1, self.party_count + 1)),
            length=self.cleaned_data["duration"] // 15,
            first_quarter=first,
            end_quarter=end,
            part_of_day=self.cleaned_data["part"],
            time_zone=zone.key,
        )

    def _party(self, position: int) -> PartyWish:
        commune: Commune = self.cleaned_data[f"place_{position}"]
        kind: str = self.cleaned_data[f"kind_{position}"]
        return PartyWish(
            position=position - 1,
            head_count=self.cleaned_data[f"people_{position}"],
            commune_insee=commune.insee,
            latitude=commune.latitude or 0.0,
            longitude=commune.longitude or 0.0,
            kind=kind,
            room_id=self.cleaned_data.get(f"room_{position}") if kind == PartyKind.ROOM else None,
            needs=frozenset(self.cleaned_data["needs"]) if kind == PartyKind.ROOM else frozenset(),
            name=commune.name,
        )
