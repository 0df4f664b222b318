"""Which points a meeting must ask, who answers for them, and the requests that wait for an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.booking.domain.openings import answer_deadline
from maillage.booking.errors.openings import AnsweredOneByOne, OpeningNotYours, OpeningTooSoon
from maillage.booking.models import BookingStatus, HostLevel, OpeningReason, OpeningRequest, OpeningStatus
from maillage.booking.selectors.rooms import is_open, offers_in
from maillage.core.links import LinkForged, read_link, sign_link
from maillage.points.domain.catalogue import RoomOffer
from maillage.points.models import Point, Room
from maillage.points.rights import rooms_looked_after

OPENING_PURPOSE = "opening"
_LINK_OUTLIVES = timedelta(days=30)
"""A link opened after the deadline says that it is too late, rather than nothing."""


@dataclass(frozen=True, slots=True)
class NeededOpening:
    """A point that a meeting must ask, why, and until when it may answer."""

    point_id: int
    point_name: str
    reason: OpeningReason
    deadline: datetime


@dataclass(frozen=True, slots=True)
class HostContact:
    """Somebody who answers for a point."""

    level: HostLevel
    email: str


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers: by the link of a mail, or signed in."""

    level: HostLevel
    agent_id: int | None = None


def openings_needed(
    offers: Sequence[RoomOffer], first_quarter: int, length: int, *, now: datetime
) -> list[NeededOpening]:
    """Return the points that must say yes before these rooms are booked, in the order of the rooms. No query.

    Raises OpeningTooSoon, naming them, if their answer could not come in time.
    """
    found: dict[int, NeededOpening] = {}
    late = set()
    for offer in offers:
        reason = reason_to_ask(offer, first_quarter, length)
        if reason is None or offer.point_id in found:
            continue
        deadline = answer_deadline(now, first_quarter, offer.time_zone, days=settings.ANSWER_DAYS)
        if deadline is None:
            late.add(offer.point_name)
        else:
            found[offer.point_id] = NeededOpening(offer.point_id, offer.point_name, reason, deadline)
    if late:
        raise OpeningTooSoon(rooms=", ".join(sorted(late)))
    return list(found.values())


def reason_to_ask(offer: RoomOffer, first_quarter: int, length: int) -> OpeningReason | None:
    """Return why the point of a room must be asked, None if the room is given by itself."""
    if not is_open(offer, first_quarter, length):
        return OpeningReason.OUT_OF_HOURS
    return OpeningReason.ROOM_RULE if offer.needs_answer else None


def check_given_by_themselves(offers: Sequence[RoomOffer], first_quarter: int, length: int) -> None:
    """Raises AnsweredOneByOne, with the names of the points, if somebody must say yes first."""
    asked = sorted({offer.point_name for offer in offers if reason_to_ask(offer, first_quarter, length)})
    if asked:
        raise AnsweredOneByOne(rooms=", ".join(asked))


def names_of_givers(room_ids: Iterable[int | None]) -> list[str]:
    """Return the points, by name, of the rooms that somebody gives each time, whatever the hour. One query."""
    return sorted({offer.point_name for offer in offers_in(room_ids) if offer.needs_answer})


def can_be_asked(offer: RoomOffer, first_quarter: int, length: int, *, now: datetime) -> bool:
    """Tell whether a room that is not open then may be asked to open, and its answer come in time. No query."""
    if is_open(offer, first_quarter, length) or not is_open(offer, first_quarter, length, may_ask=True):
        return False
    return answer_deadline(now, first_quarter, offer.time_zone, days=settings.ANSWER_DAYS) is not None


def contacts_of(point: Point) -> list[HostContact]:
    """Return who answers for a point, the first to ask first, each address once. One query.

    A point without an address of its own is answered for by its host's facilitators, then by the network's desk.
    """
    facilitators = Role.objects.filter(
        organisation=point.host_id, part=Part.FACILITATOR, user__is_active=True
    ).values_list("user__email", flat=True)
    own = [point.recipient] if point.recipient else list(facilitators)
    contacts = [HostContact(HostLevel.POINT, email) for email in own]
    contacts.append(HostContact(HostLevel.SECOND, point.second_recipient))
    contacts += [HostContact(HostLevel.SECOND, email) for email in (facilitators if point.recipient else ())]
    contacts.append(HostContact(HostLevel.DESK, settings.DESK_EMAIL))
    once = {contact.email.lower(): contact for contact in reversed(contacts) if contact.email}
    return [contact for contact in contacts if once.get(contact.email.lower()) is contact]


