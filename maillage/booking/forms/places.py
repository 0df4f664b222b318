"""One place of the sentence: a town, a point by its name, or people elsewhere and how they are reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from maillage.actors.domain.addresses import MOST_LETTERS
from maillage.actors.models import Organisation
from maillage.booking.domain.reaching import reached_at
from maillage.booking.domain.wishes import PartyWish
from maillage.booking.forms.choices import KINDS
from maillage.booking.models import PartyKind
from maillage.core.errors import DomainError
from maillage.points.errors import AmbiguousPoint, UnknownPlace
from maillage.points.models import Point, Room
from maillage.points.selectors import points_named
from maillage.territory.errors import AmbiguousCommune, UnknownCommune
from maillage.territory.models import Commune
from maillage.territory.selectors import commune_named

LEAST_PARTIES, MOST_PARTIES = 2, 6
ROW_FIELDS: Final = ("place", "people", "kind", "address", "room")
CALLED: Final = frozenset({PartyKind.SIP.value, PartyKind.PHONE.value})
_WHO: Final = {
    PartyKind.BROWSER.value: _("Online"),
    PartyKind.SIP.value: _("Terminal"),
    PartyKind.PHONE.value: _("Telephone"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """What people typed: a town, or a point and its town."""

    commune: Commune
    point: Point | None = None


class PlaceField(forms.CharField):
    """A town or a point typed by its name; its refusals keep the choices when a name belongs to several."""

    def clean(self, value: Any) -> Place | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return place_named(text)
        except DomainError as refusal:
            raise ValidationError(refusal.sentence(), code=refusal.code, params=dict(refusal.details)) from refusal


def place_named(text: str) -> Place:
    """Return the one town, else the one open point, of that name.

    Raises UnknownPlace, AmbiguousCommune, AmbiguousPoint, the last two with `choices_typed`.
    """
    try:
        return Place(commune_named(text))
    except AmbiguousCommune as several:
        found = Commune.objects.filter(pk__in=several.details["insee"])
        several.details["choices_typed"] = [commune.label for commune in found]
        raise
    except UnknownCommune as unknown:
        points = points_named(text)
        if not points:
            raise UnknownPlace(text=text.strip()[:80]) from unknown
        if len(points) > 1:
            typed = [f"{point.name}, {point.commune.name}" for point in points]
            raise AmbiguousPoint(text=text.strip()[:80], choices_typed=typed) from unknown
        return Place(points[0].commune, points[0])


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One place of the sentence, as the template shows it. `choices` may be typed back: each means one place."""

    position: int
    place: BoundField
    people: BoundField
    kind: BoundField
    address: BoundField
    room: BoundField
    choices: tuple[str, ...]
    is_optional: bool

    def shown_errors(self) -> list[BoundField]:
        """Return the fields of the line that are to be corrected."""
        return [field for field in (self.people, self.kind, self.place, self.address, self.room) if field.errors]


