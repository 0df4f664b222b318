"""The log of incidents over a period, by place and by supplier."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maillage.concierge.domain.incidents import Incident, Line, by_site, by_supplier
from maillage.concierge.models import Supplier, Ticket


@dataclass(frozen=True, slots=True)
class IncidentLog:
    """Tickets of a period, the latest first, what they add up to, and the suppliers with what they promised."""

    since: date
    until: date
    sites: tuple[Line, ...]
    suppliers: tuple[Line, ...]
    tickets: tuple[Ticket, ...]
    known_suppliers: tuple[Supplier, ...]


def incident_log(*, since: date, until: date, zone: ZoneInfo, now: datetime, site: str = "") -> IncidentLog:
    """Return the problems opened from `since` to `until`, both included, of one place if `site` names it.

    Two queries.
    """
    first = datetime.combine(since, time(), tzinfo=zone)
    last = datetime.combine(until + timedelta(days=1), time(), tzinfo=zone)
    asked = Ticket.objects.filter(opened_at__gte=first, opened_at__lt=last)
    tickets = [
        ticket
        for ticket in asked.select_related("room__point", "party__room__point", "booking", "supplier")
        if not site or _site_of(ticket) == site
    ]
    incidents = [_incident(ticket) for ticket in tickets]
    return IncidentLog(
        since=since,
        until=until,
        sites=by_site(incidents, now),
        suppliers=by_supplier(incidents, now),
        tickets=tuple(tickets),
        known_suppliers=tuple(Supplier.objects.all()),
    )


def _site_of(ticket: Ticket) -> str:
    room = ticket.room or (ticket.party.room if ticket.party else None)
    return room.point.name if room else ""


def _incident(ticket: Ticket) -> Incident:
    supplier = ticket.supplier
    return Incident(
        site=_site_of(ticket),
        supplier=supplier.name if supplier else "",
        opened_at=ticket.opened_at,
        closed_at=ticket.closed_at,
        promised_hours=supplier.repairs_within_hours if supplier else None,
    )
