"""« Refaire la même »: the search that finds a meeting again, for the same people, rooms and length. No query."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from maillage.booking.selectors.meetings import Meeting
from maillage.booking.selectors.passes import pass_token


def next_date(found: Meeting, now: datetime) -> date:
    """Return the same day of the week, a week later or more, that is still to come."""
    day, today = found.start.date() + timedelta(days=7), now.astimezone(found.zone).date()
    weeks_late = max(0, -(-((today - day).days + 1) // 7))
    return day + timedelta(weeks=weeks_late)


def same_again(found: Meeting, now: datetime) -> str:
    """Return the address of the same meeting at its next date: the same rooms, the same hour first."""
    query = _people(found, now) | {"when": next_date(found, now).isoformat(), "at": found.start.strftime("%H:%M")}
    for number, side in enumerate(found.sides, start=1):
        if side.room:
            query[f"room_{number}"] = str(side.room.pk)
    return f"{reverse('booking:slot_search')}?{urlencode(query)}"


def same_people(found: Meeting, now: datetime) -> str:
    """Return the address of a search for the same people and length within a fortnight, in whichever rooms."""
    return f"{reverse('booking:slot_search')}?{urlencode(_people(found, now) | {'when': 'fortnight'})}"


def _people(found: Meeting, now: datetime) -> dict[str, str]:
    query = {"duration": str((found.booking.length - found.booking.extra_quarters) * 15)}
    for number, side in enumerate(found.sides, start=1):
        party = side.party
        query[f"place_{number}"] = party.origin.label if party.origin else party.name
        query[f"people_{number}"] = str(party.head_count)
        query[f"kind_{number}"] = party.kind
        if side.room is None:
            query[f"address_{number}"] = party.address
            if party.origin is None or side.place != party.origin.name:
                query[f"place_{number}"] = side.place
    point = next((side.point for side in found.sides if side.point), None)
    if found.booking.access_group and point:
        query["pass"] = pass_token(point.pk, found.booking.access_group, now=now)
    return query
