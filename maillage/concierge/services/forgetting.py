"""Forget whom the desk spoke with; how long problems lasted, and whose they were, stays."""

from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.booking.models import Booking
from maillage.concierge.models import FarEnd, HandoverNote, HelpCall, RunbookStep, TicketNote, Trial
from maillage.core.forgetting import Found, Person, keeps
from maillage.core.quarters import quarter_of
from maillage.station.models import StationOrder

_BLANK = {"name": "", "phone": "", "email": "", "address": "", "firewall": ""}


def erase_contacts(person: Person, now: datetime, really: bool) -> Found:
    """Erase a person among those who look after the equipment of a side, in the meetings that are over."""
    who = Q(email__iexact=person.email) if person.email else Q(phone=person.phone)
    mine = FarEnd.objects.filter(who)
    over = mine.filter(party__booking__first_quarter__lt=quarter_of(now) - F("party__booking__length"))
    count = over.count()
    kept = mine.count() - count
    if really:
        over.update(**_BLANK)
    return Found(count, kept)


@keeps(
    "desk",
    days=365,
    what=_("the desk's work: technical contacts, who called for help, words shown in rooms, notes"),
    why=_("to follow a problem that comes back"),
    erase=erase_contacts,
    why_kept=_("a meeting to come needs its technical contact"),
)
def forget_desk(before: datetime) -> int:
    """Take out of what is older all that names somebody."""
    ended = Booking.objects.filter(first_quarter__lt=quarter_of(before) - F("length"))
    count = FarEnd.objects.filter(party__booking__in=ended).exclude(**_BLANK).update(**_BLANK)
    count += HelpCall.objects.filter(rang_at__lt=before).exclude(name="").update(name="")
    count += TicketNote.objects.filter(at__lt=before).delete()[0]
    count += RunbookStep.objects.filter(done_at__lt=before).exclude(note="").update(note="")
    count += StationOrder.objects.filter(asked_at__lt=before).exclude(text="").update(text="")
    count += HandoverNote.objects.filter(at__lt=before).delete()[0]
    return count + Trial.objects.filter(at__lt=before).exclude(device="").update(device="")
