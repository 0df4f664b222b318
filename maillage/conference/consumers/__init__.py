"""The sockets of the pages, by kind. Import from here."""

from maillage.conference.consumers.meeting import MeetingConsumer
from maillage.conference.consumers.page_socket import CLOSE_CODES
from maillage.conference.consumers.side_talk import SideTalkConsumer

__all__ = ["CLOSE_CODES", "MeetingConsumer", "SideTalkConsumer"]
