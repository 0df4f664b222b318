"""What is done with a ticket."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.concierge import services
from maillage.concierge.forms import ClosingForm, GivingForm, NoteForm
from maillage.concierge.views.shared import agent_of, back, for_operators, valid


@require_POST
@for_operators
def close_ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Close a ticket, with whose problem it was."""
    given = valid(ClosingForm(request.POST))
    services.close_ticket(
        ticket_id=ticket_id, note=given["note"], owner=given["owner"], now=timezone.now(), agent_id=agent_of(request)
    )
    return back(request, None, _("The ticket is closed."))


@require_POST
@for_operators
def note_ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Add a line to a ticket."""
    given = valid(NoteForm(request.POST))
    services.note_ticket(ticket_id=ticket_id, note=given["note"], now=timezone.now(), agent_id=agent_of(request))
    return back(request, None, _("The note is kept."))


@require_POST
@for_operators
def give_ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Say whose problem it is, and which supplier was called."""
    given = valid(GivingForm(request.POST))
    supplier = given["supplier"]
    services.give_ticket(
        ticket_id=ticket_id,
        owner=given["owner"],
        supplier_id=supplier.pk if supplier else None,
        note=given["note"],
        now=timezone.now(),
        agent_id=agent_of(request),
    )
    return back(request, None, _("It is theirs now: their delay runs."))
