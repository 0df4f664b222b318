"""What a facilitator changes of the prices of a point: what is asked in fact, the hours that are free."""

from dataclasses import replace
from datetime import date

from maillage.booking.domain.tariffs import FreeWindow, Group, Origin, Price, Tariff, Unit
from maillage.booking.forms.settings import FreeHoursForm, PracticeForm
from maillage.booking.models import TariffSheet
from maillage.booking.selectors.settings import PointSettings
from maillage.booking.selectors.tariff_sheets import tariff_rules
from maillage.booking.services.tariffs import write_tariff


def save_practice(form: PracticeForm, found: PointSettings, today: date, agent_id: int) -> None:
    """Write what is asked in fact beside each written price."""
    for sheet in found.sheets:
        prices = tuple(
            Price(Unit(p.unit), p.cents, Group(p.group), Origin(p.origin), form.practice_cents(p))
            for p in sheet.prices.all()
        )
        if prices:
            _rewrite(sheet, found, today, agent_id, replace(tariff_rules(sheet), prices=prices))


def add_free_hours(form: FreeHoursForm, found: PointSettings, today: date, agent_id: int) -> None:
    """Make some hours free in all the sheets in force; a point without one gets a sheet whose price stays unknown."""
    window = form.window()
    if not found.sheets:
        write_tariff(
            point=found.point,
            tariff=Tariff(free_windows=(window,)),
            valid_from=today,
            through="agent",
            agent_id=agent_id,
        )
    for sheet in found.sheets:
        rules = tariff_rules(sheet)
        if window not in rules.free_windows:
            kept = replace(rules, free_windows=(*rules.free_windows, window))
            _rewrite(sheet, found, today, agent_id, kept)


def end_free_hours(hours: str, found: PointSettings, today: date, agent_id: int) -> None:
    """Ask for the usual price in hours that were free, given by their number on this page; unknown, do nothing."""
    for sheet in found.sheets:
        kept = [row for row in sheet.free_hours.all() if str(row.pk) != hours]
        if len(kept) < len(sheet.free_hours.all()):
            windows = tuple(FreeWindow(frozenset(map(int, row.weekdays)), row.start, row.end) for row in kept)
            _rewrite(sheet, found, today, agent_id, replace(tariff_rules(sheet), free_windows=windows))


def _rewrite(sheet: TariffSheet, found: PointSettings, today: date, agent_id: int, tariff: Tariff) -> None:
    write_tariff(
        point=found.point,
        room=sheet.room,
        tariff=tariff,
        valid_from=today,
        note=sheet.note,
        source=sheet.source,
        through="agent",
        agent_id=agent_id,
    )
