"""What a meeting refuses, with its stable codes."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Forbidden, Gone, Invalid, Missing, TooLarge, TooMany


class MeetingOver(Gone):
    """It was ended, or its booking is done."""

    code = "meeting-over"
    message = gettext_noop("This meeting is over.")
    next_step = gettext_noop("Book another one whenever you like.")


class MeetingCancelled(Gone):
    """Its booking was cancelled, or never confirmed."""

    code = "meeting-cancelled"
    message = gettext_noop("This meeting was cancelled.")
    next_step = gettext_noop("Ask the person who invited you for a new date.")


class DoorClosed(Forbidden):
    """It is too early, or too late, to enter."""

    code = "door-closed"
    message = gettext_noop("The door of this meeting is not open now.")
    next_step = gettext_noop("Come back a few minutes before it starts.")


class OpenElsewhere(Conflict):
    """The party is already in, with another screen."""

    code = "open-elsewhere"
    message = gettext_noop("This meeting is open on another screen.")
    next_step = gettext_noop("Continue it here, or stay on the other screen.")


class NotIn(Conflict):
    """The party acts in a meeting without being in it."""

    code = "not-in"
    message = gettext_noop("You are not in this meeting.")
    next_step = gettext_noop("Enter it first.")


class AskUnknown(Invalid):
    """Something that nobody may ask of a side from afar."""

    code = "ask-unknown"
    message = gettext_noop("This cannot be asked of a side from afar.")
    next_step = gettext_noop("Ask its people by telephone: only they open their microphone and their camera.")


class MessageUnknown(Invalid):
    """A message that the protocol does not have."""

    code = "message-unknown"
    message = gettext_noop("The page and the server do not understand each other.")
    next_step = gettext_noop("Reload the page.")


class MessageTooLarge(TooLarge):
    """A message bigger than anything a page of ours sends."""

    code = "message-too-large"


class MessageFlood(TooMany):
    """Messages faster than anything a page of ours sends."""

    code = "message-flood"


class PartyUnknown(Missing):
    """A message for a party that is not in this meeting: elsewhere and nowhere are told alike."""

    code = "party-unknown"


class NotPresent(Conflict):
    """A site that is not in the meeting acts in it, or is given the floor."""

    code = "not-present"
    message = gettext_noop("This site is not in the meeting any more.")
    next_step = gettext_noop("Choose among the sites that are in.")


class NotInChair(Forbidden):
    """Something that only the site that leads the meeting may do."""

    code = "not-in-chair"
    message = gettext_noop("Only the site that leads the meeting can do this.")
    next_step = gettext_noop("Raise your hand, or ask to lead.")


class FloorMisused(Conflict):
    """An act that the floor as it is does not allow: a reply to nobody, a second one, an order of other sites."""

    code = "floor-misused"
    message = gettext_noop("This is not possible at this moment of the meeting.")
    next_step = gettext_noop("Look at who speaks and who waits, then try again.")
