"""What the concierge asks of a side that is in: less, never more. Nobody opens a microphone or a camera from afar.

`notice` only shows words; `leave` ends the side's call once its people are told. A telephone or a terminal has no page:
its stay ends, and its gateway hangs up at its next beat.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from maillage.booking.models import Party, PartyKind
from maillage.conference.errors import AskUnknown, NotIn
from maillage.conference.models import Attendance
from maillage.conference.services.stays import leave_meeting
from maillage.conference.services.telling import tell_party
from maillage.core.journal import record

ASKS: Final = ("mute", "sound-only", "leave", "notice")
_WITHOUT_A_PAGE: Final = frozenset({PartyKind.SIP, PartyKind.PHONE})


@transaction.atomic
def ask_side(*, party: Party, what: str, agent_id: int, now: datetime, text: str = "") -> None:
    """Ask the page of `party` to cut its sound, to go on with the sound only, to leave, or to show `text`.

    It always says so to its people.

    Raises AskUnknown, NotIn if the side is not in.
    """
    if what not in ASKS:
        raise AskUnknown
    stay = Attendance.objects.filter(party=party, left_at=None).first()
    if stay is None:
        raise NotIn
    subject = f"booking:{party.booking.reference}"
    record(f"conference.asked-{what}", subject, through="agent", agent_id=agent_id, party=party.pk, at=now.isoformat())
    if what == "leave" and party.kind in _WITHOUT_A_PAGE:
        leave_meeting(stay_id=stay.pk, now=now)
        return
    tell_party(party.pk, type="party.asked", what=what, text=text[:200])
