"""Saving what a facilitator says of the life of a point: opening on request, getting in, house rules."""

from datetime import date, datetime

from maillage.booking.forms.keys import WayInForm
from maillage.booking.forms.point_life import AnsweringForm, EntryForm, HouseRulesForm
from maillage.booking.selectors.settings import PointSettings
from maillage.booking.services.door_codes import forget_door_code, write_door_code
from maillage.points.models import EntryWay
from maillage.points.services import change_answering, change_entry, change_room_entry, write_house_rules


def save_answering(form: AnsweringForm, found: PointSettings, agent_id: int) -> None:
    """Say when the point opens on request, and who answers."""
    change_answering(point_id=found.point.pk, through="agent", agent_id=agent_id, **form.cleaned_data)


def save_entry(form: EntryForm, found: PointSettings, agent_id: int) -> None:
    """Say how people get in."""
    change_entry(point_id=found.point.pk, through="agent", agent_id=agent_id, **form.cleaned_data)


def save_way_in(form: WayInForm, now: datetime, agent_id: int) -> None:
    """Say how people get into one room; a code goes with a door that has one, and is forgotten with it."""
    given = form.cleaned_data
    change_room_entry(
        room_id=form.room.pk,
        entry=given["entry"],
        entry_note=given["entry_note"],
        through="agent",
        agent_id=agent_id,
    )
    if EntryWay(given["entry"] or form.room.point.entry) != EntryWay.CODE:
        forget_door_code(room_id=form.room.pk, agent_id=agent_id)
    elif given["code"]:
        write_door_code(room_id=form.room.pk, code=given["code"], now=now, agent_id=agent_id)


def save_house_rules(form: HouseRulesForm, found: PointSettings, today: date, agent_id: int) -> None:
    """Write the next version of the rules, if their words changed."""
    write_house_rules(point_id=found.point.pk, since=today, through="agent", agent_id=agent_id, **form.cleaned_data)
