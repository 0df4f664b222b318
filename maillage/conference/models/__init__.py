"""The tables of the meetings, by noun. Import them from here: `from maillage.conference.models import Conference`."""

from maillage.conference.models.backdrops import Backdrop, BackdropKind
from maillage.conference.models.bridge import BridgeRoom, DialCode
from maillage.conference.models.conduct import (
    ChatLine,
    CodeGuest,
    Conduct,
    EntryRule,
    Knock,
    KnockAnswer,
    Spoken,
)
from maillage.conference.models.dialling import DialOrder, DialState
from maillage.conference.models.documents import Board, Document, Share, ShareKind
from maillage.conference.models.facts import Failure, QualitySample, Verdict, VerdictAnswer
from maillage.conference.models.meetings import Attendance, Conference, EndReason, LeaveReason
from maillage.conference.models.minutes import Minutes, Notice, NoticeKind
from maillage.conference.models.recordings import Recording, RecordingConsent, RecordingSpan
from maillage.conference.models.side_talks import SideTalk, SideTalkWish

__all__ = [
    "Attendance",
    "Backdrop",
    "BackdropKind",
    "Board",
    "BridgeRoom",
    "ChatLine",
    "CodeGuest",
    "Conduct",
    "Conference",
    "DialCode",
    "DialOrder",
    "DialState",
    "Document",
    "EndReason",
    "EntryRule",
    "Failure",
    "Knock",
    "KnockAnswer",
    "LeaveReason",
    "Minutes",
    "Notice",
    "NoticeKind",
    "QualitySample",
    "Recording",
    "RecordingConsent",
    "RecordingSpan",
    "Share",
    "ShareKind",
    "SideTalk",
    "SideTalkWish",
    "Spoken",
    "Verdict",
    "VerdictAnswer",
]
