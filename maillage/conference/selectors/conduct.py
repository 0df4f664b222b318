"""How a meeting is led, as told to its pages: everything at once, so that one account replaces the one before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from maillage.booking.models import Party
from maillage.conference.domain.floor import may_speak
from maillage.conference.domain.floor_record import read_floor
from maillage.conference.domain.lobby import OTHERS_OPEN_AFTER, SILENT_AFTER
from maillage.conference.models import ChatLine, Conduct, Conference, Knock, KnockAnswer, Spoken

LINES_SHOWN = 300


def conduct_told(conference: Conference, conduct: Conduct, now: datetime) -> dict[str, Any]:
    """Return the message `conduct` of the protocol. Two queries. Times are seconds of the server's clock."""
    spoken = Spoken.objects.filter(conference=conference).values_list("party_id", "seconds")
    return {
        "type": "conduct",
        "version": conduct.version,
        "now": now.timestamp(),
        "entry": conduct.entry_rule,
        "floor": conduct.floor or None,
        "agenda": conduct.agenda or None,
        "introductions": conduct.introductions,
        "knocks": [_knock(knock) for knock in waiting_at(conference, now)],
        "spoken": {str(party): round(seconds) for party, seconds in spoken},
    }


def waiting_at(conference: Conference, now: datetime) -> list[Knock]:
    """Return who waits at the door of a meeting, the longest first. One query."""
    heard = Knock.objects.filter(
        conference=conference, answer=KnockAnswer.WAITING, last_heard_at__gt=now - SILENT_AFTER
    )
    return list(heard.select_related("party"))


def may_be_heard(*, conference_id: int, party_id: int) -> bool:
    """Tell whether the floor lets a side that is in be heard. One query."""
    conduct = Conduct.objects.filter(booking__conference=conference_id).first()
    return conduct is None or not conduct.floor or may_speak(read_floor(conduct.floor), party_id)


def parties_at_door(booking_id: UUID, now: datetime) -> set[int]:
    """Return the sides that wait at the door of a booking's meeting. One query."""
    waiting = Knock.objects.filter(conference__booking=booking_id, answer=KnockAnswer.WAITING)
    return set(waiting.filter(last_heard_at__gt=now - SILENT_AFTER).values_list("party", flat=True))


def _knock(knock: Knock) -> dict[str, Any]:
    party: Party = knock.party
    return {
        "party": party.pk,
        "name": party.name,
        "head_count": party.head_count,
        "kind": party.kind,
        "since": knock.asked_at.timestamp(),
        "all_open_at": (knock.asked_at + OTHERS_OPEN_AFTER).timestamp(),
    }


def chat_told(lines: list[ChatLine]) -> dict[str, Any]:
    """Return the message `chat` of the protocol."""
    told = [
        {"id": line.pk, "party": line.party_id, "name": line.party.name, "at": line.at.timestamp(), "text": line.text}
        for line in lines
    ]
    return {"type": "chat", "lines": told}


def chat_of(conference_id: int) -> list[ChatLine]:
    """Return the last lines written in a meeting, the oldest first. One query."""
    lines = ChatLine.objects.filter(conference=conference_id).select_related("party").order_by("-pk")[:LINES_SHOWN]
    return list(lines)[::-1]


def told_on_entry(conference_id: int, now: datetime) -> list[dict[str, Any]]:
    """Return what a side that has just come in is told: how the meeting is led, and what was written. Four queries."""
    conference = Conference.objects.select_related("booking__conduct").get(pk=conference_id)
    conduct: Conduct | None = getattr(conference.booking, "conduct", None)
    told = [conduct_told(conference, conduct, now)] if conduct else []
    return [*told, chat_told(chat_of(conference_id))]
