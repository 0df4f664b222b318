"""Forget who took part and what was said in past meetings; what was measured, and for how long, stays."""

from datetime import datetime

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from maillage.booking.models import Booking
from maillage.conference.models import (
    Attendance,
    ChatLine,
    CodeGuest,
    Conduct,
    DialOrder,
    Failure,
    Minutes,
    Notice,
    SideTalk,
)
from maillage.core.forgetting import keeps
from maillage.core.quarters import quarter_of

_MARK = "forgotten-"


@keeps(
    "talks",
    days=365,
    what=_("what was said and decided: agenda, introductions, minutes; who was called, from which device"),
    why=_("to read the minutes again, to find why a call failed"),
)
def forget_talks(before: datetime) -> int:
    """Take out of the meetings that ended before all that names somebody."""
    ended = Booking.objects.filter(first_quarter__lt=quarter_of(before) - F("length"))
    of_booking, of_conference = Q(booking__in=ended), Q(conference__booking__in=ended)
    count = Minutes.objects.filter(of_conference).delete()[0] + ChatLine.objects.filter(of_conference).delete()[0]
    count += Notice.objects.filter(party__booking__in=ended).delete()[0]
    count += SideTalk.objects.filter(of_conference).exclude(seats={}).update(seats={})
    conducts = Conduct.objects.filter(of_booking).exclude(floor={}, agenda={}, introductions={})
    count += conducts.update(floor={}, agenda={}, introductions={})
    count += DialOrder.objects.filter(of_booking).exclude(target="").update(target="", name="", reason="")
    count += Attendance.objects.filter(of_conference).exclude(device="").update(device="")
    count += Failure.objects.filter(of_conference).exclude(detail="").update(detail="")
    guests = CodeGuest.objects.filter(party__booking__in=ended).exclude(request_key__startswith=_MARK)
    return count + guests.update(request_key=Concat(Value(_MARK), Cast("pk", CharField())))
