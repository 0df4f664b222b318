"""What a facilitator changes of a point: hours, rules of rooms, calendars followed, closures, what is asked in fact."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.tariffs import FreeWindow
from maillage.booking.forms.contact import LineField
from maillage.booking.models import FeedKind, TariffPrice
from maillage.points.domain.hours import parse_hours
from maillage.points.errors import HoursUnreadable
from maillage.points.models import Audience, PriorityGroup, Room
from maillage.points.services.changes import MOST_PRIORITY_DAYS, RoomRules

_DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
_QUARTERS = [(n, _("none") if not n else f"{n * 15} min") for n in range(9)]
_NOTICES = [
    (5, _("5 minutes")),
    (60, _("an hour")),
    (240, _("half a day")),
    (1440, _("a day")),
    (2880, _("two days")),
    (10_080, _("a week")),
]
_NETWORK = ("", _("as the network does"))
_PATIENCES = [_NETWORK, (0, _("never")), *((minutes, f"{minutes} min") for minutes in (15, 20, 30, 45, 60))]
_SYNTAX = _("As in: Mo-Fr 09:00-12:30,13:30-17:30; PH off")


def _check_hours(hours: str) -> str:
    if hours:
        try:
            parse_hours(hours)
        except HoursUnreadable as refusal:
            raise ValidationError(f"{refusal.sentence()} {refusal.advice()}", code=refusal.code) from refusal
    return hours


class HoursForm(forms.Form):
    """The opening hours of the point."""

    hours = LineField(label=_("Opening hours of the point"), required=False, max_length=300, help_text=_SYNTAX)

    def clean_hours(self) -> str:
        """Refuse hours that nobody could read."""
        return _check_hours(self.cleaned_data["hours"])


class RoomForm(forms.Form):
    """One room: its own hours if it has some, the times kept free around a meeting, its notice."""

    hours = LineField(
        label=_("Hours of this room alone"),
        required=False,
        max_length=300,
        help_text=_("Empty if they are those of the point."),
    )
    settle_quarters = forms.TypedChoiceField(label=_("Kept free before a meeting"), choices=_QUARTERS, coerce=int)
    reset_quarters = forms.TypedChoiceField(label=_("Kept free after a meeting"), choices=_QUARTERS, coerce=int)
    notice_minutes = forms.TypedChoiceField(
        label=_("Shortest notice"), choices=_NOTICES, coerce=int, help_text=_("Between two places, without help.")
    )
    assisted_notice_minutes = forms.TypedChoiceField(
        label=_("Notice to be helped there"),
        choices=[_NETWORK, *_NOTICES],
        coerce=int,
        empty_value=None,
        required=False,
    )
    multipoint_notice_minutes = forms.TypedChoiceField(
        label=_("Notice for three places or more"),
        choices=[_NETWORK, *_NOTICES],
        coerce=int,
        empty_value=None,
        required=False,
    )
    audience = forms.ChoiceField(
        label=_("Open to"), choices=[("", _("the same people as the point")), *Audience.choices], required=False
    )
    priority_group = forms.ChoiceField(label=_("Kept first for"), choices=PriorityGroup.choices, required=False)
    priority_days = forms.IntegerField(
        label=_("Until how many days before"),
        min_value=0,
        max_value=MOST_PRIORITY_DAYS,
        required=False,
        help_text=_("The others book within these days. 0: nobody goes first."),
    )
    no_show_minutes = forms.TypedChoiceField(
        label=_("Given back if nobody comes within"),
        choices=_PATIENCES,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Its people are asked first, by mail or text message, and keep it by one press."),
    )
    is_listed = forms.BooleanField(
        label=_("Offered by the search and shown to everybody"),
        required=False,
        help_text=_("Otherwise it is booked by its own link alone."),
    )

    def __init__(self, data: Any = None, *, room: Room, **kwargs: Any) -> None:
        given = {name: getattr(room, name) for name in self.base_fields}
        super().__init__(data, initial=given, prefix=f"room{room.pk}", **kwargs)
        self.room = room
        for name in ("notice_minutes", "assisted_notice_minutes", "multipoint_notice_minutes"):
            self._keep_own_notice(name)

    def _keep_own_notice(self, name: str) -> None:
        """Offer the notice that the room has, though nobody would choose it from the list."""
        minutes: int | None = getattr(self.room, name)
        if minutes is None or minutes in dict(_NOTICES):
            return
        field: Any = self.fields[name]
        start = field.choices[:1] if field.choices[0][0] == "" else []
        own = [*_NOTICES, (minutes, f"{minutes} min")]
        field.choices = [*start, *sorted(own, key=lambda choice: choice[0])]

    def rules(self) -> RoomRules:
        """Return the valid form as the rules of the room."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "hours"}
        return RoomRules(**given | {"priority_days": given["priority_days"] or 0})

    def clean_hours(self) -> str:
        """Refuse hours that nobody could read."""
        return _check_hours(self.cleaned_data["hours"])


