"""What has happened to stations, for the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StationPaired:
    """A screen became the station of a room; the one it replaced, if any, is withdrawn."""

    station_id: int
    room_id: int


@dataclass(frozen=True, slots=True)
class StationWithdrawn:
    """A screen is no longer a station. `state` is a StationState."""

    station_id: int
    room_id: int
    state: str


@dataclass(frozen=True, slots=True)
class SecondScreenWithdrawn:
    """A room's second screen, on a machine of its own, is linked no more. `state` is a StationState."""

    second_screen_id: int
    room_id: int
    state: str


@dataclass(frozen=True, slots=True)
class StationTested:
    """A self-test came in. `level` is a domain.verdict.Level."""

    station_id: int
    room_id: int
    test_id: int
    level: str
