"""What may fail tomorrow: stations that are silent, red, of another edition, or not tested for a month."""

from dataclasses import dataclass
from datetime import datetime

from maillage import __version__
from maillage.concierge.selectors.facts import is_silent
from maillage.points.models import Room
from maillage.station.domain.verdict import Level
from maillage.station.models import Station, StationState
from maillage.station.selectors import untested_stations


@dataclass(frozen=True, slots=True)
class Prevention:
    """Four lists; a station may be in several."""

    silent: tuple[Station, ...]
    failing: tuple[Station, ...]
    outdated: tuple[Station, ...]
    untested: tuple[Station, ...]
    count: int

    @property
    def is_calm(self) -> bool:
        """Nothing to do."""
        return not (self.silent or self.failing or self.outdated or self.untested)


def rooms_without_screen() -> list[Room]:
    """Return the rooms offered to the public that no screen watches: nobody tests them. By place. One query."""
    watched = Station.objects.filter(state=StationState.ACTIVE).values("room")
    return list(Room.objects.bookable().exclude(pk__in=watched).select_related("point").order_by("point__name", "name"))


def prevention(now: datetime) -> Prevention:
    """Return the stations to look at, the longest silence first. Two queries."""
    stations = list(
        Station.objects.filter(state=StationState.ACTIVE).select_related("room__point").order_by("last_seen_at")
    )
    return Prevention(
        silent=tuple(station for station in stations if is_silent(station, now)),
        failing=tuple(station for station in stations if station.level in (Level.RED, Level.ORANGE)),
        outdated=tuple(station for station in stations if station.version not in ("", __version__)),
        untested=tuple(untested_stations(now)),
        count=len(stations),
    )
