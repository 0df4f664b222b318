"""What a station or the person pairing it may be refused."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Forbidden, Gone, Missing


class PairingCodeUnknown(Missing):
    """A code that no screen shows."""

    code = "pairing-code-unknown"
    message = gettext_noop("No screen shows the code %(code)s at the moment.")
    next_step = gettext_noop("Read the code on the screen again: it changes every ten minutes.")


class PairingCodeExpired(Gone):
    """A code that was shown too long ago."""

    code = "pairing-code-expired"
    message = gettext_noop("This code is no longer valid.")
    next_step = gettext_noop("The screen shows a new one: type that one.")


class RoomNotYours(Forbidden):
    """A room of a point that the person does not look after."""

    code = "room-not-yours"
    message = gettext_noop("You do not look after this room.")
    next_step = gettext_noop("Ask the host of the point, or an administrator, to give you the role.")


class RoomHasStation(Conflict):
    """The room has a station already, and nobody said to replace it."""

    code = "room-has-station"
    message = gettext_noop("%(room)s already has a station, seen %(seen)s.")
    next_step = gettext_noop("If this screen takes its place, choose to replace it; otherwise choose another room.")


class RoomHasSecondScreen(RoomHasStation):
    """The room has a second screen on another machine already, and nobody said to replace it."""

    code = "room-has-second-screen"
    message = gettext_noop("%(room)s already has a second screen, seen %(seen)s.")


class NotAStation(Forbidden):
    """A screen without a key, or whose key is no longer good."""

    code = "not-a-station"
    message = gettext_noop("This screen is not linked to a room, or no longer.")
    next_step = gettext_noop("Type the code it shows on the page “Link a screen”.")


class LoanOver(Forbidden):
    """A screen that was linked for some days, which are over."""

    code = "loan-over"
    message = gettext_noop("This screen was lent to the room: its time is over.")
    next_step = gettext_noop("To use it again, type the code it shows on the page of the rooms' screens.")


class KeyUsedTwice(Forbidden):
    """A key that was replaced comes back: somebody holds a copy."""

    code = "station-key-used-twice"
    message = gettext_noop("The key of this screen was used in two places. For safety, it no longer opens anything.")
    next_step = gettext_noop("Link the screen again: it takes a minute. The concierge has been told.")


class RoomSilent(Conflict):
    """The room that was called has no screen that answers now."""

    code = "room-silent"
    message = gettext_noop("%(room)s does not answer at the moment.")
    next_step = gettext_noop("Choose another room, or ask the concierge with “Help”.")


class CounterpartNotRung(Conflict):
    """An organisation that no longer agrees to be rung at once, or that this network cannot ring."""

    code = "counterpart-not-rung"
    message = gettext_noop("They cannot be rung from here at the moment.")
    next_step = gettext_noop("Choose somebody else, or ask the concierge with “Help”.")


class RoomTakenSoon(Conflict):
    """The room is free, but not for long enough."""

    code = "room-taken-soon"
    message = gettext_noop("%(room)s is free until %(until)s only.")
    next_step = gettext_noop("Choose a shorter time, or another room.")


class NotWalkIn(Conflict):
    """Only what was booked on the screen, for at once, is given back there."""

    code = "not-walk-in"
    message = gettext_noop("This meeting was booked by somebody: its room cannot be given back here.")
    next_step = gettext_noop("Ask the concierge with “Help”.")
