"""Closing a point or a room, joining rooms, moving a point: what is typed before the meetings concerned are shown."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.booking.forms.communes import CommuneField
from maillage.booking.forms.contact import LineField
from maillage.booking.services.closing import Closing
from maillage.core.quarters import day_quarters
from maillage.points.models import FOREVER, ClosureCause, Point, Room
from maillage.points.services import NewAddress

_DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
_MOST_DAYS = 800


class ClosingForm(forms.Form):
    """What the three acts share: which rooms, from which day, and why."""

    room = forms.ChoiceField(label=_("What closes"), required=False)
    first_day = forms.DateField(label=_("Starting on"), widget=_DAY)
    reason = LineField(
        label=_("Reason"), required=False, max_length=120, help_text=_("Shown to the public and to those who booked.")
    )

    def __init__(self, data: Any = None, *, point: Point, rooms: list[Room], today: date) -> None:
        super().__init__(data, initial={"first_day": today})
        self.point, self.rooms, self.today = point, rooms, today
        self.zone = ZoneInfo(point.time_zone)
        whole = [("", _("all the rooms of the point"))] if len(rooms) > 1 else []
        self.fields["room"].choices = [*whole, *((str(room.pk), room.name) for room in rooms)]  # type: ignore[attr-defined]

    def clean_first_day(self) -> date:
        """Refuse a day that is over, or much too far."""
        day: date = self.cleaned_data["first_day"]
        if not 0 <= (day - self.today).days <= _MOST_DAYS:
            raise ValidationError(_("Choose a day to come, within two years."), code="closure-invalid")
        return day

    @property
    def room_id(self) -> int | None:
        """The room that was chosen, None for all the rooms of the point."""
        return int(self.cleaned_data["room"]) if self.cleaned_data.get("room") else None

    def asked(self, cause: ClosureCause, end_quarter: int = FOREVER) -> Closing:
        """Return the valid form as the service wants it."""
        first = day_quarters(self.cleaned_data["first_day"], self.zone).start
        reason = self.cleaned_data["reason"]
        return Closing(self.point.pk, first, end_quarter, room_id=self.room_id, cause=cause, reason=reason)


class CloseForm(ClosingForm):
    """Closed on some days, out of order, or closed for good."""

    field_order = ("cause", "room", "first_day", "last_day", "reason")
    cause = forms.ChoiceField(
        label=_("What happens"),
        choices=[
            (ClosureCause.CLOSED, _("it is closed on some days")),
            (ClosureCause.OUT_OF_ORDER, _("it is out of order")),
            (ClosureCause.FOR_GOOD, _("it closes for good")),
        ],
    )
    last_day = forms.DateField(
        label=_("To, included"), widget=_DAY, required=False, help_text=_("Empty: until you say that it is open again.")
    )

    def clean(self) -> dict[str, Any]:
        """Refuse days that do not follow each other."""
        cleaned: dict[str, Any] = super().clean() or {}
        last, first = cleaned.get("last_day"), cleaned.get("first_day")
        if cleaned.get("cause") == ClosureCause.CLOSED and "last_day" in cleaned and last is None:
            self.add_error("last_day", ValidationError(_("Say until which day it is closed."), code="closure-invalid"))
        if last and first and not first <= last:
            self.add_error(
                "last_day", ValidationError(_("The last day comes before the first."), code="closure-invalid")
            )
        return cleaned

    def closing(self) -> Closing:
        """Return the valid form as the service wants it."""
        cause, last = ClosureCause(self.cleaned_data["cause"]), self.cleaned_data["last_day"]
        is_dated = last and cause != ClosureCause.FOR_GOOD
        return self.asked(cause, day_quarters(last, self.zone).stop if is_dated else FOREVER)


class MergeForm(ClosingForm):
    """Rooms joined to another room or point, to which their meetings go."""

    field_order = ("room", "into", "first_day", "reason")
    into = forms.ChoiceField(label=_("Their meetings go to"))

    def __init__(self, data: Any = None, *, point: Point, rooms: list[Room], today: date, others: list[Room]) -> None:
        super().__init__(data, point=point, rooms=rooms, today=today)
        points = {room.point_id: room.point for room in others if room.point_id != point.pk}
        self.others = others
        single = [(f"room-{room.pk}", f"{room.point.name}, {room.name}") for room in others]
        whole = [(f"point-{pk}", _("%(point)s, whichever room suits") % {"point": p.name}) for pk, p in points.items()]
        self.fields["into"].choices = [*single, *whole]  # type: ignore[attr-defined]

    def closing(self) -> Closing:
        """Return the valid form as the service wants it."""
        return self.asked(ClosureCause.MERGED)

    def into_rooms(self) -> list[int]:
        """Return the rooms that take over."""
        kind, _dash, key = self.cleaned_data["into"].partition("-")
        if kind == "room":
            return [int(key)]
        return [room.pk for room in self.others if room.point_id == int(key)]


class MoveForm(forms.Form):
    """The new address of a point."""

    address = LineField(label=_("Number and street"), max_length=200)
    commune = CommuneField(
        label=_("Town"), max_length=80, widget=forms.TextInput({"autocomplete": "off", "data-communes": "/communes"})
    )
    access = LineField(
        label=_("How to come, where to park"), required=False, max_length=300, help_text=_("Empty: as before.")
    )

    def __init__(self, data: Any = None, *, point: Point) -> None:
        super().__init__(data, initial={"commune": point.commune.name})

    def to(self) -> NewAddress:
        """Return the valid form as the service wants it."""
        given = self.cleaned_data
        return NewAddress(given["address"], given["commune"].pk, access=given["access"])