def first_asked(contacts: Sequence[HostContact]) -> list[HostContact]:
    """Return those written to at once: the first level that has an address."""
    return [contact for contact in contacts if contact.level == contacts[0].level] if contacts else []


def opening_address(opening: OpeningRequest, email: str) -> str:
    """Return the page on which whoever reads `email` answers. The act is added to it."""
    return _address(opening, f"m{_mark(email)}")


def agent_address(opening: OpeningRequest, agent: User) -> str:
    """Return the page on which a signed-in agent answers; forwarded, it answers nothing."""
    return _address(opening, f"a{agent.pk}")


def opening_by_link(token: str, now: datetime, reader: User | None) -> tuple[OpeningRequest, Answerer, int]:
    """Return the request that a link opens, who answers by it, and the round that it was sent for. Three queries.

    Raises LinkForged, LinkExpired; OpeningNotYours if its address no longer answers for the point.
    """
    subject = read_link(OPENING_PURPOSE, token, now)
    opening_id, round_, mark = subject.split("-")
    asked = OpeningRequest.objects.select_related("point__host", "booking").filter(pk=int(opening_id)).first()
    if asked is None:
        raise LinkForged
    return asked, _answerer(asked, mark, reader), int(round_)


def openings_to_answer(rooms: "QuerySet[Room]") -> list[OpeningRequest]:
    """Return the requests that wait for the points of `rooms`, the nearest deadline first. Three queries."""
    waiting = OpeningRequest.objects.filter(
        status=OpeningStatus.ASKED, point__in=rooms.order_by().values("point"), booking__status="asked"
    )
    asked = waiting.select_related("booking", "point").prefetch_related("booking__parties__room")
    return list(asked.order_by("deadline", "pk")[:200])


def count_to_answer(rooms: "QuerySet[Room]") -> int:
    """Return how many requests wait for the points of `rooms`. One query."""
    waiting = OpeningRequest.objects.filter(status=OpeningStatus.ASKED, point__in=rooms.order_by().values("point"))
    return int(waiting.aggregate(count=Count("pk"))["count"])


def asked_with(opening: OpeningRequest) -> list[OpeningRequest]:
    """Return the other dates of its series that wait for the same point, by time. One query, none without a series."""
    if opening.booking.series_id is None:
        return []
    waiting = OpeningRequest.objects.filter(
        point=opening.point_id, booking__series=opening.booking.series_id, status=OpeningStatus.ASKED
    ).exclude(pk=opening.pk)
    asked = waiting.filter(booking__status=BookingStatus.ASKED).select_related("booking")
    return list(asked.order_by("booking__first_quarter"))


def _answerer(opening: OpeningRequest, mark: str, reader: User | None) -> Answerer:
    if mark.startswith("a"):
        is_theirs = reader is not None and str(reader.pk) == mark[1:]
        if reader is None or not is_theirs or not rooms_looked_after(reader).filter(point=opening.point_id).exists():
            raise OpeningNotYours(point=opening.point.name)
        return Answerer(HostLevel.AGENT, reader.pk)
    for contact in contacts_of(opening.point):
        if _mark(contact.email) == mark[1:]:
            return Answerer(contact.level)
    raise OpeningNotYours(point=opening.point.name)


def _address(opening: OpeningRequest, mark: str) -> str:
    subject = f"{opening.pk}-{opening.round}-{mark}"
    token = sign_link(OPENING_PURPOSE, subject, opening.deadline + _LINK_OUTLIVES)
    return f"{settings.BASE_URL}{reverse('booking:opening', args=[token])}"


def _mark(email: str) -> str:
    """Return what tells an address again without saying it."""
    return salted_hmac("maillage opening contact", email.lower()).hexdigest()[:12]
