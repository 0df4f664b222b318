import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

import maillage
from maillage.actors.models import Organisation, OrganisationKind
from maillage.booking.tests.factories import make_rooms
from maillage.concierge.domain.incidents import Incident, by_site, by_supplier
from maillage.concierge.journal_words import journal_words
from maillage.concierge.models import Cause, DeskHours, Owner, Supplier, Ticket
from maillage.concierge.selectors import desks_over_time
from maillage.concierge.services import close_ticket, give_ticket, open_ticket
from maillage.concierge.services.tickets import About
from maillage.concierge.tests.factories import NINE, at_the_desk, make_operator
from maillage.core.models import JournalEntry

HOUR = timedelta(hours=1)
_OF_MEETINGS = "booking|conference|document|far-end|line|meeting|minutes|opening|party|receipt|recording|runbook|ticket"
_RECORDED = re.compile(rf'record\(\s*"((?:{_OF_MEETINGS})\.[a-z-]+)"')


def test_what_lasted_longer_than_promised_is_late_and_nothing_else() -> None:
    incidents = [
        Incident("Callac", "Axione", NINE, NINE + 3 * HOUR, promised_hours=4),
        Incident("Callac", "Axione", NINE, NINE + 5 * HOUR, promised_hours=4),
        Incident("Rennes", "Axione", NINE, None, promised_hours=4),
        Incident("Rennes", "", NINE, NINE + 50 * HOUR),
    ]
    (line,) = by_supplier(incidents, NINE + 6 * HOUR)
    assert (line.name, line.count, line.open_count, line.late_count) == ("Axione", 3, 1, 2)
    assert (line.median, line.longest) == (5 * HOUR, 6 * HOUR)
    assert [(line.name, line.late_count) for line in by_site(incidents, NINE + 3 * HOUR)] == [
        ("Callac", 1),
        ("Rennes", 0),
    ]


@pytest.mark.django_db
def test_a_problem_is_handed_to_a_supplier_and_read_in_the_log_of_its_place() -> None:
    callac, rennes = make_rooms()
    axione = Supplier.objects.create(name="Axione", kind="line", phone="0296000001", repairs_within_hours=4)
    agent = make_operator()
    for room in (callac, rennes):
        open_ticket(about=About(room_id=room.pk), cause=Cause.LINE, owner=Owner.DESK, note="", now=NINE)
    ticket = Ticket.objects.get(room=callac)
    given = give_ticket(
        ticket_id=ticket.pk, owner="desk", supplier_id=axione.pk, note="appelé", now=NINE, agent_id=agent.pk
    )
    assert (given.owner, given.supplier) == (Owner.SUPPLIER, axione)
    assert JournalEntry.objects.get(verb="ticket.given").details["supplier"] == axione.pk
    close_ticket(ticket_id=ticket.pk, note="", now=NINE + 6 * HOUR, agent_id=agent.pk)
    with time_machine.travel(NINE + 7 * HOUR, tick=False):
        everything = at_the_desk().get("/conciergerie/incidents").content.decode()
        one = at_the_desk().get("/conciergerie/incidents", {"site": callac.point.name}).content.decode()
        before = at_the_desk().get("/conciergerie/incidents?until=2026-11-20").content.decode()
    assert "1 plus longtemps que promis" in everything
    assert "tel:0296000001" in everything
    assert "Rennes" in everything
    assert one.count("ligne coupée") == 1
    assert "Aucun incident" in before


@pytest.mark.django_db
def test_the_desks_are_read_one_after_the_other_with_who_held_them_and_what_a_call_out_costs() -> None:
    retis = Organisation.objects.create(name="Retis", kind=OrganisationKind.OPERATOR)
    DeskHours.objects.create(
        name="Bureau de Rennes", provider=retis, hours="Mo-Fr 09:00-17:30", since=date(2013, 1, 1),
        until=date(2015, 6, 30),
    )  # fmt: skip
    DeskHours.objects.create(
        name="Bureau de Brest", hours="Mo-Fr 08:30-18:00", on_call_hours="Sa 09:00-12:00", on_call_fee_cents=4500,
        phone="0298000000", since=date(2015, 7, 1),
    )  # fmt: skip
    assert [sheet.desk.name for sheet in desks_over_time(date(2014, 1, 1))] == ["Bureau de Rennes", "Bureau de Brest"]
    page = at_the_desk().get("/conciergerie/incidents").content.decode()
    for words in ("tenu par Retis", "jusqu’au", "Le samedi", "45", "02"):
        assert words in page, words
    assert page.index("Bureau de Brest") < page.index("Bureau de Rennes")


def test_whatever_the_desk_writes_of_a_meeting_in_the_journal_is_worded_there() -> None:
    desk = Path(maillage.__file__).parent / "concierge"
    sources = [path for path in desk.rglob("*.py") if "tests" not in path.parts]
    said = {verb for path in sources for verb in _RECORDED.findall(path.read_text())}
    assert len(said) > 5
    assert said - journal_words().keys() == set()


@pytest.mark.django_db
def test_the_supplier_is_chosen_on_the_meetings_page() -> None:
    callac, _rennes = make_rooms()
    supplier = Supplier.objects.create(name="Axione")
    ticket = open_ticket(about=About(room_id=callac.pk), cause=Cause.LINE, owner=Owner.DESK, note="", now=NINE)
    address = f"/conciergerie/ticket/{ticket.pk}/confier"
    assert at_the_desk().post(address, {"owner": "supplier", "supplier": supplier.pk}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.supplier == supplier
    assert at_the_desk().post(address, {"owner": "nobody"}).status_code == 422
