"""Before the day: ask a far end who looks after its equipment, keep what it answers and what its rehearsals found."""

from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django_tasks import task

from maillage.booking.models import Party
from maillage.concierge.domain.trials import TrialFacts, judge_trial
from maillage.concierge.models import Cause, FarEnd, Owner, Trial
from maillage.concierge.services.tickets import About, open_ticket
from maillage.core.journal import record
from maillage.core.links import sign_link
from maillage.core.quarters import moment_of
from maillage.station.domain.verdict import Level

PURPOSE: Final = "technical"
VALID_AFTER: Final = timedelta(days=2)
KEPT: Final = timedelta(days=30)
"""Rehearsals of a side are kept with its booking; those of nobody, this long."""


def technical_link(party: Party) -> str:
    """Return the address where the far end of `party` says who looks after its equipment, until two days after."""
    until = moment_of(party.booking.end_quarter) + VALID_AFTER
    return f"{settings.BASE_URL}/technique/{sign_link(PURPOSE, str(party.pk), until)}"


@transaction.atomic
def ask_far_end(*, party: Party, agent_id: int, now: datetime) -> bool:
    """Ask a side for its technical contact, by mail if it has an address; tell whether one leaves."""
    FarEnd.objects.update_or_create(party=party, defaults={"asked_at": now})
    subject = f"booking:{party.booking.reference}"
    record("far-end.asked", subject, through="agent", agent_id=agent_id, party=party.pk)
    if party.email:
        transaction.on_commit(partial(send_request.enqueue, party.pk))
    return bool(party.email)


@transaction.atomic
def fill_far_end(*, party: Party, answers: dict[str, Any], now: datetime) -> FarEnd:
    """Keep what a far end says of itself. Again, it replaces what it said."""
    far_end = FarEnd.objects.update_or_create(party=party, defaults={**answers, "filled_at": now})[0]
    record("far-end.filled", f"booking:{party.booking.reference}", through="link", party=party.pk)
    return far_end


@transaction.atomic
def record_trial(
    *, party: Party | None, facts: TrialFacts, measures: dict[str, Any], device: str, now: datetime
) -> Trial:
    """Keep a rehearsal; a red one of a known side is a ticket of the desk, which calls before the day."""
    level, causes = judge_trial(facts)
    trial = Trial.objects.create(
        party=party, at=now, level=level, causes=list(causes), measures={**asdict(facts), **measures}, device=device
    )
    if party is not None and level is Level.RED:
        about = About(booking_id=party.booking_id, party_id=party.pk)
        open_ticket(about=about, cause=Cause.TRIAL, owner=Owner.FAR_END, note=", ".join(causes), now=now)
    return trial


def forget_trials(now: datetime) -> int:
    """Delete the rehearsals of nobody in particular once they say nothing more; return how many."""
    return Trial.objects.filter(party=None, at__lt=now - KEPT).delete()[0]


@task(queue_name="mail")
def send_request(party_id: int) -> None:
    """Send one such mail: the worker's side of `ask_far_end`."""
    party = Party.objects.select_related("booking").get(pk=party_id)
    booking = party.booking
    with translation.override(booking.language):
        context = {
            "booking": booking,
            "party": party,
            "address": technical_link(party),
            "help_phone": settings.HELP_PHONE,
        }
        body = render_to_string("concierge/mail/technical.txt", context)
        subject = gettext("Who looks after your equipment? Meeting %(reference)s") % {"reference": booking.reference}
    EmailMessage(subject, body, to=[party.email], headers={"Auto-Submitted": "auto-generated"}).send()
