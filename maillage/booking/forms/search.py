"""The sentence « Nous serons 3 personnes à Callac et 2 à Rennes… » as a form whose number of places varies."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.terms import Pass
from maillage.booking.domain.windows import NOW, NOW_QUARTERS, WORDS, window_of
from maillage.booking.domain.wishes import MeetingWish
from maillage.booking.forms.choices import HELP, MINUTES, NEEDS
from maillage.booking.forms.places import LEAST_PARTIES, PartyRow, clean_place, given_rows, party_of, place_fields
from maillage.booking.forms.window import WindowForm
from maillage.booking.models import PartyKind
from maillage.booking.selectors.passes import read_pass
from maillage.core.errors import DomainError
from maillage.core.quarters import local_quarter
from maillage.core.words import duration_words


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
        normal["pass"], normal["at"] = given.get("pass", ""), given.get("at", "")
        for position, row in enumerate(given_rows(given), start=1):
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
        self.fields["at"] = forms.TimeField(required=False, widget=forms.HiddenInput)
        self.fields["pass"] = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
        choices = [(str(minutes), duration_words(minutes // 15)) for minutes in MINUTES]
        if duration.isdigit() and int(duration) % 15 == 0 and 15 <= int(duration) <= 720:
            known = {value for value, _words in choices}
            choices += [] if duration in known else [(duration, duration_words(int(duration) // 15))]
        self.fields["duration"].choices = sorted(choices, key=lambda pair: int(pair[0]))  # type: ignore[attr-defined]
        for position in range(1, self.party_count + 1):
            for name, field in place_fields(position).items():
                self.fields[f"{name}_{position}"] = field

    def rows(self) -> Iterator[PartyRow]:
        """Yield the places as shown, each with the communes to choose from when its name belongs to several."""
        for position in range(1, self.party_count + 1):
            place = self[f"place_{position}"]
            found = self.errors.as_data().get(place.name, []) if self.is_bound else []
            yield PartyRow(
                position=position,
                place=place,
                people=self[f"people_{position}"],
                kind=self[f"kind_{position}"],
                address=self[f"address_{position}"],
                room=self[f"room_{position}"],
                choices=tuple(typed for error in found for typed in (error.params or {}).get("choices_typed", ())),
                is_optional=position > LEAST_PARTIES,
            )

    def clean(self) -> dict[str, Any]:
        """Check each place, and require at least one room of the network."""
        cleaned = super().clean() or self.cleaned_data
        positions = range(1, self.party_count + 1)
        for position in positions:
            clean_place(self, position)
        if not any(cleaned.get(f"kind_{position}") in {PartyKind.ROOM, None} for position in positions):
            self.add_error(
                "kind_1",
                ValidationError(_("At least one place needs a room: the others may be elsewhere."), code="no-room"),
            )
        return cleaned

    def window_fields(self) -> list[BoundField]:
        """Return the fields of the line that says how long and when."""
        return [self["duration"], self["when"], self["day"], self["part"]]

    def wish(self, now: datetime, zone: ZoneInfo) -> MeetingWish:
        """Return the valid form as what the search engine understands."""
        first, end = window_of(self.when_words(), now, zone)
        if self.when_words() == NOW:
            end = first + NOW_QUARTERS + self.cleaned_data["duration"] // 15
        return MeetingWish(
            parties=tuple(
                party_of(self.cleaned_data, position, frozenset(self.cleaned_data["needs"]) - {HELP})
                for position in range(1, self.party_count + 1)
            ),
            length=self.cleaned_data["duration"] // 15,
            first_quarter=first,
            end_quarter=end,
            part_of_day=self.cleaned_data["part"],
            time_zone=zone.key,
            soonest=self.when_words() == NOW,
            near_quarter=self._near(zone),
            wants_help=HELP in self.cleaned_data["needs"],
            passes=self.passes(now),
        )

    def _near(self, zone: ZoneInfo) -> int | None:
        """Return the hour to stay near to, on a day that was chosen; None if the clocks skip it."""
        day, at = self.cleaned_data["day"], self.cleaned_data.get("at")
        if day is None or at is None or at.minute % 15:
            return None
        try:
            return local_quarter(day, at, zone)
        except DomainError:
            return None

    def passes(self, now: datetime) -> frozenset[Pass]:
        """Return what the link of a host opens, none without one. Raises LinkForged, LinkExpired."""
        token: str = self.cleaned_data["pass"]
        return frozenset({read_pass(token, now)}) if token else frozenset()