class FeedForm(forms.Form):
    """Another calendar of a room, to follow."""

    room = forms.ChoiceField(label=_("Room"))
    name = LineField(label=_("Name of the calendar"), max_length=80, help_text=_("As in: theatre class"))
    kind = forms.ChoiceField(label=_("Kind"), choices=FeedKind.choices)
    address = LineField(label=_("Its address"), max_length=500, help_text=_("It starts with https://"))
    username = LineField(label=_("User name"), required=False, max_length=120)
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=_("Kept sealed, used for this calendar alone."),
    )
    writes_back = forms.BooleanField(label=_("Our bookings are written there too (CalDAV only)"), required=False)

    def __init__(self, data: Any = None, *, rooms: list[Room], **kwargs: Any) -> None:
        super().__init__(data, prefix="feed", **kwargs)
        self.rooms = {str(room.pk): room for room in rooms}
        self.fields["room"].choices = [(key, room.name) for key, room in self.rooms.items()]  # type: ignore[attr-defined]


_HOURS = forms.TimeInput({"type": "time"}, format="%H:%M")
_DAYS = [(str(day), words) for day, words in WEEKDAYS.items()]


class FreeHoursForm(forms.Form):
    """Hours that cost nothing (requirement B5): added to those of the tariff in force."""

    weekdays = forms.MultipleChoiceField(label=_("Days"), choices=_DAYS, widget=forms.CheckboxSelectMultiple)
    start = forms.TimeField(label=_("Free from"), widget=_HOURS)
    end = forms.TimeField(label=_("Free until"), widget=_HOURS)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, prefix="free", **kwargs)

    def window(self) -> FreeWindow:
        """Return the valid form as the tariff reads it."""
        given = self.cleaned_data
        return FreeWindow(frozenset(map(int, given["weekdays"])), given["start"], given["end"])


class PracticeForm(forms.Form):
    """What is asked in fact for each written price; empty when it is the written price."""

    def __init__(self, data: Any = None, *, prices: list[TariffPrice], **kwargs: Any) -> None:
        super().__init__(data, prefix="practice", **kwargs)
        self.prices = {f"price{price.pk}": price for price in prices}
        for name, price in self.prices.items():
            words = f"{price.get_unit_display()}, {price.get_group_display()}, {price.get_origin_display()}"
            asked = price.practice_cents
            self.fields[name] = forms.DecimalField(
                label=words,
                required=False,
                min_value=0,
                max_value=Decimal(price.cents) / 100,
                decimal_places=2,
                localize=True,
                initial=None if asked is None else Decimal(asked) / 100,
                help_text=_("Written price: %(euros)s euros") % {"euros": f"{Decimal(price.cents) / 100:.2f}"},
            )

    def practice_cents(self, price: TariffPrice) -> int | None:
        """Return what is asked in fact for a price, None for what is written."""
        typed: Decimal | None = self.cleaned_data[f"price{price.pk}"]
        return None if typed is None else int(typed * 100)
