"""The minutes of a meeting as they stand, and the mail that carries them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.booking.gateways.mail import Letter, lay_out
from maillage.booking.models import Booking, Party
from maillage.booking.selectors import party_token
from maillage.conference.domain.minutes import Draft, read_actions
from maillage.conference.models import Conference, Minutes, Notice, NoticeKind
from maillage.conference.selectors.attendance import attendance_of
from maillage.core.theme import current_network
from maillage.core.words import day_words


def minutes_of(conference: Conference) -> Minutes:
    """Return the minutes; before anyone wrote, new ones that already say who was there. At most three queries."""
    kept = Minutes.objects.filter(conference=conference).first()
    return kept or Minutes(conference=conference, present=_who_came(conference.booking))


def draft_of(minutes: Minutes) -> Draft:
    """Return what the minutes say."""
    return Draft(minutes.present, minutes.decisions, read_actions(minutes.actions))


def _who_came(booking: Booking) -> str:
    came = [one.party_id for one in attendance_of(booking)]
    parties = Party.objects.in_bulk(came)
    return "\n".join(_named(parties[party]) for party in came)


def _named(party: Party) -> str:
    if party.head_count == 1:
        return party.name
    return _("{name}, {count} people").format(name=party.name, count=party.head_count)


def notice_letter(notice: Notice) -> Letter:
    """Return the mail of a notice, in the language of its booking."""
    party = Party.objects.select_related("booking__conference__minutes").get(pk=notice.party_id)
    booking = party.booking
    with override(booking.language):
        token = party_token(party)
        is_minutes = notice.kind == NoticeKind.MINUTES
        address = reverse("conference:minutes" if is_minutes else "conference:recording", args=[token])
        day = day_words(booking.first_quarter, booking.time_zone)
        title = booking.title or _("your meeting")
        context: dict[str, object] = {
            "booking": booking,
            "is_minutes": is_minutes,
            "draft": draft_of(booking.conference.minutes) if is_minutes else Draft(),
            "link": f"{settings.BASE_URL}{address}",
            "day": day,
            "title": title,
            "network": current_network(),
            "help_phone": settings.HELP_PHONE,
            "language": booking.language,
            "kept_days": settings.RECORDINGS_KEPT_DAYS,
        }
        subject = _("Minutes of “{title}”, {day}") if is_minutes else _("Recording of “{title}”, {day}")
        domain = urlsplit(settings.BASE_URL).hostname or "localhost"
        return Letter(
            to=notice.recipient,
            subject=subject.format(title=title, day=day),
            text=render_to_string("conference/mail/notice.txt", context),
            html=lay_out("conference/mail/notice.mjml.html", context),
            message_id=f"<{booking.pk}.{notice.kind}.{notice.version}.{notice.pk}@{domain}>",
            language=booking.language,
        )
