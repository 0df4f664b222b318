"""Rooms whose screens are linked, with a meeting that is open now, on a private server."""

import json
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

from maillage.config.private_server import PrivateServer

_MAKE = """
import json
from django.utils import timezone
from datetime import timedelta
from maillage.booking.models import PartyKind
from maillage.conference.tests.factories import make_meeting, parties_of, token_of
from maillage.core.quarters import moment_of, quarter_of
from maillage.points.tests.factories import make_point, make_room
from maillage.station.tests.factories import make_station
now = timezone.now()
made = []
for rank in range({count}):
    called = f"Mairie de Plougasnou {{rank}}" if {busy} else f"Espace {commune} {{rank}}"
    room = make_room(make_point(called, commune={commune!r}), hours="24/7")
    station, key = make_station(now=now, room=room)
    if not {busy}:
        made.append([room.pk, str(room.point), key, "", ""])
        continue
    meeting = make_meeting(start=moment_of(quarter_of(now)), names=("Plougasnou", "Lannion"))
    own, other = parties_of(meeting)
    own.room, own.kind = room, PartyKind.ROOM
    own.save()
    made.append([room.pk, str(room.point), key, meeting.reference, token_of(other, until=now + timedelta(days=30))])
print(json.dumps(made))
"""


@dataclass(frozen=True, slots=True)
class LinkedRoom:
    """A room, the key of its screen, and the link of the other side of its meeting."""

    room_id: int
    point: str
    key: str
    reference: str
    other: str

    def lend_key(self, context: BrowserContext, server: PrivateServer) -> Page:
        """Give a screen that holds this room's key."""
        context.add_cookies([{"name": "station", "value": self.key, "domain": "127.0.0.1", "path": "/station"}])
        return context.new_page()


def make_linked_rooms(
    server: PrivateServer, count: int, *, busy: bool = True, commune: str = "Plougasnou"
) -> list[LinkedRoom]:
    """Make rooms open day and night, each with its station and, if `busy`, a meeting that began in this quarter."""
    printed = server.run("shell", "-v", "0", "-c", _MAKE.format(count=count, busy=busy, commune=commune))
    rows = json.loads(printed.strip().splitlines()[-1])
    return [LinkedRoom(row[0], row[1], row[2], row[3], f"/r/{row[4]}") for row in rows]
