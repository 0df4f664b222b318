"""Each Monday morning, the list of what may fail this week, by mail to the desk."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext
from django_tasks import task

from maillage.accounts.models import User
from maillage.actors.models import Part
from maillage.concierge.models import DeskHours, Ticket
from maillage.concierge.selectors import prevention, rooms_without_screen
from maillage.core.journal import record
from maillage.core.models import JournalEntry

MONDAY: Final = 0
FROM_HOUR: Final = 7
OLD: Final = timedelta(days=2)
MOST_NAMED: Final = 20
"""Of the rooms without a screen; a network that begins has none."""


@transaction.atomic
def send_weekly_list(now: datetime) -> int:
    """Send this week's list, once, from Monday 7:00; return to how many. Harmless to run again."""
    there = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    if there.weekday() != MONDAY or there.hour < FROM_HOUR:
        return 0
    week = f"week:{there.isocalendar().year}-W{there.isocalendar().week:02}"
    recipients = desk_addresses(now)
    if not recipients or JournalEntry.objects.filter(verb="desk.weekly-list", subject=week).exists():
        return 0
    record("desk.weekly-list", week, through="task", recipients=len(recipients))
    for recipient in recipients:
        transaction.on_commit(partial(send_list.enqueue, recipient))
    return len(recipients)


def desk_addresses(now: datetime) -> list[str]:
    """Return where the desks in charge are written to, and else their operators. Two queries at most."""
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    present = DeskHours.objects.filter(since__lte=today).filter(Q(until=None) | Q(until__gte=today))
    known = list(present.exclude(email="").values_list("email", flat=True).order_by("pk"))
    if known:
        return list(dict.fromkeys(known))
    operators = User.objects.filter(roles__part=Part.OPERATOR, is_active=True).exclude(email="")
    return list(operators.values_list("email", flat=True).distinct().order_by("email"))


@task(queue_name="mail")
def send_list(recipient: str) -> None:
    """Send one such mail: the worker's side of `send_weekly_list`."""
    now = timezone.now()
    found, unwatched = prevention(now), rooms_without_screen()
    old = Ticket.objects.filter(closed_at=None, opened_at__lt=now - OLD)
    tickets = old.select_related("room__point", "party", "supplier").order_by("opened_at")
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "prevention": found,
            "unwatched": unwatched,
            "shown": unwatched[:MOST_NAMED],
            "tickets": tickets,
            "address": f"{settings.BASE_URL}/conciergerie/postes",
            "zone": settings.TIME_ZONE,
        }
        body = render_to_string("concierge/mail/weekly.txt", context)
        count = len(found.silent) + len(found.failing) + len(found.outdated) + len(found.untested)
        subject = gettext("Rooms to look at this week: %(count)s") % {"count": count}
    EmailMessage(subject, body, to=[recipient], headers={"Auto-Submitted": "auto-generated"}).send()
