"""Move everyone of a meeting to another place by mail and by text message, when ours does not work."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django_tasks import task

from maillage.booking.models import Booking, PartyKind
from maillage.concierge.errors import NobodyToWrite, NoFallback
from maillage.core.journal import record
from maillage.core.quarters import moment_of
from maillage.core.sms import can_text, international, is_mobile
from maillage.core.texting import text_to
from maillage.points.models import Point


def fallback_address(booking: Booking) -> str:
    """Return where people meet when they cannot meet here. Raises NoFallback."""
    if not settings.FALLBACK_URL:
        raise NoFallback
    return str(settings.FALLBACK_URL).replace("{reference}", booking.reference)


def addresses_of(booking: Booking) -> list[str]:
    """Return who can be written to, each once; never the places whose data serves the demonstration."""
    given = [booking.organiser_email, *booking.parties.order_by("position").values_list("email", flat=True)]
    withheld = Point.objects.filter(is_demonstration=True).values_list("email", flat=True)
    real = {address.lower() for address in withheld if address}
    return list(dict.fromkeys(address.lower() for address in given if address and address.lower() not in real))


def numbers_of(booking: Booking) -> list[str]:
    """Return the mobile numbers that can be written to, each once; none where text messages cannot leave."""
    if not can_text():
        return []
    sides = booking.parties.select_related("far_end").order_by("position")
    given = [booking.organiser_phone, *(party.address for party in sides if party.kind == PartyKind.PHONE)]
    given += [party.far_end.phone for party in sides if getattr(party, "far_end", None)]
    return list(dict.fromkeys(international(number) for number in given if number and is_mobile(number)))


@transaction.atomic
def move_to_fallback(*, booking: Booking, agent_id: int, now: datetime) -> int:
    """Write to everyone where to go; return to how many. All leave by the worker, once this is committed.

    Raises NoFallback, NobodyToWrite.
    """
    address = fallback_address(booking)
    recipients, numbers = addresses_of(booking), numbers_of(booking)
    if not recipients and not numbers:
        raise NobodyToWrite
    subject = f"booking:{booking.reference}"
    record(
        "meeting.moved-to-fallback",
        subject,
        through="agent",
        agent_id=agent_id,
        recipients=len(recipients),
        texts=len(numbers),
    )
    for recipient in recipients:
        transaction.on_commit(partial(send_fallback.enqueue, recipient, address, booking.reference, booking.language))
    until = moment_of(booking.end_quarter)
    with translation.override(booking.language):
        text = gettext("Your meeting %(reference)s goes on elsewhere, now: %(address)s") % {
            "reference": booking.reference,
            "address": address,
        }
    for number in numbers:
        text_to(number, text, key=f"fallback.{booking.pk.hex}.{number}", subject=subject, until=until, now=now)
    return len(recipients) + len(numbers)


@task(queue_name="mail")
def send_fallback(recipient: str, address: str, reference: str, language: str) -> None:
    """Send one such mail: the worker's side of `move_to_fallback`."""
    with translation.override(language):
        context = {"address": address, "reference": reference, "help_phone": settings.HELP_PHONE}
        body = render_to_string("concierge/mail/fallback.txt", context)
        subject = gettext("Your meeting goes on elsewhere, now")
    EmailMessage(subject, body, to=[recipient], headers={"Auto-Submitted": "auto-generated"}).send()
