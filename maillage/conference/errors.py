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


class NoPlaceLeft(Conflict):
    """As many sides are in as browsers can be linked to each other, and the network has no bridge."""

    code = "no-place-left"
    message = gettext_noop("%(most)s places are in this meeting already, the most that this network can join.")
    next_step = gettext_noop("Join one of them in its room, or come back when one has left: your link stays good.")


class NotIn(Conflict):
    """The party acts in a meeting without being in it."""

    code = "not-in"
    message = gettext_noop("You are not in this meeting.")
    next_step = gettext_noop("Enter it first.")


class BackdropUnreadable(Invalid):
    """No JPEG, PNG or WebP, or too small for a screen."""

    code = "backdrop-unreadable"
    message = gettext_noop("This picture cannot be used.")
    next_step = gettext_noop("Give a JPEG, PNG or WebP picture of at least 1280 by 720 pixels, of 6 MB at most.")


class BackdropMissing(Invalid):
    """One's own backdrop was asked for, and no picture was ever given."""

    code = "backdrop-missing"
    message = gettext_noop("There is no picture of your own yet.")
    next_step = gettext_noop("Choose a picture on this device, then save again.")


class AskUnknown(Invalid):
    """Something that nobody may ask of a side from afar."""

    code = "ask-unknown"
    message = gettext_noop("This cannot be asked of a side from afar.")
    next_step = gettext_noop("Ask its people by telephone: only they open their microphone and their camera.")


class DialTargetInvalid(Invalid):
    """Neither a telephone number nor the address of a terminal."""

    code = "dial-target-invalid"
    message = gettext_noop("This is neither a telephone number nor the address of a terminal.")
    next_step = gettext_noop("Type a number such as 02 96 00 00 00, or an address such as sip:salle@example.org.")


class NoLineOut(Conflict):
    """The network has no gateway, or no operator's line, to call out with."""

    code = "no-line-out"
    message = gettext_noop("This network cannot call out to that number.")
    next_step = gettext_noop("Give them the number and the code of the meeting, and let them call.")


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


class MustWait(Conflict):
    """In this meeting someone opens to each side, and nobody has yet."""

    code = "must-wait"
    message = gettext_noop("You are at the door: those inside know it and will open.")
    next_step = gettext_noop("Stay on this page: you enter by yourself as soon as someone opens.")


class NotAdmitted(Forbidden):
    """Those inside did not open."""

    code = "not-admitted"
    message = gettext_noop("Those inside cannot let you in now.")
    next_step = gettext_noop("Call the person who invited you, or try again in a minute.")


class NobodyAtDoor(Missing):
    """A side that does not wait, or not any more."""

    code = "nobody-at-door"
    message = gettext_noop("Nobody waits at the door any more.")
    next_step = gettext_noop("Look at the list of those who wait.")


class DoorNotYours(Forbidden):
    """For the first minutes, the side that leads opens; alone, one opens after a longer wait."""

    code = "door-not-yours"
    message = gettext_noop("It is for the side that leads the meeting to open.")
    next_step = gettext_noop("If it does not, you may open in a few minutes.")


class ChatFlood(TooMany):
    """Lines written faster than anyone reads."""

    code = "chat-flood"
    message = gettext_noop("That is a lot of lines at once: this one was not sent.")
    next_step = gettext_noop("Wait a few seconds, then send it again.")


class CodeUnknown(Missing):
    """Six digits that open no meeting now. A meeting too early, over or unknown are told alike."""

    code = "code-unknown"
    message = gettext_noop("This code opens no meeting at this moment.")
    next_step = gettext_noop("Read it again: six digits. It works from shortly before the meeting until its end.")


class MeetingFull(Conflict):
    """More guests by code than a meeting takes."""

    code = "meeting-full"
    message = gettext_noop("As many people as possible already came to this meeting by its code.")
    next_step = gettext_noop("Ask the person who invited you for a link of your own.")


class SideTalkOver(Gone):
    """Two sides may talk apart only for a while after their meeting."""

    code = "side-talk-over"
    message = gettext_noop("This talk apart is over.")
    next_step = gettext_noop("Book another meeting whenever you like.")


class DocumentTooLarge(TooLarge):
    """A document bigger than we take."""

    code = "document-too-large"
    message = gettext_noop("This document is too large: %(most)s MB at most.")
    next_step = gettext_noop("Save a lighter copy, or show it with “A screen or a window”. Nothing was sent.")


class DocumentRefused(Invalid):
    """A file that is not a PDF, whatever its name says, or one that cannot be opened."""

    code = "document-refused"
    message = gettext_noop("This file could not be opened as a PDF.")
    next_step = gettext_noop(
        "Save it as a PDF without a password and choose it again, or show it with “A screen or a window”."
    )


class TooManyDocuments(Conflict):
    """A meeting that holds as many documents as it may."""

    code = "too-many-documents"
    message = gettext_noop("This meeting already holds %(most)s documents.")
    next_step = gettext_noop("Take one back, then bring this one.")


class DocumentUnknown(Missing):
    """A document that is not of this meeting, or was taken back: told alike."""

    code = "document-unknown"
    message = gettext_noop("This document is not in the meeting, or no longer.")
    next_step = gettext_noop("Choose another one, or bring it again.")


class MinutesChanged(Conflict):
    """The minutes were written at the same time from another page."""

    code = "minutes-changed"
    message = gettext_noop("Someone else wrote in these minutes at the same time.")
    next_step = gettext_noop("Your text stays on this page: keep it in place of theirs, or take theirs.")


class MinutesEmpty(Conflict):
    """Minutes in which nothing is written."""

    code = "minutes-empty"
    message = gettext_noop("Nothing is written in these minutes yet.")
    next_step = gettext_noop("Write a decision, or who does what, then send them.")


class RecordingUnavailable(Conflict):
    """This network does not record, or has no bridge that could."""

    code = "recording-unavailable"
    message = gettext_noop("Meetings are not recorded here.")
    next_step = gettext_noop("Write minutes instead: they are sent to everyone.")


class RecordingUnknown(Missing):
    """A recording that is not of this meeting, not ready, or already removed: told alike."""

    code = "recording-unknown"
    message = gettext_noop("This recording is not there, or no longer.")
    next_step = gettext_noop("It is kept for a time only. The minutes stay.")
