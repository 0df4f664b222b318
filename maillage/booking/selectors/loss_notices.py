"""Letters about a meeting that needs somebody: a room lost, an organiser whose address is dead."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.booking.models import LetterKind, LetterRecord, RoomLoss
from maillage.booking.selectors.losses import Replacement, replacements_of
from maillage.booking.selectors.meetings import Meeting
from maillage.booking.selectors.notice_parts import Button, Notice, moment_words
from maillage.core.words import km_words, minutes_words, people_words, phone_words


def _room_lost(record: LetterRecord, meeting: Meeting) -> Notice:
    return _to_organiser(
        record,
        meeting,
        _("Another room to choose: your meeting on %(when)s"),
        _("%(room)s can no longer be had on %(when)s."),
    )


def _room_still_lost(record: LetterRecord, meeting: Meeting) -> Notice:
    return _to_organiser(
        record,
        meeting,
        _("Still to choose: a room for your meeting on %(when)s"),
        _("Your meeting on %(when)s still has no room."),
    )


def _to_organiser(record: LetterRecord, meeting: Meeting, subject: str, heading: str) -> Notice:
    loss = _loss(record)
    said = {"when": moment_words(meeting.booking), "room": room_words(loss)}
    found = replacements_of(loss, now=timezone.now())
    page = f"{meeting.page}/autre-salle"
    best = _("Take %(room)s") % {"room": found[0].offer.point_name} if found else _("Choose what to do")
    sentences = [
        _("Why: %(why)s.") % {"why": why_words(loss)},
        _("We are sorry. Your meeting is not cancelled: nothing is lost, and the other rooms stay yours."),
        _("These rooms are free for you:") if found else _("No other room is free near you: choose another hour."),
    ]
    return Notice(
        subject % said,
        heading % said,
        tuple(sentences),
        buttons=(
            Button(best, page),
            Button(_("Another hour, or cancel"), page),
        ),
        lines=tuple(replacement_words(loss, one) for one in found),
    )


def _room_back(record: LetterRecord, meeting: Meeting) -> Notice:
    loss = _loss(record)
    said = {"when": moment_words(meeting.booking), "room": room_words(loss)}
    return Notice(
        _("Your room is yours after all on %(when)s") % said,
        _("%(room)s is open for you after all on %(when)s.") % said,
        (_("Nothing changes: you have nothing to do."),),
        buttons=(Button(_("See my meeting"), meeting.page),),
    )


def _host_lost(record: LetterRecord, meeting: Meeting) -> Notice:
    loss, booking = _loss(record), meeting.booking
    said = {"when": moment_words(booking), "room": room_words(loss)}
    organiser = ", ".join(filter(None, [booking.organiser_name, phone_words(booking.organiser_phone)]))
    facts = [
        (_("When"), moment_words(booking)),
        (_("Room lost"), f"{room_words(loss)} · {why_words(loss)}"),
        (_("How many come"), people_words(loss.party.head_count)),
        (_("To be called"), organiser),
        (_("Reference"), booking.reference),
    ]
    return Notice(
        _("To be called before %(when)s: a meeting without its room") % said,
        _("A meeting on %(when)s has no room, and its organiser has not answered.") % said,
        (_("Call them, then choose a room for them in “Meetings without a room”, in your planning."),),
        tuple((label, value) for label, value in facts if value),
        reply_to=booking.organiser_email,
    )


def _host_bounced(record: LetterRecord, meeting: Meeting) -> Notice:
    booking = meeting.booking
    said = {"who": booking.organiser_name, "when": moment_words(booking)}
    facts = [
        (_("When"), moment_words(booking)),
        (_("To be called"), ", ".join(filter(None, [booking.organiser_name, phone_words(booking.organiser_phone)]))),
        (_("Address that does not exist"), booking.organiser_email),
        (_("Reference"), booking.reference),
    ]
    return Notice(
        _("To be reached by telephone: %(who)s, %(when)s") % said,
        _("Our letters to %(who)s come back.") % said,
        (_("Call them for the right address, then write it down in “To be reached by telephone”, in your planning."),),
        tuple((label, value) for label, value in facts if value),
    )


def room_words(loss: RoomLoss) -> str:
    """Return « Salle Argoat, Espace Kerguiniou »."""
    return f"{loss.room.name}, {loss.room.point.name}"


def why_words(loss: RoomLoss) -> str:
    """Return why a room is lost, then what its place says of it."""
    cause = str(loss.get_cause_display())
    return _("%(cause)s: %(note)s") % {"cause": cause, "note": loss.note} if loss.note else cause


def replacement_words(loss: RoomLoss, one: Replacement) -> str:
    """Return « Salle Bleue, Pôle de Rostrenen · 12 min, 9 km » with its hour if it is another one."""
    hour = "" if one.is_same_hour else moment_words(loss.booking, one.first_quarter)
    way = f"{minutes_words(one.access_minutes)}, {km_words(one.access_km)}" if one.access_minutes else ""
    return " · ".join(filter(None, [hour, f"{one.offer.room_name}, {one.offer.point_name}", way]))


def _loss(record: LetterRecord) -> RoomLoss:
    if record.loss is None:
        raise ValueError(f"letter {record.pk} is about no lost room")
    return record.loss


LOSS_NOTICES: Final[Mapping[str, Callable[[LetterRecord, Meeting], Notice]]] = {
    LetterKind.ROOM_LOST: _room_lost,
    LetterKind.ROOM_STILL_LOST: _room_still_lost,
    LetterKind.ROOM_BACK: _room_back,
    LetterKind.HOST_LOST: _host_lost,
    LetterKind.HOST_BOUNCED: _host_bounced,
}
