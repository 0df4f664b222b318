"""Jobs that run by themselves every so many minutes. Each is harmless to run twice.

An app registers its jobs in its `tasks.py`; `maillage tick` runs the due ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Job = Callable[[datetime], object]


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job and its period in minutes. `run` takes the present time."""

    name: str
    every_minutes: int
    run: Job


_jobs: dict[str, Periodic] = {}


def every(minutes: int) -> Callable[[Job], Job]:
    """Register the decorated job: called with the present time, every `minutes` minutes."""

    def register(job: Job) -> Job:
        name = f"{job.__module__}.{job.__qualname__}"
        _jobs[name] = Periodic(name, minutes, job)
        return job

    return register


def jobs() -> list[Periodic]:
    """Return the registered jobs, by name."""
    return [_jobs[name] for name in sorted(_jobs)]


def due_jobs(minute: int) -> list[Periodic]:
    """Return the jobs to run at `minute`, counted from the epoch."""
    return [job for job in jobs() if minute % job.every_minutes == 0]
