"""Change points and rooms: one function, one act, one transaction, one line of journal."""

from maillage.points.services.changes import (
    RoomRules,
    change_answering,
    change_entry,
    change_hours,
    change_room_entry,
    change_room_rules,
    change_status,
    note_readiness,
    offer_room_again,
    open_point,
    renew_catalogue,
    withhold_room,
    write_house_rules,
)
from maillage.points.services.closures import NewAddress, close_point, lift_closure, move_point, retire_closed_rooms
from maillage.points.services.imports import ImportedPoints, import_points

__all__ = [
    "ImportedPoints",
    "NewAddress",
    "RoomRules",
    "change_answering",
    "change_entry",
    "change_hours",
    "change_room_entry",
    "change_room_rules",
    "change_status",
    "close_point",
    "import_points",
    "lift_closure",
    "move_point",
    "note_readiness",
    "offer_room_again",
    "open_point",
    "renew_catalogue",
    "retire_closed_rooms",
    "withhold_room",
    "write_house_rules",
]
