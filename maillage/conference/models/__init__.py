"""The tables of the meetings, by noun. Import them from here: `from maillage.conference.models import Conference`."""

from maillage.conference.models.bridge import BridgeRoom, DialCode
from maillage.conference.models.facts import Failure, QualitySample, Verdict, VerdictAnswer
from maillage.conference.models.meetings import Attendance, Conference, EndReason, LeaveReason

__all__ = [
    "Attendance",
    "BridgeRoom",
    "Conference",
    "DialCode",
    "EndReason",
    "Failure",
    "LeaveReason",
    "QualitySample",
    "Verdict",
    "VerdictAnswer",
]
