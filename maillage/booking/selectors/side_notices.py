"""Mails about what is no meeting, composed from what holds when they leave."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.booking.gateways.mail import Letter
from maillage.booking.models import KeyLoan, SideLetter, SideLetterKind, Wait
from maillage.booking.selectors.keys import LateKey
from maillage.booking.selectors.notice_letters import laid_out
from maillage.booking.selectors.notice_parts import Notice
from maillage.booking.selectors.wait_notes import wait_notice


def side_letter(letter: SideLetter) -> Letter | None:
    """Return `letter` as a mail, in its reader's language; None if what it asks was settled before it could leave."""
    return _COMPOSED[SideLetterKind(letter.kind)](letter)


def _key_late(letter: SideLetter) -> Letter | None:
    loan = KeyLoan.objects.filter(pk=letter.about, returned_at=None).select_related("key__room__point").first()
    if loan is None:
        return None
    with override(loan.language):
        said = LateKey(loan).said
        notice = Notice(
            _("Please bring back the key of %(place)s") % said,
            _("The key of %(place)s is missed.") % said,
            (
                _("The key “%(key)s” lent to you was due back on %(due)s. Others are waiting for the room.") % said,
                _("Bring it back to where you fetched it. If it is lost, or already returned, tell the place at once."),
            ),
            tuple((label, value) for label, value in _where(loan) if value),
        )
        return _laid_out(notice, letter, loan.language)


def _where(loan: KeyLoan) -> list[tuple[str, str]]:
    room = loan.key.room
    return [
        (_("Key"), f"{loan.key.label}, {room.name}"),
        (_("Where"), ", ".join(filter(None, [room.point.name, room.point.address]))),
        (_("Desk"), room.entry_note or room.point.entry_note),
        (_("Telephone"), room.point.phone),
    ]


def _about_wait(letter: SideLetter) -> Letter | None:
    wait = Wait.objects.filter(pk=letter.about, email=letter.recipient).first()
    if wait is None:
        return None
    with override(wait.language):
        notice = wait_notice(SideLetterKind(letter.kind), wait)
        return _laid_out(notice, letter, wait.language) if notice else None


def _laid_out(notice: Notice, letter: SideLetter, language: str) -> Letter:
    return laid_out(notice, to=letter.recipient, mark=f"apart.{letter.key}", language=language)


_COMPOSED: Final[Mapping[SideLetterKind, Callable[[SideLetter], Letter | None]]] = {
    SideLetterKind.KEY_LATE: _key_late,
    SideLetterKind.WAIT_BEGUN: _about_wait,
    SideLetterKind.WAIT_OFFER: _about_wait,
    SideLetterKind.WAIT_MISSED: _about_wait,
}
