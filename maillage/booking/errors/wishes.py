"""What cannot be right in what people ask for, whatever the rooms."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Invalid


class RoomTwice(Invalid):
    """Two parties of one meeting in the same room."""

    code = "room-twice"
    message = gettext_noop("The same room is asked for twice: %(room)s.")
    next_step = gettext_noop("Put these people together in one group, or choose another room for one of them.")


class RoomNotChosen(Invalid):
    """A party comes to a room, but none is given."""

    code = "room-not-chosen"
    message = gettext_noop("Group %(group)s comes to a room, but none is chosen.")
    next_step = gettext_noop("Choose a room for it, or say that it joins from elsewhere.")


class RoomNotNeeded(Invalid):
    """A room is given to a party that joins from elsewhere."""

    code = "room-not-needed"
    message = gettext_noop("Group %(group)s joins from elsewhere: it needs no room.")
    next_step = gettext_noop("Leave its room out, or say that it comes to the room.")


class NoRoomWanted(Invalid):
    """A meeting to which nobody comes in a room of the network."""

    code = "no-room-wanted"
    message = gettext_noop("At least one group must come to a room of the network.")
    next_step = gettext_noop("Say from which town one of the groups leaves.")


class NoSuitableRoom(Invalid):
    """No room of the network, at any time, suits a party."""

    code = "no-suitable-room"
    message = gettext_noop("No room suits group %(group)s: %(head_count)s people, with what it asks for.")
    next_step = gettext_noop("Ask for less equipment, or split the group between two rooms.")


class PlaceMissing(Invalid):
    """A party that wants the nearest room does not say from where."""

    code = "place-missing"
    message = gettext_noop("We do not know where group %(group)s leaves from.")
    next_step = gettext_noop("Give its town, or choose its room.")


class BadHeadCount(Invalid):
    """Nobody, or a crowd."""

    code = "bad-head-count"
    message = gettext_noop("A group is of 1 to %(most)s people, not %(head_count)s.")
    next_step = gettext_noop("Correct the number of people.")


class BadPartyCount(Invalid):
    """A meeting of one side, or of too many."""

    code = "bad-party-count"
    message = gettext_noop("A meeting joins %(least)s to %(most)s groups, not %(count)s.")
    next_step = gettext_noop("Change the number of groups, or call us for a larger meeting.")


class TooManySites(Invalid):
    """More sides than browsers can be linked to each other, in a network without a bridge."""

    code = "too-many-sites"
    message = gettext_noop("This network joins up to %(most)s places in one meeting, not %(count)s.")
    next_step = gettext_noop("Bring two groups together in one room, or call us: with a bridge, more can meet.")


class BadPositions(Invalid):
    """Parties whose positions are not 0, 1, 2…"""

    code = "bad-positions"
    message = gettext_noop("The groups of the meeting are not numbered one after the other.")
    next_step = gettext_noop("Number them from 0, without a gap.")


class BadPartyKind(Invalid):
    """A way to take part that does not exist."""

    code = "bad-party-kind"
    message = gettext_noop("Group %(group)s takes part in a way we do not know.")
    next_step = gettext_noop("Choose a room, a computer, a terminal or a telephone.")


class AddressNotNeeded(Invalid):
    """An address for a party that is not called: it comes to a room, or opens a link."""

    code = "address-not-needed"
    message = gettext_noop("Only a terminal or a telephone has an address to be called at.")
    next_step = gettext_noop("Leave the address out, or say that they join by terminal or telephone.")


class BadCountry(Invalid):
    """A country that is not two letters."""

    code = "bad-country"
    message = gettext_noop("The country of group %(group)s is not a code of two letters.")
    next_step = gettext_noop("Use its ISO code, such as FR, BE or CA.")


class BadLength(Invalid):
    """A meeting of no time, or of more than a half day and night."""

    code = "bad-length"
    message = gettext_noop("A meeting lasts from 15 minutes to 12 hours.")
    next_step = gettext_noop("Choose another length, or book several times.")


class EndBeforeStart(Invalid):
    """A search whose end comes before its beginning, or too soon after it."""

    code = "end-before-start"
    message = gettext_noop("The end comes before the beginning, or leaves no room for the meeting between them.")
    next_step = gettext_noop("Choose a later end.")


class WindowTooLong(Invalid):
    """A search over more days than a person can mean."""

    code = "window-too-long"
    message = gettext_noop("A search covers %(most)s days at most.")
    next_step = gettext_noop("Choose closer dates: you can search again further on.")


class BadPartOfDay(Invalid):
    """A part of the day that does not exist."""

    code = "bad-part-of-day"
    message = gettext_noop("We do not know this part of the day.")
    next_step = gettext_noop("Choose the morning, the afternoon, the evening or any time.")


class PastTime(Invalid):
    """A time that is over."""

    code = "past-time"
    message = gettext_noop("This time is past.")
    next_step = gettext_noop("Choose a time to come.")


class TooFarAhead(Invalid):
    """A time so far that no room knows its hours."""

    code = "too-far-ahead"
    message = gettext_noop("Bookings open %(most)s days ahead.")
    next_step = gettext_noop("Choose a closer date.")


class UnknownTimeZone(Invalid):
    """A time zone that the world does not have."""

    code = "unknown-time-zone"
    message = gettext_noop("We do not know the time zone %(time_zone)s.")
    next_step = gettext_noop("Use a name such as Europe/Paris.")


class BadRequestKey(Invalid):
    """An idempotency key that is empty or too long."""

    code = "bad-request-key"
    message = gettext_noop("The key of the request must have 8 to 64 characters.")
    next_step = gettext_noop("Send a random text, such as a UUID.")


class ContactIncomplete(Invalid):
    """Nobody to write to."""

    code = "contact-incomplete"
    message = gettext_noop("We need a name, and an e-mail address or a mobile number.")
    next_step = gettext_noop("Complete them: the links to the meeting go there.")
