"""A key wanted by many, people who come as their rooms are given back, a line served by several: on PostgreSQL."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from maillage.booking.errors.keys import KeyAlreadyLent
from maillage.booking.errors.turnouts import PeopleAreThere, RoomsGivenBack
from maillage.booking.errors.waits import OfferOver
from maillage.booking.models import KeyLoan, Occupancy, SignKind, Turnout, Wait, WaitOffer
from maillage.booking.services import Contact, cancel_booking
from maillage.booking.services.keys import add_key, lend_key, take_key_back
from maillage.booking.services.turnouts import check_in, release_deserted
from maillage.booking.services.waiting_line import end_late_offers, serve_line
from maillage.booking.services.waits import leave_line, note_freed, take_offer
from maillage.booking.tests.factories import HOUR, NOW, TOMORROW_10, make_booking, make_rooms
from maillage.booking.tests.test_turnouts import at
from maillage.booking.tests.test_waits import wait_for
from maillage.core.errors import DomainError

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


def all_at_once(*acts: Callable[[], object]) -> list[object]:
    """Do `acts` in one instant, each on its own connection; return what each gave, or the refusal it met."""
    gate = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def do(number: int) -> None:
        gate.wait()
        try:
            found[number] = acts[number]()
        except BaseException as refusal:
            found[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    faults = [one for one in found if isinstance(one, BaseException) and not isinstance(one, DomainError)]
    assert not faults
    return found


def test_of_people_who_want_one_key_at_once_one_has_it() -> None:
    key = add_key(room_id=make_rooms()[0].pk, label="A1")

    def ask(name: str) -> Callable[[], KeyLoan]:
        return lambda: lend_key(key_id=key.pk, holder=name, due_at=NOW + timedelta(hours=9), now=NOW)

    for _round in range(ROUNDS):
        found = all_at_once(*(ask(f"Person {number}") for number in range(8)))
        assert sum(isinstance(one, KeyAlreadyLent) for one in found) == 7
        out = KeyLoan.objects.get(returned_at=None)
        take_key_back(loan_id=out.pk, now=NOW)


def test_people_who_come_as_their_rooms_are_given_back_are_either_in_or_told() -> None:
    rooms = make_rooms()
    for number in range(ROUNDS):
        day, turn = number % 3, number // 3  # what was given back keeps the quarters that had passed
        booking = make_booking(rooms, first_quarter=TOMORROW_10 + 96 * day + 20 * turn)
        moment = at(20) + timedelta(days=day, hours=5 * turn)

        def come(booking_id: object = booking.pk, moment: object = moment) -> object:
            return check_in(booking_id=booking_id, sign=SignKind.PRESSED, now=moment)  # type: ignore[arg-type]

        def go(booking_id: object = booking.pk, moment: object = moment) -> object:
            return release_deserted(booking_id=booking_id, now=moment)  # type: ignore[arg-type]

        found = all_at_once(come, go, come, go)
        booking.refresh_from_db()
        quarters = Occupancy.objects.filter(span__booking=booking).count()
        if Turnout.objects.get(booking=booking).came:
            assert (booking.status, quarters) == ("confirmed", 2 * (HOUR + 1))
            assert sum(isinstance(one, PeopleAreThere) for one in found) == 2
            cancel_booking(booking_id=booking.pk, cause="organiser", through="link", now=moment)
        else:
            assert (booking.status, booking.cancel_cause, quarters) == ("cancelled", "no-show", 2 * 3)
            assert sum(isinstance(one, RoomsGivenBack) for one in found) == 2


def test_a_line_served_by_several_gives_a_slot_to_one_and_in_order() -> None:
    rooms = make_rooms()
    waits = [
        wait_for(
            rooms, Contact(name=f"P{n}", email=f"p{n}@example.org", category="craft"), now=NOW + timedelta(seconds=n)
        )
        for n in range(4)
    ]
    for number, first in enumerate(waits[:3]):
        now = NOW + timedelta(hours=number)
        note_freed()
        all_at_once(*(lambda: serve_line(now) for _worker in range(4)))  # noqa: B023  run within the round
        assert list(WaitOffer.objects.filter(status="open").values_list("wait", flat=True)) == [first.pk]
        late = now + timedelta(minutes=30)
        answers = all_at_once(
            lambda: take_offer(wait_id=first.pk, now=late - timedelta(seconds=1)),  # noqa: B023
            lambda: end_late_offers(late),  # noqa: B023
            lambda: leave_line(wait_id=first.pk, now=late),  # noqa: B023
        )
        offer = WaitOffer.objects.get(wait=first)
        assert (offer.booking.status == "confirmed") == (offer.status == "taken")
        assert isinstance(answers[0], OfferOver) == (offer.status != "taken")
        if offer.status == "taken":
            assert Wait.objects.get(pk=first.pk).status == "met"
            cancel_booking(booking_id=offer.booking_id, cause="organiser", through="link", now=late)
        assert not Occupancy.objects.exists()
        leave_line(wait_id=first.pk, now=late)
