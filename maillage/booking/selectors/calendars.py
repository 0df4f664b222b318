"""Our bookings as entries of calendars: written in a room's other calendar, or published behind a secret address."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.booking.errors.calendars import UnknownFeed
from maillage.booking.gateways.publishing import PublishedEvent, published_calendar, stored_entry
from maillage.booking.models import (
    Booking,
    BookingStatus,
    CalendarConflict,
    CalendarDoor,
    CalendarFeed,
    Party,
    Span,
    SpanKind,
)
from maillage.booking.selectors.bookings import organiser_link
from maillage.core.links import read_link, sign_link
from maillage.core.quarters import PER_DAY, moment_of, quarter_of

LIVES = timedelta(days=3650)
_SHOWN_BEFORE = 31 * PER_DAY
_SHOWN = [BookingStatus.CONFIRMED, BookingStatus.DONE]


def domain() -> str:
    """Return the name after the @ of our UIDs."""
    return urlsplit(settings.BASE_URL).hostname or "maillage"


def is_ours(uid: str) -> bool:
    """Tell whether an event is one of our bookings, come back from another calendar."""
    name, _at, where = uid.strip().partition("@")
    try:
        UUID(name)
    except ValueError:
        return False
    return where == domain()


def any_writes_back() -> bool:
    """Tell whether bookings are written in any other calendar. One query, in plain SQL: every booking asks."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {CalendarFeed._meta.db_table} WHERE is_active AND writes_back LIMIT 1")  # noqa: S608
        return cursor.fetchone() is not None


def booking_entry(booking: Booking) -> bytes:
    """Return a booking as it is written in a room's other calendar: no secret link, no e-mail, no telephone."""
    with override(booking.language):
        return stored_entry(_meeting_event(booking))


def room_calendar(door: CalendarDoor, now: datetime) -> bytes:
    """Return the published calendar of a room: meetings and its host's blocks, a month back. Three queries."""
    if door.room is None:
        raise UnknownFeed
    since = quarter_of(now) - _SHOWN_BEFORE
    bookings = _whole(Booking.objects.filter(parties__room=door.room, status__in=_SHOWN, first_quarter__gte=since))
    blocks = Span.objects.filter(room=door.room, kind=SpanKind.BLOCK, end_quarter__gt=since)
    zone = ZoneInfo(door.room.point.time_zone)
    with override(settings.LANGUAGE_CODE):
        events = [_meeting_event(booking) for booking in bookings] + [_block_event(block, zone) for block in blocks]
        return published_calendar(str(door.room), events)


def person_calendar(door: CalendarDoor, now: datetime) -> bytes:
    """Return the published calendar of an organiser, each meeting with its page. Two queries."""
    since = quarter_of(now) - _SHOWN_BEFORE
    theirs = Booking.objects.alias(mail=Lower("organiser_email")).filter(mail=door.email.lower())
    mine = theirs.filter(status__in=_SHOWN, first_quarter__gte=since)
    bookings = _whole(mine)
    language = bookings[0].language if bookings else settings.LANGUAGE_CODE
    with override(language):
        events = [_meeting_event(booking, url=organiser_link(booking)) for booking in bookings]
        return published_calendar(_("My videoconferences"), events)


def door_by_token(token: str, now: datetime) -> CalendarDoor:
    """Return what a secret address opens. Raises LinkForged, LinkExpired; UnknownFeed once it was closed. One query."""
    pk, _dot, edition = read_link("calendar", token, now).partition("-")
    door = CalendarDoor.objects.select_related("room__point").filter(pk=int(pk), edition=int(edition)).first()
    if door is None:
        raise UnknownFeed
    return door


def door_address(door: CalendarDoor, now: datetime) -> str:
    """Return the whole secret address of a published calendar. The same all year: clients keep it."""
    year = datetime(now.year, 1, 1, tzinfo=UTC)
    token = sign_link("calendar", f"{door.pk}-{door.edition}", year + LIVES)
    return f"{settings.BASE_URL}{reverse('booking:published_calendar', args=[token])}"


def conflicts_of(room_ids: Sequence[int], now: datetime) -> list[CalendarConflict]:
    """Return the standing conflicts of rooms, to come or under way, by time. One query."""
    rows = CalendarConflict.objects.filter(
        feed__room__in=room_ids,
        over_at=None,
        end_quarter__gt=quarter_of(now),
        booking__status__in=[BookingStatus.HELD, BookingStatus.ASKED, BookingStatus.CONFIRMED],
    )
    return list(rows.select_related("feed__room__point", "booking"))


def feeds_of(room_ids: Sequence[int]) -> list[CalendarFeed]:
    """Return the other calendars of rooms. One query."""
    return list(CalendarFeed.objects.filter(room__in=room_ids).select_related("room__point"))


def _whole(bookings: QuerySet[Booking]) -> list[Booking]:
    parties = Party.objects.order_by("position").select_related("origin", "room__point__commune")
    return list(bookings.distinct().prefetch_related(Prefetch("parties", parties)))


def _meeting_event(booking: Booking, url: str = "") -> PublishedEvent:
    parties = list(booking.parties.all())
    places = ", ".join(_place(party) for party in parties)
    rooms = "; ".join(str(party.room) for party in parties if party.room)
    title = booking.title or _("Videoconference: %(places)s") % {"places": places}
    people = sum(party.head_count for party in parties)
    lines = [places, _("%(count)s people in all") % {"count": people}, booking.organiser_name]
    return PublishedEvent(
        uid=f"{booking.pk}@{domain()}",
        sequence=booking.sequence,
        summary=f"{title} ({booking.reference})",
        description="\n".join(filter(None, lines)),
        location=rooms,
        start=moment_of(booking.first_quarter),
        end=moment_of(booking.end_quarter),
        zone=ZoneInfo(booking.time_zone),
        stamp=booking.confirmed_at or booking.created_at,
        url=url,
    )


def _block_event(block: Span, zone: ZoneInfo) -> PublishedEvent:
    start = moment_of(block.first_quarter)
    return PublishedEvent(
        uid=f"block-{block.pk}@{domain()}",
        sequence=0,
        summary=block.note or _("Room blocked"),
        start=start,
        end=moment_of(block.end_quarter),
        zone=zone,
        stamp=start,
    )


def _place(party: Party) -> str:
    if party.room is not None:
        return party.room.point.commune.name
    return party.origin.name if party.origin else party.name
