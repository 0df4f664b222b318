"""Open and close the secret addresses of our published calendars."""

from django.db import transaction
from django.db.models import F

from maillage.booking.models import CalendarDoor
from maillage.core.journal import Door, record


def room_door(room_id: int) -> CalendarDoor:
    """Return the published calendar of a room, made the first time."""
    return CalendarDoor.objects.get_or_create(room_id=room_id)[0]


def person_door(email: str) -> CalendarDoor:
    """Return the published calendar of an organiser, made the first time."""
    return CalendarDoor.objects.get_or_create(email=email.strip().lower())[0]


@transaction.atomic
def renew_door(*, door_id: int, through: Door, agent_id: int | None = None) -> CalendarDoor:
    """Close the secret address that went too far, and open another."""
    CalendarDoor.objects.filter(pk=door_id).update(edition=F("edition") + 1)
    door = CalendarDoor.objects.get(pk=door_id)
    record("calendar.renewed", f"calendar:{door.pk}", through=through, agent_id=agent_id, edition=door.edition)
    return door
