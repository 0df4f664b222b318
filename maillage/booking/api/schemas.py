"""What the API reads and writes. Types only: the domain refuses, with its own codes, what cannot be right."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field

from maillage.booking.domain.contacts import Contact
from maillage.booking.domain.wishes import Proposal, Seat
from maillage.booking.errors import PastTime, TooFarAhead
from maillage.booking.models import Booking, Category, TravelMode
from maillage.booking.selectors import links_of, organiser_link, organiser_token, point_names
from maillage.booking.selectors.misses import NearMiss
from maillage.core.quarters import local_quarter, moment_of, quarter_at
from maillage.points.domain.catalogue import Catalogue
from maillage.points.models import Room


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("should hold no control character")
    return text


Line = Annotated[str, AfterValidator(_printable), Field(max_length=120)]
Token = Annotated[str, Field(max_length=200)]
Whole = Annotated[int, Field(ge=-(2**31), lt=2**31)]


def quarter_from(moment: datetime, zone: tzinfo) -> int:
    """Return the quarter that starts at `moment`: with its offset, or a local time of `zone`.

    Raises PastTime, TooFarAhead for years nobody books in, OffGrid, NoSuchTime for an hour that clocks skip.
    """
    if moment.year < 2000:
        raise PastTime
    if moment.year > 2200:
        raise TooFarAhead(most=400)
    if moment.tzinfo is not None:
        return quarter_at(moment)
    return local_quarter(moment.date(), moment.time(), ZoneInfo(str(zone)))


class PartyIn(BaseModel):
    """One side of the meeting. Without `room_id`, a party that comes to a room gets the nearest that suits."""

    head_count: Whole = Field(2, description="1 to 500")
    commune: Line = Field("", description="INSEE code, or a name as people type it: Callac (22160)")
    kind: Literal["room", "browser", "sip", "phone"] = "room"
    room_id: Whole | None = None
    point: Line = Field("", description="slug of a point: its smallest room that suits")
    address: Line = Field("", description="of a terminal, as sip:room@example.org, or number of a telephone")
    country: str = Field("FR", max_length=2, description="ISO 3166-1")
    needs: list[Line] = Field(default_factory=list, max_length=20)
    name: Line = Field("", description="shown to the others; the commune's by default")


class WishIn(BaseModel):
    """A meeting to find a time for."""

    parties: list[PartyIn] = Field(max_length=40, description="2 to 12, the organiser's first")
    length: Whole = Field(4, description="in quarter-hours, 1 to 48")
    start: datetime = Field(description="no earlier than; with an offset, or local to time_zone")
    end: datetime = Field(description="no later than; 42 days after start at most")
    part_of_day: Literal["any", "morning", "afternoon", "evening"] = "any"
    time_zone: Line = "Europe/Paris"
    soonest: bool = Field(False, description="at equal travel the first hour comes first, however unpleasant")
    wants_help: bool = Field(False, description="somebody on the spot at the start: rooms ask for their notice")
    access: Token = Field("", description="the `pass` of the link that a host gave to its own people")
    limit: int = Field(5, ge=1, le=20)


class ContactIn(BaseModel):
    """Who organises, and the addresses of the other parties, in order."""

    name: Line
    email: str = Field("", max_length=254, description="this, or a mobile number where text messages are sent")
    phone: str = Field("", max_length=20)
    category: Category | Literal[""] = ""
    title: Line = ""
    wants_help: bool = False
    travel_mode: TravelMode = TravelMode.UNKNOWN
    guests: list[Annotated[str, Field(max_length=254)]] = Field(default_factory=list, max_length=11)

    def contact(self) -> Contact:
        """Return it as the services take it."""
        values = self.model_dump(exclude={"guests", "category", "travel_mode"})
        return Contact(
            **values, category=str(self.category), travel_mode=str(self.travel_mode), guests=tuple(self.guests)
        )


class BookingIn(BaseModel):
    """Rooms to book at once: those of a proposal, or any others."""

    parties: list[PartyIn] = Field(max_length=40, description="2 to 12, the organiser's first, each with its room")
    start: datetime = Field(description="with an offset, or local to time_zone")
    length: Whole = Field(4, description="in quarter-hours, 1 to 48")
    time_zone: Line = "Europe/Paris"
    language: Literal["fr", "en"] = "fr"
    contact: ContactIn
    access: Token = Field("", description="the `pass` of the link that a host gave to its own people")
    request_key: str = Field("", max_length=200, description="or the Idempotency-Key header: 8 to 64 characters")


class HoldIn(BaseModel):
    """Rooms to keep while somebody decides."""

    parties: list[PartyIn] = Field(max_length=40, description="2 to 12, the organiser's first, each with its room")
    start: datetime = Field(description="with an offset, or local to time_zone")
    length: Whole = Field(4, description="in quarter-hours, 1 to 48")
    time_zone: Line = "Europe/Paris"
    language: Literal["fr", "en"] = "fr"
    wants_help: bool = Field(False, description="somebody on the spot at the start: rooms ask for their notice")
    access: Token = Field("", description="the `pass` of the link that a host gave to its own people")
    request_key: str = Field("", max_length=200, description="or the Idempotency-Key header: 8 to 64 characters")


class ConfirmIn(BaseModel):
    """Who organises the meeting whose rooms are kept."""

    contact: ContactIn


class BusyQuery(BaseModel):
    """A window of 42 days at most."""

    start: datetime = Field(description="with an offset, or local to the room")
    end: datetime


class BusyTime(BaseModel):
    """A time during which a room is taken."""

    start: datetime
    end: datetime


class BusyOut(BaseModel):
    """When a room is taken, in order. Nothing says by whom."""

    room_id: int
    time_zone: str
    busy: list[BusyTime]

    @classmethod
    def of(cls, room: Room, spans: Sequence[tuple[int, int]]) -> "BusyOut":
        """Return `spans` on the clocks of the room."""
        zone = ZoneInfo(room.point.time_zone)
        times = [
            BusyTime(start=moment_of(first).astimezone(zone), end=moment_of(end).astimezone(zone))
            for first, end in spans
        ]
        return cls(room_id=room.pk, time_zone=zone.key, busy=times)


class MoveIn(BaseModel):
    """Another time for the same rooms."""

    start: datetime = Field(description="with an offset, or local to the booking's time zone")
    length: Whole = Field(description="in quarter-hours, 1 to 48")


class CancelIn(BaseModel):
    """Why it will not take place."""

    cause: Literal["organiser", "no-counterpart", "room-closed", "technical", "other"] = "organiser"


class SeatOut(BaseModel):
    """Where a party sits, and its way there, one way."""

    position: int
    room_id: int | None
    room: str
    point: str
    point_slug: str
    access_km: float
    access_minutes: int

    @classmethod
    def of(cls, seat: Seat) -> "SeatOut":
        """Return `seat` as the API shows it."""
        room = seat.room
        return cls(
            position=seat.position,
            room_id=room.room_id if room else None,
            room=room.room_name if room else "",
            point=room.point_name if room else "",
            point_slug=room.point_slug if room else "",
            access_km=seat.access_km,
            access_minutes=seat.access_minutes,
        )


class ProposalOut(BaseModel):
    """A common slot. `reasons` are stable codes; `tier` is direct, assisted or multipoint."""

    start: datetime
    end: datetime
    length: int
    seats: list[SeatOut]
    access_minutes_total: int
    saved_km: float
    saved_minutes: int
    reasons: list[str]
    tier: str

    @classmethod
    def of(cls, proposal: Proposal, zone: ZoneInfo) -> "ProposalOut":
        """Return `proposal` as the API shows it, its times in `zone`."""
        return cls(
            start=moment_of(proposal.first_quarter).astimezone(zone),
            end=moment_of(proposal.first_quarter + proposal.length).astimezone(zone),
            length=proposal.length,
            seats=[SeatOut.of(seat) for seat in proposal.seats],
            access_minutes_total=proposal.access_minutes_total,
            saved_km=proposal.saved_km,
            saved_minutes=proposal.saved_minutes,
            reasons=list(proposal.reasons),
            tier=proposal.tier.value,
        )


class NearMissOut(BaseModel):
    """What would fit if one thing changed: its best answer, tried.

    `change` is opening, any-hour, other-days, other-rooms, fewer-needs, shorter, elsewhere or all-together.
    """

    change: str
    proposal: ProposalOut
    opened_rooms: list[int] = Field(description="to be opened outside their hours: ask their points first")
    given_up: list[str] = Field(description="needs that no room at hand meets")
    elsewhere: list[int] = Field(description="positions of the parties that would join from a computer")
    more_km: float = Field(description="of way, one way, all parties together")

    @classmethod
    def of(cls, miss: NearMiss, zone: ZoneInfo) -> "NearMissOut":
        """Return `miss` as the API shows it."""
        return cls(
            change=miss.change.value,
            proposal=ProposalOut.of(miss.proposal, zone),
            opened_rooms=[room.room_id for room in miss.opened],
            given_up=list(miss.given_up),
            elsewhere=list(miss.elsewhere),
            more_km=round(miss.more_km, 1),
        )


class ProposalsOut(BaseModel):
    """The answers of a search, best first. When there is none, what would nearly do, the most welcome first."""

    proposals: list[ProposalOut]
    near_misses: list[NearMissOut] = Field(default_factory=list)


class FreeTimeOut(BaseModel):
    """When a room is free. `free` tells it in quarters from `start`: so many taken, so many free, and so on in turn.

    [33, 16, 4, 20] is taken or closed for 33 quarters, free for 16, taken for 4, free for 20, then taken until `end`. A
    room free at once begins with 0; one never free is empty.
    """

    room_id: int
    free: list[int]


class AvailabilityOut(BaseModel):
    """When rooms are free, from `start` to `end`, in quarters of an hour."""

    start: datetime
    end: datetime
    rooms: list[FreeTimeOut]


class PartyOut(BaseModel):
    """A party of a booking, with the link that opens the meeting to it."""

    position: int
    kind: str
    name: str
    head_count: int
    room_id: int | None
    point: str
    address: str
    link: str


class BookingOut(BaseModel):
    """A booking, as its organiser sees it. `token` is what its other addresses take."""

    id: UUID
    reference: str
    status: str
    start: datetime
    end: datetime
    length: int
    time_zone: str
    title: str
    sequence: int
    cancel_cause: str
    held_until: datetime | None
    token: str
    link: str
    parties: list[PartyOut]

    @classmethod
    def of(cls, booking: Booking, rooms: Catalogue | None = None) -> "BookingOut":
        """Return `booking` as the API shows it. Two queries at most, none if all is loaded."""
        zone, links = ZoneInfo(booking.time_zone), links_of(booking)
        names = point_names((party for party, _link in links), rooms)
        parties = [
            PartyOut(
                position=party.position,
                kind=party.kind,
                name=party.name,
                head_count=party.head_count,
                room_id=party.room_id,
                point=names.get(party.room_id or 0, ""),
                address=party.address,
                link=link,
            )
            for party, link in links
        ]
        return cls(
            id=booking.pk,
            reference=booking.reference,
            status=booking.status,
            start=moment_of(booking.first_quarter).astimezone(zone),
            end=moment_of(booking.end_quarter).astimezone(zone),
            length=booking.length,
            time_zone=booking.time_zone,
            title=booking.title,
            sequence=booking.sequence,
            cancel_cause=booking.cancel_cause,
            held_until=booking.held_until.astimezone(UTC) if booking.held_until else None,
            token=organiser_token(booking),
            link=organiser_link(booking),
            parties=parties,
        )
