"""What a benchmark says, and how it is printed: one JSON object a line, then a table for people."""

import json
import statistics
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<=": lambda ratio, limit: ratio <= limit,
    ">=": lambda ratio, limit: ratio >= limit,
}


_only: list[str] = []


def keep_only(words: str) -> None:
    """Measure only the cases whose name holds each of `words`."""
    _only[:] = words.split()


def is_wanted(case: str) -> bool:
    """Tell whether a case is to be measured; a benchmark that has several asks before it prepares them."""
    return set(_only) <= set(case.replace(",", " ").split())


@dataclass(frozen=True, slots=True)
class Figure:
    """One case of a benchmark. `goal` is "ratio <= 10", "ratio >= 0.2" or "" for a figure without one.

    `faults` counts what must not happen at all, such as half-booked conferences: more than none is not ok.
    """

    bench: str
    case: str
    median: float
    p95: float
    unit: str
    floor: float
    goal: str = ""
    faults: int = 0
    notes: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.median / self.floor if self.floor else 0.0

    @property
    def ok(self) -> bool:
        """Tell whether the goal holds and nothing went wrong."""
        if self.faults:
            return False
        if not self.goal:
            return True
        _word, comparison, limit = self.goal.split()
        return _COMPARISONS[comparison](self.ratio, float(limit))

    def as_json(self) -> str:
        """Return the line of this figure."""
        line = {
            "bench": self.bench,
            "case": self.case,
            "median": round(self.median, 2),
            "p95": round(self.p95, 2),
            "unit": self.unit,
            "floor": round(self.floor, 2),
            "ratio": round(self.ratio, 2),
            "goal": self.goal,
            "ok": self.ok,
            "faults": self.faults,
            **self.notes,
        }
        return json.dumps(line, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long each of several jobs took, in ms, and all of them together, in s."""

    each_ms: Sequence[float]
    whole_s: float

    @property
    def median(self) -> float:
        """In ms."""
        return statistics.median(self.each_ms)

    @property
    def p95(self) -> float:
        """In ms."""
        return sorted(self.each_ms)[min(len(self.each_ms) - 1, int(len(self.each_ms) * 0.95))]

    @property
    def rate(self) -> float:
        """Jobs a second."""
        return len(self.each_ms) / self.whole_s


def measure(jobs: Sequence[Callable[[], object]], *, clients: int) -> Timing:
    """Run all of `jobs`, `clients` at a time, and time each."""

    def timed(job: Callable[[], object]) -> float:
        began = perf_counter()
        job()
        return (perf_counter() - began) * 1000

    began = perf_counter()
    if clients == 1:
        each = [timed(job) for job in jobs]
    else:
        with ThreadPoolExecutor(clients) as pool:
            each = list(pool.map(timed, jobs))
    return Timing(each, perf_counter() - began)


def report(figures: Iterable[Figure]) -> bool:
    """Print each figure as it comes, then the table; return whether all are ok."""
    kept: list[Figure] = []
    for figure in figures:
        print(figure.as_json(), flush=True)
        kept.append(figure)
    _print_table(kept)
    return all(figure.ok for figure in kept)


def _print_table(figures: Sequence[Figure]) -> None:
    rows = [("bench", "case", "median", "p95", "unit", "floor", "ratio", "goal", "")]
    for f in figures:
        state = "ok" if f.ok else f"NOT OK ({f.faults} faults)" if f.faults else "NOT OK"
        numbers = (f"{f.median:.1f}", f"{f.p95:.1f}", f.unit, f"{f.floor:.1f}", f"{f.ratio:.2f}")
        rows.append((f.bench, f.case, *numbers, f.goal, state))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), file=sys.stderr)
