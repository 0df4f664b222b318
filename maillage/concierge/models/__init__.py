"""The tables of the desk, by noun."""

from maillage.concierge.models.desk import DeskHours, HandoverNote, Supplier, SupplierKind
from maillage.concierge.models.line import CallState, HelpCall
from maillage.concierge.models.tickets import Cause, Owner, RunbookStep, Ticket, TicketNote

__all__ = [
    "CallState",
    "Cause",
    "DeskHours",
    "HandoverNote",
    "HelpCall",
    "Owner",
    "RunbookStep",
    "Supplier",
    "SupplierKind",
    "Ticket",
    "TicketNote",
]
