"""What the desk learns from below: a red room, a copied key, a side that asks for help."""

from django.utils import timezone

from maillage.booking.events import RoomLossEscalated, RoomLossSettled
from maillage.concierge import services
from maillage.concierge.models import Cause, Owner
from maillage.concierge.services.tickets import About, close_about
from maillage.conference.events import HelpAsked
from maillage.core.events import subscribe
from maillage.station.domain.verdict import Level
from maillage.station.events import StationTested, StationWithdrawn
from maillage.station.models import SelfTest, StationState

_LINE = ("line-down", "line-narrow")


@subscribe(HelpAsked)
def take_the_call(event: HelpAsked) -> None:
    """Somebody waits to be called: a ticket of the desk."""
    about = About(booking_id=event.booking_id, party_id=event.party_id)
    services.open_ticket(about=about, cause=Cause.HELP_ASKED, owner=Owner.DESK, note="", now=timezone.now())


@subscribe(StationTested)
def follow_test(event: StationTested) -> None:
    """A red test opens a ticket with the test attached; a better one closes it."""
    now = timezone.now()
    if event.level != Level.RED:
        services.close_cause(room_id=event.room_id, cause=Cause.STATION_RED, now=now)
        return
    causes = SelfTest.objects.values_list("causes", flat=True).get(pk=event.test_id)
    owner = Owner.NETWORK if set(causes) & set(_LINE) else Owner.HOST
    about = About(room_id=event.room_id, test_id=event.test_id)
    services.open_ticket(about=about, cause=Cause.STATION_RED, owner=owner, note=", ".join(causes), now=now)


@subscribe(StationWithdrawn)
def follow_withdrawal(event: StationWithdrawn) -> None:
    """A copied key is a matter for somebody; any other withdrawal was decided by a person."""
    if event.state == StationState.STOLEN:
        about = About(room_id=event.room_id)
        services.open_ticket(about=about, cause=Cause.KEY_STOLEN, owner=Owner.DESK, note="", now=timezone.now())


@subscribe(RoomLossEscalated)
def have_them_called(event: RoomLossEscalated) -> None:
    """A meeting whose room closed, and whose organiser does not answer: the desk calls them."""
    about = About(booking_id=event.booking_id, party_id=event.party_id)
    services.open_ticket(about=about, cause=Cause.ROOM_LOST, owner=Owner.DESK, note="", now=timezone.now())


@subscribe(RoomLossSettled)
def forget_lost_room(event: RoomLossSettled) -> None:
    """It has a room again, or no longer needs one."""
    about = About(booking_id=event.booking_id, party_id=event.party_id)
    close_about(about=about, cause=Cause.ROOM_LOST, now=timezone.now())
