"""The texts that the scripts of a meeting say, in the page's language. {names} are filled in by the script."""

from django.utils.translation import gettext as _

from maillage.conference.conduct_texts import conduct_texts


def call_texts() -> dict[str, str]:
    """Return every text of the scripts, by its key."""
    texts = {**_people(), **_buttons(), **_line(), **_sound(), **_devices(), **_documents(), **_recording()}
    return {**texts, **voice_texts(), **conduct_texts()}


def _people() -> dict[str, str]:
    return {
        "party": _("{name}, {count} people"),
        "arrived": _("{name} has arrived."),
        "left": _("{name} has left."),
        "waiting": _("{name} has not arrived yet. You are in the right place."),
        "waiting_many": _("{name} have not arrived yet. You are in the right place."),
        "already_in": _("{name} is there and waits for you."),
        "already_in_many": _("{name} are there and wait for you."),
        "nobody_yet": _("Nobody is there yet. You may enter: the others will find you."),
        "you_are_in": _("You are in the meeting."),
        "picture_of": _("Picture of {name}"),
        "screen_of": _("Screen shown by {name}"),
        "tile_connecting": _("The line is opening…"),
        "tile_cut": _("The line is cut. It comes back by itself."),
    }


def _buttons() -> dict[str, str]:
    return {
        "mute": _("Mute"),
        "unmute": _("Unmute"),
        "microphone_none": _("No microphone"),
        "camera_off": _("Turn the image off"),
        "camera_on": _("Turn the image on"),
        "camera_none": _("No camera"),
        "screen_on": _("Show something"),
        "screen_off": _("Stop showing"),
        "sound_only_on": _("Sound only"),
        "sound_only_off": _("Image again"),
        "asked_mute": _("The concierge cut your sound. Press “Unmute” when you like."),
        "asked_unanswered": _("{sentence} does not answer at the moment. “Help” finds another way with you."),
        "asked_notice": _("The concierge: {sentence}"),
        "asked_leave": _("The concierge ends your call in a moment. The same link brings you back."),
        "asked_sound_only": _(
            "The concierge put the images out so that the sound stays clear. “Image again” brings them back."
        ),
    }


def _line() -> dict[str, str]:
    return {
        "line_good": _("The line is good."),
        "line_others_small": _("The line is average: the others’ images are smaller so that the sound stays clear."),
        "line_others_none": _("The line is weak: the others’ images wait, the sound goes through."),
        "line_own_small": _("The line is weak: your image is reduced, the sound goes through."),
        "line_own_none": _("The line is weak: the images wait, the sound goes through."),
        "line_share_slow": _("The line is very weak: what is shown moves more slowly, the sound goes through."),
        "line_share_none": _("The line is very weak: only the sound goes through."),
        "line_phone": _("The line hardly carries the sound. The telephone would be better."),
        "line_cut": _("The line is cut. It comes back by itself: touch nothing."),
        "line_alone": _("Everything is ready."),
        "line_server": _("You still hear each other. Our server is coming back."),
    }


def _sound() -> dict[str, str]:
    return {
        "sound_talking_cut": _("Your sound is cut: the others do not hear what you say. Press “Unmute” to speak."),
        "sound_microphone_silent": _(
            "Nothing comes from your microphone. Check that it is plugged in and switched on, or choose another in "
            "“Settings”."
        ),
        "sound_echo": _(
            "{name} sends your voice back. We have turned them down; ask them to move the microphone away from the "
            "loudspeaker."
        ),
    }


def _devices() -> dict[str, str]:
    return {
        "tone_played": _("You should have heard three notes. If not, turn the sound up or check the loudspeaker."),
        "recording": _("Say a sentence: we listen for {seconds} seconds…"),
        "recorded": _("Here is what the others will hear."),
        "trying_line": _("We send a little of everything there and back: a few seconds…"),
        "line_untried": _("The line could not be tried just now. Try again in a moment."),
        "line_carries_images": _("Your line carries the sound and the image of {count} other places."),
        "line_carries_image": _("Your line carries the sound and the image of one other place; with more, the sound."),
        "line_carries_slides": _(
            "Your line carries the sound and what is shown, not the faces: all will be heard well."
        ),
        "line_carries_sound": _("Your line carries the sound alone: press “Sound only” as you enter."),
        "line_carries_phone": _("Your line is too weak today, even for the sound: join by telephone."),
        "no_microphone": _("No microphone answers. Plug one in, or allow it, then reload the page."),
        "trouble_devices_refused": _(
            "Your browser does not lend us the camera and the microphone. You may enter and listen; to be heard, "
            "press the padlock beside the address, allow them, then reload the page."
        ),
        "trouble_no_microphone": _(
            "We find no microphone. You may enter: the others will see you, and you will hear them."
        ),
        "trouble_no_camera": _("We find no camera. You may enter: the others will hear you."),
        "trouble_too_old": _(
            "This browser is too old for sound and image. Try Firefox, Chrome, Edge or Safari, up to date."
        ),
    }


def voice_texts() -> dict[str, str]:
    """Return the texts of the voice line to the concierge, by their keys."""
    return {
        "voice_opening": _("We call the concierge…"),
        "voice_ringing": _("It rings at the concierge’s. Stay here: somebody answers in a moment."),
        "voice_ringing_mute": _(
            "It rings at the concierge’s. No microphone answers here: you will hear them, they will not hear you."
        ),
        "voice_cut_ringing": _("The line is cut; we call again by ourselves. In a hurry, use the telephone."),
        "voice_answered": _("The concierge answers: the line is opening…"),
        "voice_talking": _("You are speaking with the concierge. Nobody else hears you."),
        "voice_no_path": _("The voices do not get through. Hang up and use the telephone: somebody answers."),
        "voice_over": _("The call is over. You may call again."),
    }


def _documents() -> dict[str, str]:
    return {
        "screen_pointed": _("{name} points at your screen: {where}."),
        "screen_0_0": _("at the top left"),
        "screen_0_1": _("at the top"),
        "screen_0_2": _("at the top right"),
        "screen_1_0": _("on the left"),
        "screen_1_1": _("in the middle"),
        "screen_1_2": _("on the right"),
        "screen_2_0": _("at the bottom left"),
        "screen_2_1": _("at the bottom"),
        "screen_2_2": _("at the bottom right"),
        "page_of": _("Page {page} of {pages}"),
        "page_alone": _("You look at page {page} of {pages} alone; page {shown} is shown."),
        "page_alt": _("Page {page} of “{name}”"),
        "page_missing": _("This page could not be drawn. Turn to another one, or show the document again."),
        "document_shown": _("The document “{name}” is shown."),
        "document_page": _("{name}, one page"),
        "document_pages": _("{name}, {pages} pages"),
        "document_not_sent": _("The document could not be sent. Nothing is lost: try again in a moment."),
    }


def _recording() -> dict[str, str]:
    return {
        "recording_sign": _("Meeting recorded."),
        "recording_over": _("The recording is over."),
        "recording_desk": _("The concierge"),
        "recording_asks": _("{name} asks to record the meeting. Nothing is recorded before everyone has accepted."),
        "recording_on": _("Everyone has accepted. The film is for the sides of this meeting, then it is removed."),
        "recording_waits": _("Nothing is recorded now: we wait for the answer of {names}."),
        "recording_refused": _("Nothing is recorded now: {names} prefers not."),
        "recording_you_refused": _("Nothing is recorded: you refused. You may change your mind."),
    }
