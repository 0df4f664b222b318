"""One meeting: its page and what is done about it."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from maillage.booking.models import Booking, Party
from maillage.booking.rights import can_extend
from maillage.concierge import services
from maillage.concierge.forms import DialForm, TicketForm
from maillage.concierge.models import Cause, Owner, Supplier
from maillage.concierge.selectors import followed_meeting, meeting_sheet, recording_at_desk
from maillage.concierge.services.fallback import addresses_of, numbers_of
from maillage.concierge.services.tickets import About
from maillage.concierge.views.shared import agent_of, back, desk_words, for_operators, valid
from maillage.conference.models import DialOrder
from maillage.conference.selectors.conduct import parties_at_door
from maillage.conference.services import ask_dial, ask_side, can_record, lead_by_desk, open_by_desk
from maillage.core.errors import Invalid, Missing
from maillage.core.http import render_page

CONDUCT_ACTS = {"lead": lead_by_desk, "open": open_by_desk}


@require_GET
@for_operators
def meeting(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Show one meeting: its sides, its steps, what can be done, what happened."""
    return _meeting_page(request, booking_id)


@require_POST
@for_operators
def tick(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Note that a step was done by a person."""
    booking = followed_meeting(booking_id)
    services.tick_step(
        booking=booking,
        step=request.POST.get("step", ""),
        note=request.POST.get("note", ""),
        agent_id=agent_of(request),
        now=timezone.now(),
    )
    return back(request, booking_id, _("It is noted."))


@require_POST
@for_operators
def fallback(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Move everyone elsewhere by mail: the first press shows to whom, the second writes. Raises NoFallback."""
    booking = followed_meeting(booking_id)
    if request.POST.get("sure") != "1":
        address = services.fallback_address(booking)
        context = {"booking": booking, "address": address, "recipients": [*addresses_of(booking), *numbers_of(booking)]}
        return render(request, "concierge/fallback.html", context)
    count = services.move_to_fallback(booking=booking, agent_id=agent_of(request), now=timezone.now())
    told = ngettext("%(count)s message leaves now.", "%(count)s messages leave now.", count) % {"count": count}
    return back(request, booking_id, told)


@require_POST
@for_operators
def ask(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Ask a side to cut its sound or its images; give it the lead, or open to it. Raises AskUnknown, NotIn…"""
    booking = followed_meeting(booking_id)
    party = _side(booking, request.POST.get("party", ""))
    what, text = request.POST.get("what", ""), request.POST.get("text", "").strip()
    agent_id, now = agent_of(request), timezone.now()
    if what == "notice" and not text:
        raise Invalid
    if what in CONDUCT_ACTS:
        CONDUCT_ACTS[what](party=party, agent_id=agent_id, now=now)
    else:
        ask_side(party=party, what=what, text=text, agent_id=agent_id, now=now)
    return back(request, booking_id, _("It is done, and its people are told."))


@require_POST
@for_operators
def open_ticket(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Open a ticket about a meeting or one of its sides."""
    booking = followed_meeting(booking_id)
    form = TicketForm(request.POST)
    if not form.is_valid():
        return _meeting_page(request, booking_id, ticket_form=form)
    given = form.cleaned_data
    sides = {party.pk for party in booking.parties.all()}
    about = About(booking_id=booking.pk, party_id=given["party"] if given["party"] in sides else None)
    services.open_ticket(
        about=about, cause=Cause(given["cause"]), owner=Owner(given["owner"]), note=given["note"],
        now=timezone.now(), agent_id=agent_of(request),
    )  # fmt: skip
    return back(request, booking_id, _("The ticket is open."))


@require_POST
@for_operators
def extend(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Let a meeting go on a quarter of an hour. Raises NoExtension, RoomClosed, SlotTaken."""
    booking = followed_meeting(booking_id)
    services.extend_meeting(booking_id=booking.pk, agent_id=agent_of(request), now=timezone.now())
    return back(request, booking_id, _("It goes on a quarter of an hour more, and its people are told."))


@require_POST
@for_operators
def dial(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Ring a telephone or a terminal into a meeting. Raises NoLineOut, DialTargetInvalid."""
    booking = followed_meeting(booking_id)
    given = valid(DialForm(request.POST))
    party = _side(booking, request.POST["party"]) if request.POST.get("party") else None
    ask_dial(
        booking=booking, target=given["target"], name=given["name"], party=party, agent_id=agent_of(request),
        now=timezone.now(),
    )  # fmt: skip
    return back(request, booking_id, _("It rings there; once they answer, they are in the meeting."))


@require_POST
@for_operators
def recording(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Ask for the organiser that a meeting be recorded, or withdraw it. Raises NotIn, RecordingUnavailable."""
    booking = followed_meeting(booking_id)
    if request.POST.get("act") == "stop":
        services.stop_record(booking=booking, agent_id=agent_of(request), now=timezone.now())
        return back(request, booking_id, _("Nothing more is recorded."))
    services.ask_to_record(booking=booking, agent_id=agent_of(request), now=timezone.now())
    return back(request, booking_id, _("Each side is asked. It begins once all have accepted."))


@require_POST
@for_operators
def ask_technical(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Ask a side who looks after its equipment."""
    booking = followed_meeting(booking_id)
    party = _side(booking, request.POST.get("party", ""))
    leaves = services.ask_far_end(party=party, agent_id=agent_of(request), now=timezone.now())
    told = _("They are asked by mail.") if leaves else _("They left no e-mail address: telephone them.")
    return back(request, booking_id, told)


def _side(booking: Booking, given: str) -> Party:
    party = next((one for one in booking.parties.all() if str(one.pk) == given), None)
    if party is None:
        raise Missing
    party.booking = booking
    return party


def _meeting_page(request: HttpRequest, booking_id: UUID, ticket_form: forms.Form | None = None) -> HttpResponse:
    now = timezone.now()
    sheet = meeting_sheet(booking_id, now)
    context = {
        **desk_words(),
        "sheet": sheet,
        "now": now,
        "ticket_form": ticket_form or TicketForm(),
        "owners": Owner.choices,
        "suppliers": Supplier.objects.all(),
        "dial_orders": DialOrder.objects.filter(booking=booking_id)[:10],
        "can_dial": bool(settings.SIP_ADDRESS),
        "at_door": parties_at_door(booking_id, now),
        "can_extend": can_extend(sheet.row.booking, now=now),
        "recording": recording_at_desk(booking_id) if can_record() else None,
    }
    status = 422 if ticket_form else 200
    return render_page(request, "concierge/meeting.html", "concierge/_meeting.html", context, status=status)
