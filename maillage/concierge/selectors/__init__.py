"""Reads, by noun, their number of queries pinned in tests. Import from here."""

from maillage.concierge.selectors.board import Board, MeetingRow, SideCard, day_board
from maillage.concierge.selectors.desks import DeskSheet, desks_over_time
from maillage.concierge.selectors.incidents import IncidentLog, incident_log
from maillage.concierge.selectors.line import calls_held_by, calls_waiting, desk_standing, help_phone, last_calls
from maillage.concierge.selectors.meetings import MeetingSheet, followed_meeting, meeting_sheet, recording_at_desk
from maillage.concierge.selectors.prevention import Prevention, prevention, rooms_without_screen
from maillage.concierge.selectors.wall import Wall, wall_of

__all__ = [
    "Board",
    "DeskSheet",
    "IncidentLog",
    "MeetingRow",
    "MeetingSheet",
    "Prevention",
    "SideCard",
    "Wall",
    "calls_held_by",
    "calls_waiting",
    "day_board",
    "desk_standing",
    "desks_over_time",
    "followed_meeting",
    "help_phone",
    "incident_log",
    "last_calls",
    "meeting_sheet",
    "prevention",
    "recording_at_desk",
    "rooms_without_screen",
    "wall_of",
]
