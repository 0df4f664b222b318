"""An address that does not exist: corrected by the organiser on their page, or by the agent who called them."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from maillage.booking.errors import UnknownBooking
from maillage.booking.errors.bounces import AddressWrong
from maillage.booking.errors.rooms import NoRoomToLookAfter
from maillage.booking.forms.address import AddressForm
from maillage.booking.models import Booking
from maillage.booking.selectors.bounces import DeadSide, dead_sides, unreachable
from maillage.booking.services.bounces import correct_address
from maillage.booking.views.meeting import meeting_by_link
from maillage.booking.views.planning import agent_of
from maillage.core.throttle import throttled
from maillage.points.rights import rooms_looked_after


@require_POST
@throttled("correct", most=20, seconds=600)
def correct(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """Take the right address from the organiser's page, and send again what came back."""
    now = timezone.now()
    found = meeting_by_link(token, now)
    sides = dead_sides(found.booking, [side.party for side in found.sides])
    _correct(request, found.booking, sides, position, now)
    return HttpResponseRedirect(reverse("booking:meeting", args=[token]), status=303)


@login_required
@require_GET
@never_cache
def to_call(request: HttpRequest) -> HttpResponse:
    """« À joindre par téléphone »: the organisers of an agent's rooms whose address does not exist."""
    now = timezone.now()
    rooms = rooms_looked_after(agent_of(request))
    if not rooms.exists():
        raise NoRoomToLookAfter
    waiting = [(one, AddressForm(position=0, address=one.organiser_email)) for one in unreachable(rooms, now=now)]
    return render(request, "booking/to_call.html", {"waiting": waiting})


@login_required
@require_POST
def correct_for(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Take the right address from an agent who called. Raises UnknownBooking for a meeting of other rooms."""
    now = timezone.now()
    agent = agent_of(request)
    booking = next((one for one in unreachable(rooms_looked_after(agent), now=now) if one.pk == booking_id), None)
    if booking is None:
        raise UnknownBooking
    sides = dead_sides(booking, list(booking.parties.all()))
    _correct(request, booking, sides, 0, now, agent.pk)
    return HttpResponseRedirect(reverse("booking:to_call"), status=303)


def _correct(
    request: HttpRequest,
    booking: Booking,
    sides: list[DeadSide],
    position: int,
    now: datetime,
    agent_id: int | None = None,
) -> None:
    """Correct a side that is dead; one that is not any more is left alone. Raises AddressWrong."""
    side = next((one for one in sides if one.position == position), None)
    if side is None:
        return
    form = AddressForm(request.POST, position=position, address=side.address)
    if not form.is_valid():
        raise AddressWrong
    correct_address(
        booking_id=booking.pk,
        position=position,
        email=form.cleaned_data["email"],
        now=now,
        through="link" if agent_id is None else "agent",
        agent_id=agent_id,
    )
