"""Public sessions: made from a meeting, a seat near each person, nobody oversold, everybody told."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.booking.errors.broadcasts import NoPlaceToReceive, SeatsGiven, SessionShut, TooManySeats
from maillage.booking.models import Booking, Broadcast, BroadcastPlace, LetterKind, LetterRecord, LetterStatus, Seat
from maillage.booking.selectors import organiser_token
from maillage.booking.selectors.broadcasts import seat_token, session_by_slug, sessions_to_come
from maillage.booking.services import cancel_booking, deliver
from maillage.booking.services.broadcasts import cancel_seat, publish_session, reserve_seat
from maillage.booking.services.seat_letters import remind_seats, write_seat_letters
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking, make_rooms
from maillage.core.models import TextMessage
from maillage.core.quarters import moment_of

pytestmark = pytest.mark.django_db
MEETING = moment_of(TOMORROW_10)


@pytest.fixture(autouse=True)
def _nobody_counts() -> None:
    cache.clear()


@pytest.fixture
def booking() -> Booking:
    return make_booking(make_rooms("Callac", "Rennes", "Brest"))


def publish(booking: Booking, **seats: int) -> Broadcast:
    wanted = {int(position.removeprefix("at_")): count for position, count in (seats or {"at_1": 2, "at_2": 1}).items()}
    return publish_session(
        booking_id=booking.pk, title="Cité des métiers", description="Trouver sa voie.", seats=wanted, now=NOW
    )


def take(place: BroadcastPlace, reach: str, minute: int = 0) -> Seat:
    at = NOW + timedelta(minutes=minute)
    return reserve_seat(place_id=place.pk, name=f"Nom de {reach}", reach=reach, language="fr", now=at)


def test_the_first_place_speaks_and_the_others_offer_their_seats(booking: Booking) -> None:
    publish(booking)
    (session,) = sessions_to_come(NOW)
    assert [(place.party.position, place.seats) for place in session.places] == [(1, 2), (2, 1)]
    assert session.seats_left == 3
    assert sessions_to_come(MEETING + timedelta(minutes=15)) == []


def test_what_cannot_be_offered_is_refused(booking: Booking) -> None:
    with pytest.raises(NoPlaceToReceive):
        publish(booking, at_0=5)
    with pytest.raises(TooManySeats):
        publish(booking, at_1=900)
    with pytest.raises(SessionShut):
        publish_session(booking_id=booking.pk, title="x", description="x", seats={1: 1}, now=MEETING)
    assert not Broadcast.objects.exists()


def test_when_a_place_is_full_people_wait_and_the_first_gets_the_seat_given_back(booking: Booking) -> None:
    place = publish(booking).places.get(party__position=2)
    first, second, third = (take(place, f"{name}@example.org", i) for i, name in enumerate("abc"))
    assert (first.number, second.number, third.number) == (1, None, None)
    assert take(place, "a@example.org").pk == first.pk
    cancel_seat(seat_id=first.pk, through="link", now=NOW)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.number, third.number) == (1, None)
    again = take(place, "a@example.org", 9)
    assert again.pk != first.pk
    assert again.is_waiting


def test_the_database_itself_refuses_one_seat_too_many(booking: Booking) -> None:
    place = publish(booking).places.get(party__position=2)
    taken = take(place, "a@example.org")
    for number in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            Seat.objects.create(
                broadcast=taken.broadcast, place=place, number=number, out_of=1, name="x", reach="b", taken_at=NOW
            )


def test_seats_added_go_to_who_waits_and_none_is_taken_from_who_has_one(booking: Booking) -> None:
    session = publish(booking)
    place = session.places.get(party__position=2)
    seats = [take(place, f"{name}@example.org", i) for i, name in enumerate("abc")]
    publish(booking, at_1=2, at_2=2)
    assert [Seat.objects.get(pk=seat.pk).number for seat in seats] == [1, 2, None]
    cancel_seat(seat_id=seats[0].pk, through="link", now=NOW)
    with pytest.raises(SeatsGiven):
        publish(booking, at_1=2)
    publish(booking, at_1=2, at_2=2)
    seated = Seat.objects.filter(place=place, number__isnull=False).order_by("number")
    assert list(seated.values_list("number", flat=True)) == [1, 2]


def test_those_who_came_for_a_seat_are_the_people_that_figures_count(booking: Booking) -> None:
    place = publish(booking).places.get(party__position=1)
    seat = take(place, "a@example.org")
    take(place, "b@example.org")
    assert booking.parties.get(position=1).head_count == 2
    cancel_seat(seat_id=seat.pk, through="link", now=NOW)
    assert booking.parties.get(position=1).head_count == 1


def test_a_seat_is_confirmed_reminded_moved_and_called_off_by_letter_or_text(
    booking: Booking, settings: Settings
) -> None:
    settings.SMS_GATEWAY = "maillage.core.sms.HttpSms"
    place = publish(booking).places.get(party__position=1)
    take(place, "a@example.org")
    take(place, "0612345678")
    waits = take(place, "w@example.org")
    assert write_seat_letters(booking.pk, LetterKind.SEAT_WAIT, now=NOW, seat_id=waits.pk) == 1
    assert write_seat_letters(booking.pk, LetterKind.SEAT_WAIT, now=NOW, seat_id=waits.pk) == 0
    assert remind_seats(MEETING - timedelta(hours=12)) == 2
    cancel_booking(booking_id=booking.pk, cause="organiser", through="link", now=NOW)
    assert write_seat_letters(booking.pk, LetterKind.SEAT_OFF, now=NOW) == 3
    for record in LetterRecord.objects.filter(kind=LetterKind.SEAT_OFF):
        assert deliver(record.pk, now=NOW) == LetterStatus.SENT
    assert "n’aura pas lieu" in mail.outbox[0].body
    assert TextMessage.objects.filter(text__startswith="Annul").count() == 1


def test_the_letter_of_a_seat_given_back_does_not_leave(booking: Booking) -> None:
    seat = take(publish(booking).places.get(party__position=1), "a@example.org")
    write_seat_letters(booking.pk, LetterKind.SEAT, now=NOW, seat_id=seat.pk)
    record = LetterRecord.objects.get()
    Seat.objects.update(cancelled_at=NOW, number=None)
    assert deliver(record.pk, now=NOW) == LetterStatus.WITHHELD


def test_from_the_list_to_a_seat_and_back_without_an_account(booking: Booking, client: Client) -> None:
    session = publish(booking)
    place = session.places.get(party__position=1)
    with time_machine.travel(NOW, tick=False):
        french = {"accept-language": "fr"}
        assert "Cité des métiers" in client.get("/seances", headers=french).content.decode()
        page = unescape(client.get(f"/seances/{session.slug}", headers=french).content.decode())
        assert "2 places libres" in page
        answers = {"place": place.pk, "name": "Jeanne", "reach": "Jeanne@Example.org"}
        done = client.post(f"/seances/{session.slug}", answers, headers=french)
        assert "Votre place est gardée" in unescape(done.content.decode())
        seat = Seat.objects.get()
        assert seat.reach == "jeanne@example.org"
        address = f"/seances/place/{seat_token(seat, booking)}"
        assert client.get(address).status_code == 200
        assert Seat.objects.get().cancelled_at is None
        assert client.post(address).status_code == 303
    assert Seat.objects.get().cancelled_at is not None


def test_the_organiser_publishes_by_link_and_prints_who_comes(booking: Booking, client: Client) -> None:
    page = f"/reunion/{organiser_token(booking)}/seance"
    answers = {"title": "Réunion d’information", "description": "Tout public.", "seats_1": "4", "seats_2": "0"}
    with time_machine.travel(NOW, tick=False):
        assert client.get(page).status_code == 200
        assert client.post(page, {**answers, "seats_1": "900"}).status_code == 422
        assert client.post(page, {**answers, "is_open": "on"}).status_code == 303
        take(BroadcastPlace.objects.get(), "a@example.org")
        listed = client.get(f"{page}/participants").content.decode()
    assert "Nom de a@example.org" in listed


def test_a_facilitator_sees_who_comes_to_their_own_rooms_only(booking: Booking) -> None:
    session = publish(booking)
    for place, reach in zip(session.places.order_by("pk"), ("rennes@example.org", "brest@example.org"), strict=True):
        take(place, reach)
    user = User.objects.create_user("f@example.org")
    party = booking.parties.get(position=1)
    assert party.room is not None
    Role.objects.create(user=user, organisation=party.room.point.host, part=Part.FACILITATOR)
    client = Client()
    client.force_login(user)
    listed = client.get(f"/planning/seances/{session.slug}").content.decode()
    assert "rennes@example.org" in listed
    assert "brest@example.org" not in listed
    stranger = Client()
    stranger.force_login(User.objects.create_user("s@example.org"))
    assert stranger.get(f"/planning/seances/{session.slug}").status_code == 404


def test_the_list_and_a_session_cost_the_same_whatever_the_places(
    booking: Booking, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    slug = publish(booking).slug
    with django_assert_num_queries(2):
        sessions_to_come(NOW)
    with django_assert_num_queries(2):
        session_by_slug(slug)
