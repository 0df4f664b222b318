"""The tables of the desk, by noun."""

from maillage.booking.models import DeskHours
from maillage.concierge.models.desk import HandoverNote, Supplier, SupplierKind
from maillage.concierge.models.far_ends import FarEnd, Trial
from maillage.concierge.models.line import CallState, HelpCall
from maillage.concierge.models.tickets import Cause, Owner, RunbookStep, Ticket, TicketNote

__all__ = [
    "CallState",
    "Cause",
    "DeskHours",
    "FarEnd",
    "HandoverNote",
    "HelpCall",
    "Owner",
    "RunbookStep",
    "Supplier",
    "SupplierKind",
    "Ticket",
    "TicketNote",
    "Trial",
]
