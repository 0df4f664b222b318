"""The desks of the network and who held them, one after the other."""

from dataclasses import dataclass
from datetime import date

from maillage.concierge.models import DeskHours
from maillage.points.errors import HoursUnreadable
from maillage.points.words import hours_in_words


@dataclass(frozen=True, slots=True)
class DeskSheet:
    """A desk with its hours in words. `is_present` tells whether it is in charge today."""

    desk: DeskHours
    hours: str
    on_call_hours: str
    is_present: bool


def desks_over_time(today: date) -> list[DeskSheet]:
    """Return every desk, those in charge today first, then the latest. One query."""
    sheets = [
        DeskSheet(
            desk=desk,
            hours=_words(desk.hours),
            on_call_hours=_words(desk.on_call_hours),
            is_present=desk.since <= today and (desk.until is None or today <= desk.until),
        )
        for desk in DeskHours.objects.select_related("provider").order_by("-since", "name")
    ]
    return sorted(sheets, key=lambda sheet: not sheet.is_present)


def _words(hours: str) -> str:
    try:
        return hours_in_words(hours) if hours else ""
    except HoursUnreadable:
        return hours
