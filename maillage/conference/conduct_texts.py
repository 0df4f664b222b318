"""The texts that the scripts say about the conduct of a meeting, in the page's language."""

from django.utils.translation import gettext as _


def conduct_texts() -> dict[str, str]:
    """Return every text of the floor, the agenda, the door and the written lines, by its key."""
    return {**_floor(), **_news(), **_door(), **_agenda(), **_view()}


def _floor() -> dict[str, str]:
    return {
        "hand_raise": _("Raise the hand"),
        "hand_lower": _("Lower the hand"),
        "hand_release": _("I have finished"),
        "floor_free": _("Everyone may speak."),
        "floor_nobody": _("Nobody has the floor. {name} leads."),
        "floor_held": _("{name} has the floor."),
        "floor_left": _("{name} has the floor, {time} left."),
        "floor_over": _("{name} has the floor, {time} more than agreed."),
        "wants_reply": _("would like to answer in one word"),
        "waits_since": _("waiting for {time},"),
        "has_spoken": _("spoke {time}"),
        "not_spoken": _("has not spoken yet"),
        "microphone_held": _("Another side has the floor"),
        "held_back": _("Another side has the floor: raise your hand, and your microphone will be yours again."),
        "the_concierge": _("The concierge"),
        "a_side": _("A side"),
    }


def _news() -> dict[str, str]:
    return {
        "news_your_turn": _("You have the floor. Press “Unmute” if your sound is off."),
        "news_turn_of": _("{name} has the floor."),
        "news_turn_over": _("Nobody has the floor now."),
        "news_mode_free": _("Everyone may speak again. Each opens their own microphone."),
        "news_mode_strict": _("From now on each speaks in turn: raise your hand to have the floor."),
        "news_mode_round": _("Round table: each side speaks once, in order."),
        "news_you_lead": _("You now lead the meeting."),
        "news_leads": _("{name} now leads the meeting."),
        "news_hand_of": _("{name} raises the hand."),
        "news_knocks": _("{name} asks to come in."),
        "news_item": _("We come to: {item}."),
        "note_renamed": _("{by} corrected a name: {name}."),
        "note_admitted": _("{by} opened to {name}."),
        "note_turned_away": _("{by} did not open to {name}."),
    }


def _door() -> dict[str, str]:
    return {
        "knocks_room": _("{name} asks to come in, from a room."),
        "knocks_browser": _("{name} asks to come in, from a browser."),
        "knocks_sip": _("{name} asks to come in, from a videoconference terminal."),
        "knocks_phone": _("{name} asks to come in, by telephone."),
        "chat_caption": _("{name}: {text}"),
        "chat_heard": _("{name} writes: {text}"),
        "chat_no_file": _(
            "Files do not pass here. Press “Show my screen” for all to see it, or send it by e-mail afterwards."
        ),
    }


def _agenda() -> dict[str, str]:
    return {
        "agenda_begin": _("Begin with the first item"),
        "agenda_next": _("Go on to the next item"),
        "agenda_close": _("Close the agenda"),
        "item_left": _("{time} left"),
        "item_over": _("{time} over"),
        "item_planned": _("{time} planned"),
    }


def _view() -> dict[str, str]:
    return {
        "view_equal": _("Show all sides alike"),
        "backdrops_hide": _("Hide the backdrops"),
        "backdrops_show": _("Show the backdrops"),
        "view_speaker": _("Show who speaks larger"),
    }
