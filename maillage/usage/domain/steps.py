"""Months of figures gathered so that a chart stays readable, none left out. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from maillage.usage.domain.figures import Step, Totals
from maillage.usage.domain.periods import Period, half, months_between, whole_year

WIDEST = 24
"""Most bars that a chart shows; longer times are gathered by half-years, then by years."""


def steps_of(months: Mapping[date, Totals], period: Period, today: date) -> tuple[Step, ...]:
    """Return the totals of each step of `period`, in order, months without a meeting included as zero.

    months: totals by first day of month. Everything runs from the first known month to `today`'s. No step is
    given after today, nor any for a single month.
    """
    if period.kind == "month":
        return ()
    if period.kind == "all":
        if not months:
            return ()
        first, last = min(months), max(*months, today)
    else:
        first, last = period.first_day, min(period.last_day, max([today, *months]))
    whole = [Step(month, months.get(month.first_day, Totals())) for month in months_between(first, last)]
    return _gathered(whole)


def _gathered(months: Sequence[Step]) -> tuple[Step, ...]:
    if len(months) <= WIDEST:
        return tuple(months)
    halves: dict[Period, Totals] = {}
    for step in months:
        day = step.period.first_day
        key = half(day.year, 1 if day.month <= 6 else 2)
        halves[key] = halves.get(key, Totals()) + step.totals
    if len(halves) <= WIDEST:
        return tuple(Step(period, totals) for period, totals in halves.items())
    years: dict[Period, Totals] = {}
    for step in months:
        key = whole_year(step.period.first_day.year)
        years[key] = years.get(key, Totals()) + step.totals
    return tuple(Step(period, totals) for period, totals in years.items())
