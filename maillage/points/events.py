"""What has happened to points, for the apps above. Sent once it is committed."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PointOpened:
    """A point entered the directory, whatever its status."""

    point_id: int


@dataclass(frozen=True, slots=True)
class PointStatusChanged:
    """A point's status is another one from `since` on."""

    point_id: int
    status: str
    since: date


@dataclass(frozen=True, slots=True)
class PointHoursChanged:
    """A point, or one of its rooms, opens at other hours: bookings outside them deserve a look."""

    point_id: int


@dataclass(frozen=True, slots=True)
class ClosureAdded:
    """A point closes from a quarter to before another: bookings in between must be moved."""

    closure_id: int
    point_id: int
    first_quarter: int
    end_quarter: int


@dataclass(frozen=True, slots=True)
class ClosureLifted:
    """A closure was taken back."""

    point_id: int


@dataclass(frozen=True, slots=True)
class PointMoved:
    """A point is at another address: whoever goes there must be told."""

    point_id: int
