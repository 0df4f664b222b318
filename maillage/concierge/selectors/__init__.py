"""Reads, by noun, their number of queries pinned in tests. Import from here."""

from maillage.concierge.selectors.board import Board, MeetingRow, SideCard, day_board
from maillage.concierge.selectors.meetings import MeetingSheet, followed_meeting, meeting_sheet
from maillage.concierge.selectors.prevention import Prevention, prevention

__all__ = [
    "Board",
    "MeetingRow",
    "MeetingSheet",
    "Prevention",
    "SideCard",
    "day_board",
    "followed_meeting",
    "meeting_sheet",
    "prevention",
]
