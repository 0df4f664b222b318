"""Saving what a facilitator says of the life of a point: opening on request, getting in, house rules."""

from datetime import date

from maillage.booking.forms.point_life import AnsweringForm, EntryForm, HouseRulesForm
from maillage.booking.selectors.settings import PointSettings
from maillage.points.services import change_answering, change_entry, write_house_rules


def save_answering(form: AnsweringForm, found: PointSettings, agent_id: int) -> None:
    """Say when the point opens on request, and who answers."""
    change_answering(point_id=found.point.pk, through="agent", agent_id=agent_id, **form.cleaned_data)


def save_entry(form: EntryForm, found: PointSettings, agent_id: int) -> None:
    """Say how people get in."""
    change_entry(point_id=found.point.pk, through="agent", agent_id=agent_id, **form.cleaned_data)


def save_house_rules(form: HouseRulesForm, found: PointSettings, today: date, agent_id: int) -> None:
    """Write the next version of the rules, if their words changed."""
    write_house_rules(point_id=found.point.pk, since=today, through="agent", agent_id=agent_id, **form.cleaned_data)
