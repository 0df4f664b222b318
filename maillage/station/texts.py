"""Every sentence of the room's screen, in the active language: the script has none of its own."""

from django.utils.translation import gettext as _

from maillage.conference.call_texts import voice_texts


def second_texts() -> dict[str, str]:
    """Return the sentences of a second screen on a machine of its own."""
    shared = ("pair_how", "pair_again", "not_linked", "stolen", "loan_over", "replaced_hint")
    main = screen_texts()
    return {
        **{key: main[key] for key in shared},
        "pair_title": _("Link this second screen to a room"),
        "offline": _("The line is cut. This screen comes back by itself."),
    }


def screen_texts() -> dict[str, str]:
    """Return the sentences by key; {braces} are filled in by the script."""
    return {
        **voice_texts(),
        "pair_title": _("Link this screen to its room"),
        "pair_how": _("On a computer or a telephone, open {address} and type this code."),
        "pair_again": _("The code changes by itself every ten minutes."),
        "nothing_planned": _("No meeting is planned."),
        "next_today": _("Your meeting with {others} at {hour}"),
        "next_other_day": _("Next meeting: {day} at {hour}, with {others}"),
        "alone": _("your guests"),
        "and": _("and"),
        "soon": _("It begins in {minutes} minutes. Nothing to press: the button will come."),
        "enter": _("Enter the meeting with {others}"),
        "enter_hint": _("Touch the button, or press any key."),
        "in_meeting": _("The meeting is open."),
        "help": _("Help"),
        "help_phone": _("Call {phone}: someone will answer."),
        "help_phone_is": _("By telephone:"),
        "walk_in": _("Call another place"),
        "walk_in_asking": _("We look who can answer now…"),
        "walk_in_none": _("No other room or organisation can answer at the moment. You may invite somebody by a link."),
        "walk_in_minutes": _("{minutes} minutes"),
        "walk_in_use": _("Use this room now"),
        "walk_in_ringing": _("It rings at {name}’s…"),
        "walk_in_guest": _("Your guest opens this address, on any computer or telephone:"),
        "walk_in_enter": _("Enter the meeting"),
        "walk_in_cut": _("The line is cut: nothing was booked. Try again in a moment."),
        "release": _("Give the room back"),
        "called_by": _("{name} calls you: touch the button to answer."),
        "desk_calls": _("The concierge calls this room: touch “Speak to the concierge” to answer."),
        "order_says": _("The concierge: {sentence}"),
        "order_restart": _("this screen starts again in a moment."),
        "order_test": _("the room is going to test itself."),
        "order_enter": _("we open the meeting for you."),
        "offline": _("The line is cut. The clock and the meetings stay here; the screen comes back by itself."),
        "clock_wrong": _("This screen's clock is wrong by {minutes} minutes: we show the right time."),
        "not_linked": _("This screen is no longer linked to a room."),
        "stolen": _("For safety this screen was cut off: its key was used in two places. Link it again."),
        "loan_over": _("This screen was lent to the room: its time is over. To use it again, link it again."),
        "replaced_hint": _("Another screen may have taken its place."),
        "test_title": _("The room is testing itself: a short sound, ten seconds."),
        "test_green": _("All is well"),
        "test_orange": _("To be checked"),
        "test_red": _("Out of order"),
        "test_grey": _("Not tested yet"),
        "test_now": _("Test the room now"),
    }