def given_rows(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the places that were filled in, closed up, with one more or one less if a button asked for it."""
    rows = [
        {name: str(data.get(f"{name}_{position}", "")) for name in ROW_FIELDS}
        for position in range(1, MOST_PARTIES + 1)
        if any(f"{name}_{position}" in data for name in ("place", "people", "room"))
    ]
    removed = str(data.get("remove", ""))
    if removed.isdigit() and 0 < int(removed) <= len(rows) and len(rows) > LEAST_PARTIES:
        del rows[int(removed) - 1]
    if "add" not in data and "remove" not in data:
        rows = rows[:LEAST_PARTIES] + [row for row in rows[LEAST_PARTIES:] if _is_filled(row)]
    if "add" in data and len(rows) < MOST_PARTIES:
        rows.append(dict.fromkeys(ROW_FIELDS, ""))
    while len(rows) < LEAST_PARTIES:
        rows.append(dict.fromkeys(ROW_FIELDS, ""))
    return [_with_its_room(row) for row in rows]


def _is_filled(row: Mapping[str, str]) -> bool:
    return bool(row["place"].strip() or row["room"] or row["address"].strip())


def _with_its_room(row: dict[str, str]) -> dict[str, str]:
    """Say the place of a room chosen by its link; forget a room once another place is typed."""
    if not row["room"].isdigit() or int(row["room"]) >= 2**63:
        return row
    room = Room.objects.select_related("point__commune").filter(pk=int(row["room"])).first()
    if room is None:
        return row
    if not row["place"].strip():
        return row | {"place": room.point.name}
    where = {room.point.name, room.point.commune.name, room.point.commune.label}
    return row if row["place"].strip() in where else row | {"room": ""}


def place_fields(position: int) -> dict[str, forms.Field]:
    """Return the fields of the place at `position`, by name without its number."""
    return {
        "place": PlaceField(
            label=_("Town or point of place %(position)s") % {"position": position},
            max_length=160,
            required=False,
            widget=forms.TextInput(
                {
                    "autocomplete": "off",
                    "placeholder": _("a town"),
                    "class": "sentence__place",
                    "data-communes": "/points/suggestions",
                }
            ),
            error_messages={"max_length": _("The name of a town is shorter than that.")},
        ),
        "people": forms.IntegerField(
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
        ),
        "kind": forms.ChoiceField(label=_("How place %(position)s takes part") % {"position": position}, choices=KINDS),
        "address": forms.CharField(
            label=_("Where to call place %(position)s") % {"position": position},
            max_length=MOST_LETTERS,
            required=False,
            widget=forms.TextInput(
                {
                    "autocomplete": "off",
                    "class": "sentence__called",
                    "placeholder": _("its address or number, if you know it"),
                }
            ),
        ),
        "room": forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput),
    }


def clean_place(form: forms.Form, position: int) -> None:
    """Check one place of a form whose own fields are clean: a room needs a town, whoever is called a good number."""
    cleaned, name = form.cleaned_data, f"place_{position}"
    kind = cleaned.get(f"kind_{position}")
    comes_to_a_room = kind == PartyKind.ROOM
    if not comes_to_a_room and _is_unknown(form, name):
        del form._errors[name]  # type: ignore[attr-defined]  # elsewhere is a name like any other: Berlin, the Region
        typed = str(form.data.get(name, "")).strip()[:120]
        cleaned[f"name_{position}"], cleaned[name] = typed, _place_of_organisation(typed)
    if comes_to_a_room and name not in form.errors and not cleaned.get(name):
        form.add_error(name, ValidationError(_("In which town will they be?"), code="place-missing"))
    if kind in CALLED:
        try:
            cleaned[f"address_{position}"] = reached_at(str(kind), cleaned.get(f"address_{position}") or "")
        except DomainError as refusal:
            said = f"{refusal.sentence()} {refusal.advice()}"
            form.add_error(f"address_{position}", ValidationError(said, code=refusal.code))


def _place_of_organisation(name: str) -> Place | None:
    """Return where an organisation of that very name is, so that the road that is spared counts."""
    known = Organisation.objects.filter(name=name).exclude(commune__latitude=None).select_related("commune").first()
    return Place(known.commune) if known and known.commune else None


def _is_unknown(form: forms.Form, name: str) -> bool:
    return any(error.code == UnknownPlace.code for error in form.errors.as_data().get(name, ()))


def party_of(cleaned: Mapping[str, Any], position: int, needs: frozenset[str]) -> PartyWish:
    """Return the place at `position` of a valid form as the engine understands it."""
    place: Place | None = cleaned.get(f"place_{position}")
    kind: str = cleaned[f"kind_{position}"]
    comes_to_a_room = kind == PartyKind.ROOM
    room_id = cleaned.get(f"room_{position}") if comes_to_a_room else None
    commune = place.commune if place else None
    point = place.point if place and comes_to_a_room and room_id is None else None
    return PartyWish(
        position=position - 1,
        head_count=cleaned[f"people_{position}"],
        commune_insee=commune.insee if commune else None,
        latitude=(commune.latitude or 0.0) if commune else None,
        longitude=(commune.longitude or 0.0) if commune else None,
        kind=kind,
        room_id=room_id,
        point_id=point.pk if point else None,
        needs=needs if comes_to_a_room else frozenset(),
        name=cleaned.get(f"name_{position}") or (commune.name if commune else str(_WHO.get(kind, ""))),
        address=cleaned.get(f"address_{position}", "") if kind in CALLED else "",
    )
