"""What a room's host may be refused, and those who want to stay a little longer."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Forbidden, Invalid, Missing


class BlockTooLong(Invalid):
    """A block of more than a year, of no time, or in the past."""

    code = "block-invalid"
    message = gettext_noop("A room is blocked for at least a quarter of an hour and at most a year, from now on.")
    next_step = gettext_noop("Correct the two times. For longer, change the opening hours of the room.")


class UnknownBlock(Missing):
    """No such block."""

    code = "unknown-block"
    message = gettext_noop("This room is no longer blocked at that time.")
    next_step = gettext_noop("Look at the calendar again.")


class TooManyRooms(Invalid):
    """The free time of more rooms than one answer can hold is asked."""

    code = "too-many-rooms"
    message = gettext_noop("The free time of at most %(most)s rooms is told at once.")
    next_step = gettext_noop("Name the rooms you want, some thousands at a time.")


class NoExtension(Conflict):
    """More time is asked for a meeting that is not under way, or that has had its share."""

    code = "no-extension"
    message = gettext_noop("This meeting cannot be made longer.")
    next_step = gettext_noop("Book another time: the next free one is a search away.")


class NoRoomToLookAfter(Forbidden):
    """An agent without a part in any host opens the planning."""

    code = "no-room-to-look-after"
    message = gettext_noop("No room is entrusted to you.")
    next_step = gettext_noop("Ask the network's coordinator to make you facilitator of your points.")
