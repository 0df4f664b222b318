"""Read points and rooms: `rooms` for the slot search, `directory` for people who look for a point."""

from maillage.points.selectors.directory import (
    NearbyPoint,
    find_points,
    nearest_points,
    point_by_slug,
    points_named,
    points_of_the_map,
    present_needs,
)
from maillage.points.selectors.rooms import (
    bookable_room,
    catalogue,
    closed_ranges,
    closures_between,
    nearest_rooms,
    room_offers,
)

__all__ = [
    "NearbyPoint",
    "bookable_room",
    "catalogue",
    "closed_ranges",
    "closures_between",
    "find_points",
    "nearest_points",
    "nearest_rooms",
    "point_by_slug",
    "points_named",
    "points_of_the_map",
    "present_needs",
    "room_offers",
]
