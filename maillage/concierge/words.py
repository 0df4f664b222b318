"""How the desk words its states, reasons, steps and causes, in the active language."""

from django.utils.translation import gettext as _

from maillage.concierge.domain.cards import Reason, State
from maillage.concierge.domain.runbook import Step
from maillage.station.domain.verdict import Cause


def state_words() -> dict[str, str]:
    """By State."""
    return {
        State.TROUBLE: _("trouble"),
        State.WAITING: _("expected"),
        State.IN: _("in"),
        State.PROVEN: _("sound proven"),
        State.OVER: _("over"),
    }


def reason_words() -> dict[str, str]:
    """By Reason."""
    return {
        Reason.HELP_ASKED: _("asks for help"),
        Reason.LOST: _("its line was lost"),
        Reason.STATION_SILENT: _("its screen is silent"),
        Reason.STATION_RED: _("its room's test is red"),
        Reason.FAILED: _("something failed on its side"),
        Reason.LATE: _("is late"),
        Reason.TICKET: _("has an open ticket"),
    }


def step_words() -> dict[str, str]:
    """By Step, as what is to be done."""
    return {
        Step.CONTACT: _("Find a contact on each side"),
        Step.EVE_TEST: _("Test the day before"),
        Step.LAST_TEST: _("Test a quarter of an hour before"),
        Step.CONNECT: _("Bring everyone in"),
        Step.WATCH: _("Make sure that everyone is heard"),
        Step.CLOSE: _("Close the meeting"),
    }


def cause_words() -> dict[str, str]:
    """By cause of a room's test."""
    return {
        Cause.NO_MICROPHONE: _("no microphone"),
        Cause.NO_CAMERA: _("no camera"),
        Cause.BLACK_IMAGE: _("black image"),
        Cause.SOUND_NOT_HEARD: _("the room does not hear its own sound"),
        Cause.SOUND_FAINT: _("faint sound"),
        Cause.SOUND_LATE: _("late sound"),
        Cause.ECHO_LEFT: _("echo left"),
        Cause.NOISE: _("noise"),
        Cause.LINE_DOWN: _("line down"),
        Cause.LINE_NARROW: _("narrow line"),
        Cause.CLOCK_WRONG: _("wrong clock"),
    }
