"""What people in the waiting list read, as a letter or as a text message."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext as _

from maillage.booking.domain.waiting import read_wish
from maillage.booking.models import OfferStatus, SideLetterKind, Wait, WaitOffer, WaitStatus
from maillage.booking.selectors.meetings import Meeting, Side, meeting_of
from maillage.booking.selectors.notice_parts import Button, Notice
from maillage.booking.selectors.waits import day_of, wait_address, wish_when, wish_who
from maillage.core.short_links import shorten
from maillage.core.words import day_words, hour_words, local_moment, people_words

_TEXTS: Final[Mapping[SideLetterKind, str]] = {
    SideLetterKind.WAIT_BEGUN: gettext_noop(
        "You are on the waiting list. We write if a slot frees. See it or leave: %(link)s"
    ),
    SideLetterKind.WAIT_OFFER: gettext_noop("Free: %(date)s %(hour)s. Kept for you until %(until)s. Take it: %(link)s"),
    SideLetterKind.WAIT_MISSED: gettext_noop("Two offers had no answer: you are no longer on the waiting list."),
}


def wait_text(kind: SideLetterKind, wait: Wait) -> str:
    """Return the text message of `kind`, its link made short."""
    words = _TEXTS[kind]
    with override(wait.language):
        said = {"link": shorten(wait_address(wait), wait.until) if "%(link)s" in words else ""}
        offer = _open_offer(wait)
        if offer is not None:
            booking = offer.booking
            said |= {
                "date": local_moment(booking.first_quarter, booking.time_zone).strftime("%d/%m"),
                "hour": hour_words(booking.first_quarter, booking.time_zone),
                "until": hour_words(offer.until, booking.time_zone),
            }
        return gettext(words) % said


def wait_notice(kind: SideLetterKind, wait: Wait) -> Notice | None:
    """Return the letter of `kind` in the active language, None once it would mislead."""
    return {
        SideLetterKind.WAIT_BEGUN: _begun,
        SideLetterKind.WAIT_OFFER: _offered,
        SideLetterKind.WAIT_MISSED: _missed,
    }[kind](wait)


def _begun(wait: Wait) -> Notice | None:
    if wait.status not in {WaitStatus.WAITING, WaitStatus.OFFERED}:
        return None
    wish = read_wish(wait.wish)
    return Notice(
        _("You are on the waiting list"),
        _("You are on the waiting list."),
        (
            _("As soon as a slot frees, it is kept for you for half an hour and we write to you."),
            _("You have nothing to do. If you no longer need it, leave the line: others come sooner."),
        ),
        ((_("Who meets"), wish_who(wish)), (_("When"), wish_when(wish)), (_("You wait until"), _until(wait))),
        (Button(_("See my place, or leave the line"), wait_address(wait)),),
    )


def _offered(wait: Wait) -> Notice | None:
    offer = _open_offer(wait)
    if offer is None:
        return None
    meeting = meeting_of(offer.booking_id)
    booking = meeting.booking
    said = {
        "day": day_words(booking.first_quarter, booking.time_zone),
        "hour": hour_words(booking.first_quarter, booking.time_zone),
        "until": f"{day_words(offer.until, booking.time_zone)}, {hour_words(offer.until, booking.time_zone)}",
    }
    return Notice(
        _("Free after all: %(day)s, %(hour)s. Kept for you until %(until)s") % said,
        _("A slot is free: %(day)s, %(hour)s.") % said,
        (
            _("It is kept for you until %(until)s. One press books it.") % said,
            _("Without an answer it is offered to the next in line."),
        ),
        offer_facts(meeting),
        (Button(_("Take this slot, or let it go"), wait_address(wait)),),
    )


def _missed(wait: Wait) -> Notice | None:
    return Notice(
        _("You are no longer on the waiting list"),
        _("You are no longer on the waiting list."),
        (
            _("Two slots were offered to you, and we had no answer: they went to others."),
            _("If you still need one, search again: you can wait again from there."),
        ),
    )


def offer_facts(meeting: Meeting) -> tuple[tuple[str, str], ...]:
    """Return each place of an offered slot and where its people would be."""
    return tuple(
        (
            side.place,
            ", ".join([*_where(side), people_words(side.party.head_count)]),
        )
        for side in meeting.sides
    )


def _where(side: Side) -> list[str]:
    return [side.room.name, side.point.name] if side.room and side.point else []


def _open_offer(wait: Wait) -> WaitOffer | None:
    return wait.offers.filter(status=OfferStatus.OPEN).select_related("booking").first()


def _until(wait: Wait) -> str:
    return day_of(wait, read_wish(wait.wish).time_zone)
