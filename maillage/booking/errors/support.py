"""What is refused about help, urgent loans and bookings made for others."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Forbidden


class NobodyToHelp(Conflict):
    """Help was asked for at an hour when no desk answers."""

    code = "nobody-to-help"
    message = gettext_noop("Nobody can help you at that hour.")
    next_step = gettext_noop("Choose another hour, or book without help. Nothing was booked.")


class NoRoomNow(Conflict):
    """No room within reach is free at once."""

    code = "no-room-now"
    message = gettext_noop("No room near you is free right now.")
    next_step = gettext_noop("Look for the next free hour, or call the help line.")


class CannotBookForOthers(Forbidden):
    """Somebody who looks after no room tried to book on behalf of others, or for a room that is not theirs."""

    code = "cannot-book-for-others"
    message = gettext_noop("You may book for others in the rooms you look after.")
    next_step = gettext_noop("Ask the network's coordinator to give you these rooms.")
