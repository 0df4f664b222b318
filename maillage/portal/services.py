"""Somebody who wants to be forgotten: asked by their address, proved by a link sent there, done as far as the law lets.

Whether an address is known is told to nobody but who reads it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from maillage.booking.gateways.mail import Letter, lay_out, send_letter
from maillage.booking.selectors.notice_parts import Button, Notice
from maillage.core.forgetting import Found, Person, erase_person
from maillage.core.journal import record
from maillage.core.links import LinkForged, read_link, sign_link
from maillage.core.short_links import shorten
from maillage.core.sms import can_text, is_mobile
from maillage.core.texting import text_to
from maillage.core.theme import current_network
from maillage.portal.errors import ReachUnreadable
from maillage.portal.models import ErasureRequest

PURPOSE = "erase"
LIVES = timedelta(days=1)


def person_of(typed: str) -> Person:
    """Return who an e-mail or a telephone, as it was typed, may be. Raises ReachUnreadable."""
    text = typed.strip()
    digits = "".join(mark for mark in text if mark.isdigit() or mark == "+")
    if "@" not in text:
        if not 8 <= len(digits) <= 16:
            raise ReachUnreadable
        return Person(phone=digits)
    try:
        validate_email(text)
    except ValidationError as wrong:
        raise ReachUnreadable from wrong
    return Person(email=text.lower())


@transaction.atomic
def ask_erasure(*, typed: str, language: str, now: datetime) -> ErasureRequest:
    """Note who asks; a link is sent there by the worker if anything is known of them. Raises ReachUnreadable."""
    person = person_of(typed)
    asked = ErasureRequest.objects.create(email=person.email, phone=person.phone, language=language, asked_at=now)
    transaction.on_commit(lambda: send_erasure_link.enqueue(str(asked.pk)))
    return asked


@task(queue_name="mail")
def send_erasure_link(request_id: str) -> bool:
    """Send the link to who asked, if anything is known of them; tell whether it was."""
    return send_link(UUID(request_id), now=timezone.now())


def send_link(request_id: UUID, *, now: datetime) -> bool:
    """Send the link by mail, or by text message to a mobile number. Nothing is sent where nothing is known."""
    asked = ErasureRequest.objects.get(pk=request_id)
    person = Person(asked.email, asked.phone)
    if not erase_person(person, now, really=False):
        return False
    page = settings.BASE_URL + reverse("portal:erase", args=[link_token(asked)])
    with override(asked.language):
        if asked.email:
            send_letter(_letter(asked, page))
            return True
        if not (can_text() and is_mobile(asked.phone)):
            return False
        words = _("What we keep of you, and how to erase it: %(page)s") % {
            "page": shorten(page, asked.asked_at + LIVES)
        }
        key, until = f"erase.{asked.pk.hex}", asked.asked_at + LIVES
        return text_to(asked.phone, words, key=key, subject="erase", until=until, now=now)


def link_token(asked: ErasureRequest) -> str:
    """Return the token that shows and erases, for a day."""
    return sign_link(PURPOSE, str(asked.pk), asked.asked_at + LIVES)


def request_by_link(token: str, now: datetime) -> ErasureRequest:
    """Return the request of a link. Raises LinkForged, LinkExpired."""
    asked = ErasureRequest.objects.filter(pk=read_link(PURPOSE, token, now)).first()
    if asked is None:
        raise LinkForged
    return asked


@transaction.atomic
def confirm_erasure(*, request_id: UUID, now: datetime) -> dict[str, Found]:
    """Erase what can be now; what a meeting to come needs is erased once it is over. Twice is harmless.

    The journal says that somebody was forgotten, not who.
    """
    asked = ErasureRequest.objects.select_for_update().get(pk=request_id)
    found = erase_person(Person(asked.email, asked.phone), now, really=True)
    if asked.confirmed_at is None:
        record("person.erased", f"erasure:{asked.pk}", through="link", kinds=sorted(found))
        ErasureRequest.objects.filter(pk=asked.pk).update(confirmed_at=now)
    return found


def follow_erasures(now: datetime) -> int:
    """Erase what the confirmed requests still had to leave, forget those that are done or were never confirmed."""
    gone = ErasureRequest.objects.filter(confirmed_at=None, asked_at__lt=now - LIVES).delete()[0]
    for asked in ErasureRequest.objects.exclude(confirmed_at=None):
        found = erase_person(Person(asked.email, asked.phone), now, really=True)
        waits = any(one.kept for name, one in found.items() if name != "receipts")
        if not waits and now >= asked.asked_at + LIVES:
            asked.delete()
            gone += 1
    return gone


def _letter(asked: ErasureRequest, page: str) -> Letter:
    notice = Notice(
        _("What we keep of you"),
        _("What we keep of you"),
        (_("Somebody, you we hope, asked what we keep of this address. If it was not you, there is nothing to do."),),
        buttons=(Button(_("See it, and erase it"), page),),
    )
    context: dict[str, object] = {
        "notice": notice,
        "heading": notice.heading,
        "sentences": list(notice.sentences),
        "reference": "",
        "network": current_network(),
        "help_phone": settings.HELP_PHONE,
        "language": asked.language,
    }
    return Letter(
        to=asked.email,
        subject=notice.subject,
        text=render_to_string("booking/mail/notice.txt", context),
        html=lay_out("booking/mail/notice.mjml.html", context),
        message_id=f"<erase.{asked.pk}@{settings.BASE_URL.partition('//')[2].partition(':')[0]}>",
        language=asked.language,
    )
