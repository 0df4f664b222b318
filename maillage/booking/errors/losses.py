"""What is refused around a room that a booked meeting can no longer have."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Gone, Invalid, Missing


class LossUnknown(Missing):
    """No meeting of this agent, or of this link, waits for another room."""

    code = "loss-unknown"
    message = gettext_noop("No meeting waits for another room here.")
    next_step = gettext_noop("Go back to the list: it shows those that still wait.")


class LossSettled(Conflict):
    """Somebody else was faster, or the meeting was moved or cancelled meanwhile."""

    code = "loss-settled"
    message = gettext_noop("This was already settled: %(answer)s.")
    next_step = gettext_noop("Open the page of the meeting: it shows where it takes place now.")


class LossTooLate(Gone):
    """The meeting has begun."""

    code = "loss-too-late"
    message = gettext_noop("The meeting has begun: its room can no longer be changed here.")
    next_step = gettext_noop("Call the network's help desk, they find a room with you.")


class RoomNotSuitable(Invalid):
    """A room that cannot replace the one that was lost."""

    code = "room-not-suitable"
    message = gettext_noop("%(room)s cannot be taken for this meeting.")
    next_step = gettext_noop("Choose one of the rooms that are proposed.")


class TouchedChanged(Conflict):
    """Between the list that was shown and its confirmation, a meeting was booked, moved or cancelled."""

    code = "touched-meetings-changed"
    message = gettext_noop("The meetings concerned are no longer the same as those you saw.")
    next_step = gettext_noop("Look at the new list below, then confirm again. Nothing was closed yet.")


class MergeImpossible(Invalid):
    """A room joined to itself, or to one that is not offered."""

    code = "merge-impossible"
    message = gettext_noop("These rooms cannot be joined.")
    next_step = gettext_noop("Choose another room that is open, to which the meetings go.")
