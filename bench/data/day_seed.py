"""Run by bench/day.py: rooms with a full day, an agent who looks after them; prints their session and the queries."""

import json
import sys
from datetime import date, time
from zoneinfo import ZoneInfo

import django

django.setup()

from django.conf import settings  # noqa: E402  (models need the set-up above)
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from maillage.accounts.models import User  # noqa: E402
from maillage.booking.models import Booking, BookingStatus, Span, SpanKind  # noqa: E402
from maillage.core.quarters import local_quarter  # noqa: E402
from maillage.points.models import Room  # noqa: E402
from maillage.points.tests.factories import make_point, make_room  # noqa: E402

ROOMS_A_POINT = 3
HOURS = (9, 11, 14, 16)


def fill(room: Room, number: int, first: int) -> None:
    """Put three meetings and a block on the day of `room`."""
    for turn, hour in enumerate(HOURS):
        start = first + hour * 4
        booking = None
        if turn:
            booking = Booking.objects.create(
                reference=f"{number:03}{turn}",
                request_key=f"day-{number}-{turn}",
                status=BookingStatus.CONFIRMED,
                title="Réunion du conseil de développement",
                organiser_name="Anne Le Goff",
                first_quarter=start,
                length=4,
            )
        kind = SpanKind.MEETING if booking else SpanKind.BLOCK
        Span.objects.create(room=room, booking=booking, kind=kind, first_quarter=start, end_quarter=start + 5)


def main(rooms: int, day: date) -> None:
    """Seed, then ask for the page once in this process to count its queries."""
    first = local_quarter(day, time(), ZoneInfo("Europe/Paris"))
    for number in range(rooms):
        point = make_point(f"Point {number // ROOMS_A_POINT}", commune="Callac")
        fill(make_room(point, f"Salle {number % ROOMS_A_POINT}"), number, first)
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.create_user("banc@example.org", None, is_staff=True))
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(f"/planning?jour={day.isoformat()}")
    shown = answer.content.decode().count('class="block block--meeting')
    print(json.dumps({"cookie": client.cookies["sessionid"].value, "queries": len(seen), "meetings": shown}))


if __name__ == "__main__":
    main(int(sys.argv[1]), date.fromisoformat(sys.argv[2]))
