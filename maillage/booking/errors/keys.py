"""What lending keys and writing door codes refuse."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Invalid, Missing


class KeyAlreadyLent(Conflict):
    """Somebody else has the key."""

    code = "key-already-lent"
    message = gettext_noop("The key “%(key)s” is lent already, to %(holder)s.")
    next_step = gettext_noop("Take it back first, or lend another key of the room.")


class UnknownKey(Missing):
    """No such key or loan in the rooms of this agent, or a key that is no longer lent."""

    code = "unknown-key"
    message = gettext_noop("This key is not among those you can lend.")
    next_step = gettext_noop("Look at the list of keys again.")


class KeyLabelTaken(Conflict):
    """Two keys of one room with the same label."""

    code = "key-label-taken"
    message = gettext_noop("This room already has a key “%(key)s”.")
    next_step = gettext_noop("Write something else on the new one: nobody could tell them apart.")


class LoanWrong(Invalid):
    """A loan to nobody, or to be returned in the past or in more than a year."""

    code = "loan-wrong"
    message = gettext_noop("A key is lent to somebody, until a time to come within a year.")
    next_step = gettext_noop("Correct the name or the time: nothing was lent.")


class DoorCodeWrong(Invalid):
    """A code that no keypad takes."""

    code = "door-code-wrong"
    message = gettext_noop("A door code has 3 to 20 figures or letters, * and # among them.")
    next_step = gettext_noop("Type it as it is typed at the door.")
