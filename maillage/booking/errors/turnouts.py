"""What is refused around the coming of people: too early, too late, or somebody is there after all."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Gone


class TooEarlyToCome(Conflict):
    """People say that they are there long before their meeting."""

    code = "too-early-to-come"
    message = gettext_noop("Your meeting is at %(hour)s: it is too early to say that you are there.")
    next_step = gettext_noop("Press this button again when you arrive, at most an hour before.")


class RoomsGivenBack(Gone):
    """Nobody came in time: the rooms are free again, maybe others' already."""

    code = "rooms-given-back"
    message = gettext_noop("Nobody came within the time of the rule: the rooms were given back at %(hour)s.")
    next_step = gettext_noop("They may still be free: take them again at once, or call the place.")


class PeopleAreThere(Conflict):
    """A meeting whose people gave a sign of life is declared deserted."""

    code = "people-are-there"
    message = gettext_noop("Somebody gave a sign of life for this meeting.")
    next_step = gettext_noop("Look again: if the room is empty all the same, cancel the meeting with its cause.")


class NotBegun(Conflict):
    """A meeting that has not begun, is over, or is not confirmed is declared deserted."""

    code = "not-begun"
    message = gettext_noop("Only a meeting under way can be given back because nobody came.")
    next_step = gettext_noop("Wait for its hour, or cancel it with its cause.")
