"""How the desk words its states, reasons, steps and causes, in the active language."""

from django.utils.translation import gettext as _

from maillage.booking.domain.money import cents_words
from maillage.concierge.domain.cards import Reason, State
from maillage.concierge.domain.line import Answering, Standing
from maillage.concierge.domain.runbook import Step
from maillage.concierge.domain.trials import TrialCause
from maillage.concierge.domain.wall import Image, Sound
from maillage.core.words import day_words, hour_words
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


def quality_words() -> dict[str, str]:
    """By Sound and by Image, for the wall."""
    return {
        Sound.GOOD: _("good sound"),
        Sound.FAIR: _("sound with gaps"),
        Sound.BAD: _("chopped sound"),
        Sound.OFF: _("sound cut there"),
        Sound.UNKNOWN: _("sound not measured"),
        Image.GOOD: _("good image"),
        Image.SLOW: _("slow image"),
        Image.FROZEN: _("frozen image"),
        Image.OFF: _("without image"),
        Image.GIVEN_UP: _("sound alone, weak line"),
        Image.UNKNOWN: _("image not measured"),
    }


def step_words() -> dict[str, str]:
    """By Step, as what is to be done."""
    return {
        Step.CONTACT: _("Find a contact on each side"),
        Step.EVE_TEST: _("Test the day before"),
        Step.ACCOMPANY: _("Make sure who will be beside them: it is their first time"),
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
        Cause.SCREEN_SMALL: _("small screen"),
    }


def line_texts() -> dict[str, str]:
    """What the desk's end of the voice line says; {name} is filled in by the script."""
    return {
        "rings": _("{name} asks to speak to you."),
        "answer": _("Answer {name}"),
        "resume": _("Go on with {name}"),
        "meeting": _("Their meeting"),
        "taking": _("The line with {name} is opening…"),
        "talking": _("You are speaking with {name}."),
        "talking_mute": _("You hear {name}, but no microphone answers here: telephone them."),
        "no_path": _("The voices do not get through: telephone {name}."),
        "over": _("The call with {name} is over. Their ticket stays open until you close it."),
    }


def trial_texts() -> dict[str, str]:
    """What the page of a rehearsal says."""
    return {
        "trial_good": _("Well done: that works."),
        "trial_tune_question": _("Do you hear three notes going up?"),
        "trial_tune_help": _("Turn the sound up, or plug the headphones again, then play it once more."),
        "trial_voice_help": _("We hardly hear you: come closer, or unmute the microphone, then try again."),
        "trial_back_question": _("Is it your voice?"),
        "trial_back_help": _("Turn the sound up, then hear it once more."),
        "trial_echo_opening": _("The line is opening…"),
        "trial_echo_speak": _("Speak: your voice goes out to the network and comes back two seconds later."),
        "trial_echo_here": _(
            "Speak: your voice comes back two seconds later. It stays in your computer: your line is tried on the day."
        ),
        "trial_echo_later": _(
            "Speak: your voice comes back two seconds later, from your computer alone. "
            "In ten minutes it can try your line again."
        ),
        "trial_echo_cut": _(
            "Speak: your microphone works, but our network is not reached from here. "
            "Call the concierge before the day: another way will be found."
        ),
        "trial_echo_help": _("The line does not open from here. Nothing to do: the concierge will look at it."),
        "trial_well": _("All is well: you are ready."),
        "trial_looked_at": _("Something is still missing. The concierge knows, and calls you before the day."),
        "trial_call": _("Something is still missing. Call the concierge: somebody will look with you."),
    }


def trial_cause_words() -> dict[str, str]:
    """By TrialCause, for the desk."""
    return {
        TrialCause.NO_MICROPHONE: _("no microphone"),
        TrialCause.VOICE_NOT_HEARD: _("voice not heard"),
        TrialCause.TUNE_NOT_HEARD: _("does not hear the tune"),
        TrialCause.ECHO_NOT_HEARD: _("does not hear the echo"),
        TrialCause.NO_PATH: _("no path through their network"),
        TrialCause.NO_CAMERA: _("no camera"),
        TrialCause.UNFINISHED: _("not finished"),
    }


def missed_words() -> str:
    """What a caller reads when nobody could answer in time."""
    return _("Everyone is busy with other rooms. Your call is noted: we call you back. In a hurry, use the telephone.")


def standing_words(standing: Standing, zone: str) -> str:
    """What a caller reads when the desk does not answer now: why, who is on call and at what fee, what comes next."""
    said = [_("The concierge is not at the desk now.")]
    if standing.answering is Answering.ON_CALL:
        said = [_("The concierge is on call: telephone, somebody answers.")]
        if standing.fee_cents:
            said.append(_("This call-out costs %(fee)s.") % {"fee": cents_words(standing.fee_cents)})
    if standing.opens_quarter is not None:
        day, hour = day_words(standing.opens_quarter, zone), hour_words(standing.opens_quarter, zone)
        said.append(_("The desk opens again on %(day)s at %(hour)s.") % {"day": day, "hour": hour})
    said.append(_("Your call is noted: we call you back then."))
    return " ".join(said)
