"""Public sessions as people see them: what is to come, the seats left at each place, who has one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse

from maillage.booking.errors.broadcasts import UnknownSession
from maillage.booking.models import Booking, BookingStatus, Broadcast, BroadcastPlace, Seat
from maillage.core.links import read_link, sign_link
from maillage.core.quarters import moment_of, quarter_of
from maillage.points.models import Point

LINK_LIVES = timedelta(days=30)
"""After the session."""


@dataclass(frozen=True, slots=True)
class Session:
    """A public session and its places, each with `taken_seats` and `waiting_people`."""

    broadcast: Broadcast
    places: tuple[BroadcastPlace, ...]

    @property
    def booking(self) -> Booking:
        """The meeting behind it."""
        return self.broadcast.booking

    @property
    def seats_left(self) -> int:
        """How many seats nobody has yet, everywhere."""
        return sum(left_at(place) for place in self.places)

    def is_bookable(self, now: datetime) -> bool:
        """Tell whether a seat, or a turn, can still be taken."""
        alive = self.booking.status == BookingStatus.CONFIRMED and now < moment_of(self.booking.first_quarter)
        return alive and self.broadcast.is_open


def left_at(place: BroadcastPlace) -> int:
    """Return how many seats are left at a place read here."""
    return max(0, place.seats - int(getattr(place, "taken_seats", 0)))


def sessions_to_come(now: datetime) -> list[Session]:
    """Return the public sessions to come, soonest first, a hundred at most. Two queries."""
    found = _whole().filter(
        booking__status=BookingStatus.CONFIRMED, booking__first_quarter__gte=quarter_of(now), is_open=True
    )
    return [_session(broadcast) for broadcast in found.order_by("booking__first_quarter")[:100]]


def session_by_slug(slug: str) -> Session:
    """Return a public session, over or cancelled ones too. Raises UnknownSession. Two queries."""
    found = _whole().filter(slug=slug).first()
    if found is None:
        raise UnknownSession
    return _session(found)


def session_of(booking: Booking) -> Session | None:
    """Return what is public of a booking. Two queries."""
    found = _whole().filter(booking=booking).first()
    return None if found is None else _session(found)


def seat_token(seat: Seat, booking: Booking) -> str:
    """Return the token by which somebody sees their seat and gives it back."""
    return sign_link("seat", str(seat.pk), moment_of(booking.end_quarter) + LINK_LIVES)


def seat_address(seat: Seat, booking: Booking) -> str:
    """Return the whole address of the page of a seat."""
    return f"{settings.BASE_URL}{reverse('booking:seat', args=[seat_token(seat, booking)])}"


def seat_by_link(token: str, now: datetime) -> Seat:
    """Return the seat that a link opens. Raises LinkForged, LinkExpired, UnknownSession. One query."""
    subject = read_link("seat", token, now)
    whole = Seat.objects.select_related("broadcast__booking", "place__party__room__point__commune")
    seat = whole.filter(pk=int(subject)).first()
    if seat is None:
        raise UnknownSession
    return seat


def attendees(broadcast: Broadcast, points: QuerySet[Point] | None = None) -> list[tuple[BroadcastPlace, list[Seat]]]:
    """Return who is expected at each place, by name, those of `points` only if given. Two queries."""
    places = BroadcastPlace.objects.filter(broadcast=broadcast).select_related("party__room__point__commune")
    if points is not None:
        places = places.filter(party__room__point__in=points)
    seated = Seat.objects.filter(number__isnull=False).order_by("name")
    listed = places.prefetch_related(Prefetch("taken", seated, to_attr="seated"))
    return [(place, list(place.seated)) for place in listed]


def turn_of(seat: Seat) -> int:
    """Return how many people wait before somebody, plus one. One query."""
    before = Seat.objects.filter(place=seat.place_id, number=None, cancelled_at=None)
    return before.filter(Q(taken_at__lt=seat.taken_at) | Q(taken_at=seat.taken_at, pk__lt=seat.pk)).count() + 1


def _whole() -> QuerySet[Broadcast]:
    places = (
        BroadcastPlace.objects.select_related("party__room__point__commune")
        .annotate(
            taken_seats=Count("taken", filter=Q(taken__number__isnull=False)),
            waiting_people=Count("taken", filter=Q(taken__number=None, taken__cancelled_at=None)),
        )
        .order_by("party__position")
    )
    return Broadcast.objects.select_related("booking").prefetch_related(Prefetch("places", places))


def _session(broadcast: Broadcast) -> Session:
    places: Sequence[BroadcastPlace] = list(broadcast.places.all())
    return Session(broadcast, tuple(places))
