"""Letters that tell more than a meeting's state: requests to points and what came of them, each with worded links.

A Notice is plain sentences, facts and buttons; two templates lay all of them out, as text and as MJML.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from maillage.booking.gateways.mail import Letter
from maillage.booking.models import (
    Booking,
    BookingStatus,
    LetterKind,
    LetterRecord,
    LossStatus,
    NoShowWarning,
    OpeningRequest,
    OpeningStatus,
)
from maillage.booking.selectors.alternatives import alternatives_of
from maillage.booking.selectors.loss_notices import LOSS_NOTICES
from maillage.booking.selectors.meetings import Meeting, told_together
from maillage.booking.selectors.notice_letters import laid_out
from maillage.booking.selectors.notice_parts import Button, Notice, moment_words
from maillage.booking.selectors.openings import asked_with, opening_address
from maillage.booking.selectors.prices import frozen_price
from maillage.booking.selectors.turnouts import presence_address
from maillage.core.words import day_words, duration_words, hour_words, people_words, phone_words


def deadline_words(opening: OpeningRequest, zone: str) -> str:
    """Return « jeudi 26 novembre, 12 h 00 », until when a request may be answered."""
    return f"{day_words(opening.deadline, zone)}, {hour_words(opening.deadline, zone)}"


def notice_of(record: LetterRecord, meeting: Meeting) -> Letter:
    """Return `record` composed: in the booking's language for its organiser, in the network's for its points."""
    kind = LetterKind(record.kind)
    language = settings.LANGUAGE_CODE if kind in _TO_HOSTS else meeting.booking.language
    with override(language):
        return laid_out(
            NOTICES[kind](record, meeting),
            to=record.recipient,
            mark=f"{meeting.booking.pk}.{kind.value}.{record.pk}",
            language=language,
            reference=meeting.booking.reference,
        )


def is_pointless_notice(record: LetterRecord, booking: Booking) -> bool:
    """Tell whether what a letter asks was settled before it could leave."""
    if record.loss is not None:
        is_waited_for = record.kind != LetterKind.ROOM_BACK
        is_off = booking.status != BookingStatus.CONFIRMED
        return is_off or (is_waited_for and record.loss.status != LossStatus.WAITING)
    opening = record.opening
    wanted = _WAITS_FOR.get(LetterKind(record.kind))
    if opening is not None and wanted is not None:
        return opening.status != wanted or record.sequence != booking.sequence
    if record.kind == LetterKind.NO_SIGN:
        return booking.status != BookingStatus.CONFIRMED or hasattr(booking, "turnout")
    return record.kind == LetterKind.REQUEST_SENT and booking.status != BookingStatus.ASKED


def _host_asked(record: LetterRecord, meeting: Meeting) -> Notice:
    return _to_host(
        record,
        meeting,
        subject=_("To answer before %(deadline)s: %(point)s on %(when)s"),
        heading=_("A meeting is asked for at %(point)s."),
        sentence=_("Say yes, propose another hour or say no: one press is enough, without signing in."),
    )


def _host_reminded(record: LetterRecord, meeting: Meeting) -> Notice:
    return _to_host(
        record,
        meeting,
        subject=_("Still to answer before %(deadline)s: %(point)s on %(when)s"),
        heading=_("A request for %(point)s still waits for your answer."),
        sentence=_("Without an answer before %(deadline)s, the people will be told that it is not possible."),
    )


def _host_escalated(record: LetterRecord, meeting: Meeting) -> Notice:
    return _to_host(
        record,
        meeting,
        subject=_("Nobody has answered yet: %(point)s on %(when)s"),
        heading=_("Can you answer for %(point)s?"),
        sentence=_("The point has not answered this request. You may answer in its place before %(deadline)s."),
    )


def _to_host(record: LetterRecord, meeting: Meeting, *, subject: str, heading: str, sentence: str) -> Notice:
    opening, booking = _opening(record), meeting.booking
    dates = [booking, *(other.booking for other in asked_with(opening))]
    said = {
        "point": opening.point.name,
        "when": _dates_words(dates),
        "deadline": deadline_words(opening, booking.time_zone),
    }
    page = opening_address(opening, record.recipient)
    together = _("It comes back on %(count)s dates. One answer serves for all of them, or for this one alone.")
    return Notice(
        subject % said,
        heading % said,
        (sentence % said, _reason_sentence(opening), *([together % {"count": len(dates)}] if dates[1:] else ())),
        host_facts(opening, meeting),
        (
            Button(_("Accept"), f"{page}/accepter"),
            Button(_("Propose another hour"), f"{page}/autre-heure"),
            Button(_("Refuse"), f"{page}/refuser"),
        ),
        booking.organiser_email,
        _lines(dates),
    )


def _host_cancelled(record: LetterRecord, meeting: Meeting) -> Notice:
    said = {"point": _opening(record).point.name, "when": _told_words(meeting.booking)}
    return Notice(
        _("No longer needed: %(point)s on %(when)s") % said,
        _("The meeting at %(point)s is cancelled.") % said,
        (_("There is nothing to open on %(when)s. Thank you for having looked at it.") % said,),
    )


def host_facts(opening: OpeningRequest, meeting: Meeting) -> tuple[tuple[str, str], ...]:
    """Return what a point should know before it answers: who, when, how many, which rooms, what they pay."""
    booking = meeting.booking
    here = [side for side in meeting.sides if side.point and side.point.pk == opening.point_id]
    price = frozen_price(booking)
    organiser = ", ".join(filter(None, [booking.organiser_name, phone_words(booking.organiser_phone)]))
    end = hour_words(booking.end_quarter, booking.time_zone)
    facts = [
        (_("When"), f"{moment_words(booking)} – {end} ({duration_words(booking.length)})"),
        (_("Room"), ", ".join(side.room.name for side in here if side.room)),
        (_("How many come"), people_words(sum(side.party.head_count for side in here))),
        (_("Asked by"), organiser),
        (_("What about"), booking.title),
        (_("They meet"), ", ".join(side.place for side in meeting.sides if side not in here)),
    ]
    if price and price.total_cents:
        facts.append((_("Price shown to them"), f"{price.total_cents / 100:.2f} €".replace(".", ",")))
    return tuple((label, value) for label, value in facts if value)


def _request_sent(record: LetterRecord, meeting: Meeting) -> Notice:
    booking = meeting.booking
    openings = [one for one in booking.openings.select_related("point") if one.status == OpeningStatus.ASKED]
    points = ", ".join(opening.point.name for opening in openings)
    dates = list(told_together(booking)) if booking.series_id else []
    said = {"when": _dates_words(dates or [booking]), "point": points}
    facts = tuple((one.point.name, _("answers before %s") % deadline_words(one, booking.time_zone)) for one in openings)
    return Notice(
        _("Your request for %(when)s has been sent") % said,
        _("Your request has been sent to %(point)s.") % said,
        (
            _("The rooms are kept for you on %(when)s until the answer. You have nothing to do.") % said,
            _("Once it is accepted, you receive the links, and the people you invite receive theirs."),
        ),
        facts,
        (Button(_("See my request"), meeting.page),),
        lines=_lines(dates),
    )


def _other_times(record: LetterRecord, meeting: Meeting) -> Notice:
    opening, booking = _opening(record), meeting.booking
    said = {"point": opening.point.name, "when": moment_words(booking)}
    until = _("Choose before %s; after that, the request ends and the rooms are free again.")
    return Notice(
        _("%(point)s proposes another hour") % said,
        _("%(point)s cannot open on %(when)s, and proposes another hour.") % said,
        (*_note(opening), until % deadline_words(opening, booking.time_zone)),
        (),
        (Button(_("Choose the hour"), f"{meeting.page}/autres-heures"),),
        lines=tuple(moment_words(booking, time.first_quarter) for time in opening.other_times.all()),
    )


def _declined(record: LetterRecord, meeting: Meeting) -> Notice:
    opening = _opening(record)
    said = {
        "point": opening.point.name,
        "when": _told_words(meeting.booking),
        "cause": str(opening.get_refusal_cause_display()),
    }
    return _ended(
        meeting,
        _("%(point)s cannot open on %(when)s") % said,
        _("%(point)s cannot open on %(when)s.") % said,
        (_("Its reason: %(cause)s.") % said, *_note(opening)),
    )


def _unanswered(record: LetterRecord, meeting: Meeting) -> Notice:
    said = {"point": _opening(record).point.name, "when": _told_words(meeting.booking)}
    return _ended(
        meeting,
        _("No answer for %(when)s") % said,
        _("%(point)s did not answer in time.") % said,
        (_("Your request for %(when)s has ended. We are sorry: the network's desk knows it.") % said,),
    )


def _ended(meeting: Meeting, subject: str, heading: str, sentences: tuple[str, ...]) -> Notice:
    """Return the letter of a request that failed: nothing is booked, and what else is free for the same people."""
    booking = meeting.booking
    others = alternatives_of(booking, now=timezone.now())
    lines = tuple(
        f"{moment_words(booking, other.first_quarter)} · "
        + ", ".join(seat.room.point_name for seat in other.seats if seat.room)
        for other in others
    )
    after = _("Nothing is booked. These hours are free for the same people:") if lines else _("Nothing is booked.")
    return Notice(
        subject,
        heading,
        (*sentences, after),
        buttons=(Button(_("Choose another hour"), meeting.page),),
        lines=lines,
    )


def _no_sign(record: LetterRecord, meeting: Meeting) -> Notice:
    booking = meeting.booking
    side = meeting.side(record.party.position) or meeting.sides[0]
    warning = NoShowWarning.objects.get(booking=booking)
    said = {
        "place": side.point.name if side.point else side.place,
        "hour": hour_words(booking.first_quarter, booking.time_zone),
        "until": hour_words(warning.release_at, booking.time_zone),
    }
    cancel = (Button(_("See the meeting, or cancel it"), meeting.page),) if side.is_organiser else ()
    return Notice(
        _("Are you there? %(place)s, %(hour)s") % said,
        _("Your meeting of %(hour)s has begun, and nobody has been seen.") % said,
        (
            _("If you are there or on your way, press the button: the rooms stay yours.") % said,
            _("Without a sign of life before %(until)s they are given back to others.") % said,
        ),
        buttons=(Button(_("We are here, keep the rooms"), presence_address(side.party)), *cancel),
    )


def _reason_sentence(opening: OpeningRequest) -> str:
    if opening.reason == "out-of-hours":
        return _("It is outside the opening hours: somebody has to come and open, then close.")
    return _("It is within the opening hours; this room is given by somebody of the point each time.")


def _told_words(booking: Booking) -> str:
    """Return when a meeting was to be, and how many other dates of its series share what happened to it."""
    return _dates_words(list(told_together(booking)) if booking.series_id else [booking])


def _dates_words(dates: Sequence[Booking]) -> str:
    first, others = moment_words(dates[0]), len(dates) - 1
    if not others:
        return first
    words = ngettext("%(first)s and %(count)s other date", "%(first)s and %(count)s other dates", others)
    return words % {"first": first, "count": others}


def _lines(dates: Sequence[Booking]) -> tuple[str, ...]:
    """Return the dates of a series, nothing for one meeting."""
    return tuple(moment_words(date) for date in dates) if len(dates) > 1 else ()


def _note(opening: OpeningRequest) -> tuple[str, ...]:
    return (_("Their word: “%s”") % opening.note,) if opening.note else ()


def _opening(record: LetterRecord) -> OpeningRequest:
    if record.opening is None:
        raise ValueError(f"letter {record.pk} is about no request")
    return record.opening


NOTICES: Final[Mapping[str, Callable[[LetterRecord, Meeting], Notice]]] = {
    LetterKind.HOST_ASKED: _host_asked,
    LetterKind.HOST_REMINDED: _host_reminded,
    LetterKind.HOST_ESCALATED: _host_escalated,
    LetterKind.HOST_CANCELLED: _host_cancelled,
    LetterKind.REQUEST_SENT: _request_sent,
    LetterKind.OTHER_TIMES: _other_times,
    LetterKind.DECLINED: _declined,
    LetterKind.UNANSWERED: _unanswered,
    LetterKind.NO_SIGN: _no_sign,
    **LOSS_NOTICES,
}
_TO_HOSTS: Final = frozenset(kind for kind in NOTICES if kind.startswith("host-"))
_WAITS_FOR: Final = {
    LetterKind.HOST_ASKED: OpeningStatus.ASKED,
    LetterKind.HOST_REMINDED: OpeningStatus.ASKED,
    LetterKind.HOST_ESCALATED: OpeningStatus.ASKED,
    LetterKind.OTHER_TIMES: OpeningStatus.PROPOSED,
}
