"""Who is in now."""

from maillage.conference.domain.door import Door
from maillage.conference.domain.presence import Presence, Present
from maillage.conference.errors import DoorClosed, MeetingOver, NotIn
from maillage.conference.models import Attendance, Conference
from maillage.conference.selectors.guests import Guest


def presence_of(conference: Conference) -> Presence:
    """Return who is in, by order of entry. One query; `conference` gives the version."""
    stays = Attendance.objects.filter(conference=conference, left_at=None).select_related("party")
    return Presence(conference.presence_version, tuple(_present(stay) for stay in stays))


def is_in(party_id: int) -> bool:
    """Tell whether a party is in its meeting. One query."""
    return Attendance.objects.filter(party_id=party_id, left_at=None).exists()


def check_inside(guest: Guest) -> None:
    """Let pass only who is in a meeting that is going on. One query. Raises MeetingOver, DoorClosed, NotIn."""
    if guest.door is Door.OVER:
        raise MeetingOver
    if guest.door is not Door.OPEN:
        raise DoorClosed
    if not is_in(guest.party.pk):
        raise NotIn


def _present(stay: Attendance) -> Present:
    return Present(
        party=stay.party_id,
        page=stay.page,
        order=stay.entered_version,
        name=stay.party.name,
        head_count=stay.party.head_count,
        microphone=stay.microphone_on,
        camera=stay.camera_on,
        screen=stay.screen_on,
        sound_only=stay.sound_only,
        images=stay.images,
    )
