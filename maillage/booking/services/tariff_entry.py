"""Change what a point asks, as its facilitator types it: once, whatever the number of presses."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from maillage.booking.domain.tariffs import Tariff
from maillage.booking.errors.tariffs import TariffChanged
from maillage.booking.models import TariffSheet
from maillage.booking.selectors.tariff_entry import standing_tariffs
from maillage.booking.selectors.tariff_sheets import tariff_rules
from maillage.booking.services.tariffs import write_tariff
from maillage.core.journal import record
from maillage.points.models import Point, Room


def change_tariff(
    *,
    point: Point,
    room: Room | None,
    tariff: Tariff,
    valid_from: date,
    note: str,
    seen: str,
    today: date,
    agent_id: int,
) -> TariffSheet:
    """Write a tariff from a day on. Sent again, it changes nothing and is not in the journal twice.

    seen: the token of the `StandingTariffs` that the facilitator read.
    Raises TariffChanged if somebody else wrote one since, and what `check_tariff` raises. The constraint on the place
    and the day decides between two at the same instant.
    """
    try:
        with transaction.atomic():
            Point.objects.select_for_update().get(pk=point.pk)
            standing = standing_tariffs(point, room, today=today)
            same = next((sheet for sheet in standing.own if _says(sheet, tariff, valid_from, note)), None)
            if same is not None:
                return same
            if standing.token != seen:
                raise TariffChanged
            shown = standing.shown
            has_same_prices = shown is not None and set(tariff_rules(shown).prices) == set(tariff.prices)
            return write_tariff(
                point=point,
                room=room,
                tariff=tariff,
                valid_from=valid_from,
                note=note,
                source=shown.source if shown and has_same_prices else "",
                through="agent",
                agent_id=agent_id,
            )
    except IntegrityError as clash:
        raise TariffChanged from clash


@transaction.atomic
def follow_point(*, room: Room, seen: str, today: date, agent_id: int) -> bool:
    """Have a room ask what its point asks again, from today on; return False if it does already.

    Its own prices of the past stay, for what was booked then; those to come are taken away.
    Raises TariffChanged if somebody else wrote one since `seen`, the token of the `StandingTariffs` that was read.
    """
    Point.objects.select_for_update().get(pk=room.point_id)
    standing = standing_tariffs(room.point, room, today=today)
    if not standing.own:
        return False
    if standing.token != seen:
        raise TariffChanged
    own = TariffSheet.objects.filter(room=room)
    own.filter(valid_from__gte=today).delete()
    own.exclude(valid_until__lt=today).update(valid_until=today - timedelta(days=1))
    record("tariff.given-up", f"room:{room.pk}", through="agent", agent_id=agent_id, valid_until=str(today))
    return True


def _says(sheet: TariffSheet, tariff: Tariff, valid_from: date, note: str) -> bool:
    """Tell whether a sheet is the very one that is asked for, whatever the order of its rows."""
    if (sheet.valid_from, sheet.note) != (valid_from, note):
        return False
    return _unordered(tariff_rules(sheet)) == _unordered(tariff)


def _unordered(tariff: Tariff) -> tuple[object, ...]:
    return (
        frozenset(tariff.prices),
        frozenset(tariff.free_windows),
        tariff.is_free,
        tariff.first_uses_free,
        tariff.evening_opening_cents,
        tariff.weekend_opening_cents,
    )
