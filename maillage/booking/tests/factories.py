"""Bookings with fixed values, made through the services as people make them. Monday 23 November 2026, 8:00 in Paris."""

from datetime import UTC, datetime, timedelta

from maillage.booking.domain.wishes import MeetingWish, PartyWish
from maillage.booking.models import Booking
from maillage.booking.selectors import party_at
from maillage.booking.services import Contact, confirm_booking, hold_slot
from maillage.core.quarters import quarter_at
from maillage.points.models import Room
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.models import Commune

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TOMORROW_10 = quarter_at(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
"""Tuesday 24 November 2026, 10:00 in Paris."""

HOUR = 4
ANNE = Contact(
    name="Anne Le Goff",
    email="anne@example.org",
    phone="0296000000",
    category="association",
    title="Préparer la fête",
    travel_mode="car-alone",
    guests=("yann@example.org",),
)


def make_rooms(*communes: str) -> list[Room]:
    """Make one room in each commune, by default in Callac and Rennes."""
    return [make_room(make_point(commune=commune)) for commune in communes or ("Callac", "Rennes")]


def party_in(room: Room, position: int, *, origin: Commune | None = None, head_count: int = 2) -> PartyWish:
    """Return the wish of people of `origin`, by default the room's commune, for that very room."""
    commune = origin or room.point.commune
    return party_at(commune, position=position, head_count=head_count, room_id=room.pk, name=commune.name)


def parties_in(rooms: list[Room]) -> tuple[PartyWish, ...]:
    """Return one party in each room."""
    return tuple(party_in(room, position) for position, room in enumerate(rooms))


def wish_from(*communes: Commune, length: int = HOUR, days: int = 14, **fields: object) -> MeetingWish:
    """Return the wish of two people in each commune to meet in the coming days."""
    parties = tuple(party_at(c, position=i, head_count=2, name=c.name) for i, c in enumerate(communes))
    first = quarter_at(NOW)
    values = {"parties": parties, "length": length, "first_quarter": first, "end_quarter": first + days * 96, **fields}
    return MeetingWish(**values)  # type: ignore[arg-type]


def make_hold(
    rooms: list[Room] | None = None,
    *,
    first_quarter: int = TOMORROW_10,
    length: int = HOUR,
    request_key: str = "",
    now: datetime = NOW,
) -> Booking:
    """Hold rooms, by default in Callac and Rennes on Tuesday from 10:00 to 11:00."""
    held = rooms or make_rooms()
    key = request_key or f"hold-{first_quarter}-{length}-" + "-".join(str(room.pk) for room in held)
    return hold_slot(
        request_key=key,
        first_quarter=first_quarter,
        length=length,
        parties=parties_in(held),
        time_zone="Europe/Paris",
        language="fr",
        now=now,
    )


def make_booking(
    rooms: list[Room] | None = None,
    *,
    first_quarter: int = TOMORROW_10,
    length: int = HOUR,
    contact: Contact = ANNE,
    now: datetime = NOW,
) -> Booking:
    """Book rooms, confirmed a minute after they were held."""
    held = make_hold(rooms, first_quarter=first_quarter, length=length, now=now)
    return confirm_booking(booking_id=held.pk, contact=contact, now=now + timedelta(minutes=1))
