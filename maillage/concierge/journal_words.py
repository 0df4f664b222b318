"""How the desk words what the journal says of a meeting, in the active language."""

from django.utils.translation import gettext as _


def journal_words() -> dict[str, str]:
    """By verb. One that is missing is shown as it is written."""
    return {**_booking_words(), **_meeting_words(), **_floor_words(), **_desk_words()}


def _booking_words() -> dict[str, str]:
    return {
        "booking.confirmed": _("Booked"),
        "booking.moved": _("Moved to another time or room"),
        "booking.place-moved": _("The address of one of its rooms changed"),
        "booking.rehoused": _("A room that closes was replaced"),
        "booking.address-corrected": _("An address was corrected"),
        "booking.by-token": _("Booked by a program"),
        "booking.cancelled": _("Cancelled"),
        "booking.released": _("Given back"),
        "booking.extended": _("A quarter of an hour longer"),
        "booking.done": _("Held and over"),
        "opening.asked": _("A point was asked to open"),
        "opening.accepted": _("The point opens"),
        "opening.refused": _("The point cannot open"),
        "opening.expired": _("The point did not answer in time"),
        "opening.other-times": _("The point proposes other times"),
        "opening.time-chosen": _("Another time was chosen"),
        "party.travel-answered": _("A side said how it would have travelled"),
        "receipt.issued": _("A receipt was made"),
        "receipt.paid": _("It was paid"),
        "receipt.cancelled": _("The receipt was cancelled"),
    }


def _meeting_words() -> dict[str, str]:
    return {
        "conference.prepared": _("The meeting was prepared"),
        "conference.bridged": _("It goes by the bridge"),
        "conference.direct": _("It goes directly from room to room"),
        "conference.moved": _("Its bridge changed"),
        "conference.ended": _("Ended by its people"),
        "conference.help-asked": _("Help was asked for"),
        "conference.renamed": _("A side changed its name"),
        "conference.guest-by-code": _("Somebody came by the code"),
        "conference.caller-added": _("A caller was brought in"),
        "conference.side-talk-agreed": _("Two sides stay and talk"),
        "conference.side-talk-ended": _("Their talk is over"),
        "document.brought": _("A document was brought"),
        "document.taken-back": _("A document was taken back"),
        "recording.asked": _("Recording was asked for"),
        "recording.accepted": _("A side accepted to be recorded"),
        "recording.refused": _("A side refused to be recorded"),
        "recording.stopped": _("Recording stopped"),
        "recording.ready": _("The recording is ready"),
        "recording.removed": _("The recording was removed"),
        "minutes.sent": _("The minutes were sent"),
    }


def _floor_words() -> dict[str, str]:
    return {
        "conference.entry-open": _("Whoever has a link enters"),
        "conference.entry-knock": _("People knock before they enter"),
        "conference.give-chair": _("The lead was given to another side"),
        "conference.admitted": _("Somebody was let in"),
        "conference.turned-away": _("Somebody was turned away"),
        "conference.ask": _("A hand was raised"),
        "conference.ask-reply": _("A side asked to answer in one word"),
        "conference.lower": _("A hand was lowered"),
        "conference.release": _("A turn ended"),
        "conference.grant": _("The floor was given"),
        "conference.withdraw": _("The floor was taken back"),
        "conference.reorder": _("The order of speaking changed"),
        "conference.set-mode": _("The way of speaking changed"),
        "conference.set-box": _("The time of each turn changed"),
    }


def _desk_words() -> dict[str, str]:
    return {
        "conference.dialled": _("A telephone or a terminal was rung"),
        "conference.asked-mute": _("The desk cut a side's microphone"),
        "conference.asked-sound-only": _("The desk put a side on sound only"),
        "conference.asked-leave": _("The desk ended a side's call"),
        "conference.asked-notice": _("The desk showed words to a side"),
        "meeting.moved-to-fallback": _("Everyone was sent to the fallback link"),
        "runbook.ticked": _("A step was done"),
        "ticket.opened": _("A problem was noted"),
        "ticket.given": _("The problem was handed on"),
        "ticket.closed": _("The problem was solved"),
        "far-end.asked": _("A far end was asked for its technical contact"),
        "far-end.filled": _("A far end gave its technical contact"),
        "line.rang": _("Somebody rang at the desk"),
        "line.answered": _("The desk answered"),
        "line.missed": _("Nobody answered in time"),
        "line.ended": _("The call to the desk ended"),
        "test.done": _("A test was made"),
    }
