"""What an agent fills in on the planning: which rooms and days are shown, and a room to block."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.booking.forms.contact import LineField
from maillage.core.errors import DomainError
from maillage.core.quarters import day_quarters, local_quarter
from maillage.core.widgets import LongSelect
from maillage.points.models import Room

_DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
_TIME = {"type": "time", "step": "900"}


class BlockForm(forms.Form):
    """A room kept for something else, on one day or from one to another. Hours are those of the room's own clocks."""

    room = forms.ChoiceField(
        label=_("Room"), widget=LongSelect, error_messages={"invalid_choice": _("Choose one of your rooms.")}
    )
    day = forms.DateField(label=_("Day"), widget=_DAY)
    start = forms.TimeField(label=_("From"), widget=forms.TimeInput(_TIME, format="%H:%M"))
    end = forms.TimeField(
        label=_("To"),
        widget=forms.TimeInput(_TIME, format="%H:%M"),
        help_text=_("0:00 means the end of the day."),
    )
    last_day = forms.DateField(label=_("Until which day, if there are several"), required=False, widget=_DAY)
    note = LineField(label=_("What for"), required=False, max_length=120, help_text=_("Read by your colleagues only."))

    def __init__(self, data: Any = None, *, rooms: Iterable[Room] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.rooms = {str(room.pk): room for room in rooms}
        choices = [(key, f"{room.point.name}, {room.name}") for key, room in self.rooms.items()]
        self.fields["room"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Add `first_quarter` and `end_quarter`; refuse hours that do not follow each other or are not on a quarter."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not {"room", "day", "start", "end"} <= cleaned.keys():
            return cleaned
        zone = ZoneInfo(self.rooms[cleaned["room"]].point.time_zone)
        last: date = cleaned.get("last_day") or cleaned["day"]
        try:
            first = local_quarter(cleaned["day"], cleaned["start"], zone)
            end = (
                day_quarters(last, zone).stop if cleaned["end"] == time() else local_quarter(last, cleaned["end"], zone)
            )
        except DomainError as refusal:
            raise ValidationError(f"{refusal.sentence()} {refusal.advice()}", code=refusal.code) from refusal
        if end <= first:
            self.add_error("end", ValidationError(_("The end comes before the start."), code="end-before-start"))
        return cleaned | {"first_quarter": first, "end_quarter": end}


class PlanningForm(forms.Form):
    """Which day, whether its whole week, whose rooms. Whatever is unreadable counts as not given."""

    jour = forms.DateField(label=_("Day"), required=False, widget=_DAY)
    vue = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("jour", _("the day")), ("semaine", _("the week"))]
    )
    lieu = forms.IntegerField(label=_("Rooms of"), required=False, min_value=1, max_value=2**31)
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000)

    def wanted(self, today: date) -> "Wanted":
        """Return what is asked, today's day of all rooms by default."""
        self.is_valid()
        given = self.cleaned_data
        near = given.get("jour") or today
        day = min(max(near, today - timedelta(days=800)), today + timedelta(days=800))
        return Wanted(day, given.get("vue") == "semaine", given.get("lieu") or None, given.get("page") or 1)


class Wanted:
    """What the planning shows, and the addresses around it."""

    def __init__(self, day: date, is_week: bool, host_id: int | None, page: int) -> None:
        self.day, self.is_week, self.host_id, self.page = day, is_week, host_id, page

    def query(self, **changes: Any) -> str:
        """Return the address's query, some of it changed."""
        values = {
            "jour": self.day.isoformat(),
            "vue": "semaine" if self.is_week else "jour",
            "lieu": self.host_id or "",
            "page": self.page if self.page > 1 else "",
            **changes,
        }
        return "?" + "&".join(f"{name}={value}" for name, value in values.items() if value != "")

    @property
    def before(self) -> str:
        """The day or week before."""
        return self.query(jour=(self.day - timedelta(days=7 if self.is_week else 1)).isoformat())

    @property
    def after(self) -> str:
        """The day or week after."""
        return self.query(jour=(self.day + timedelta(days=7 if self.is_week else 1)).isoformat())

    @property
    def as_day(self) -> str:
        """The same, a day."""
        return self.query(vue="jour")

    @property
    def as_week(self) -> str:
        """The same, the whole week."""
        return self.query(vue="semaine")
