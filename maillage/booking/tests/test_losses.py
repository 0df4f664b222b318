"""A room closed, joined or moved after it was booked: shown before, told, replaced in one press, nothing lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from maillage.booking.domain.tariffs import Price, Tariff, Unit
from maillage.booking.errors import RoomClosed, SlotTaken
from maillage.booking.errors.losses import LossSettled, LossTooLate, MergeImpossible, RoomNotSuitable, TouchedChanged
from maillage.booking.models import (
    Booking,
    BookingPrice,
    LetterKind,
    LetterRecord,
    LossStatus,
    RoomLoss,
    Span,
)
from maillage.booking.selectors.losses import digest_of, replacements_of, touched_parties
from maillage.booking.services import cancel_booking, confirm_booking, move_booking
from maillage.booking.services.closing import Closing, close_rooms, find_lost_rooms, merge_rooms, relocate_point
from maillage.booking.services.loss_letters import follow_losses
from maillage.booking.services.losses import accept_room, keep_room
from maillage.booking.services.tariffs import write_tariff
from maillage.booking.tests.factories import ANNE, HOUR, NOW, TOMORROW_10, make_booking, make_hold
from maillage.booking.tests.worlds import check_spans, check_world
from maillage.core.quarters import PER_DAY, moment_of
from maillage.points.errors import AddressIncomplete, ClosureInvalid
from maillage.points.models import FOREVER, ClosureCause, PointStatus, Room
from maillage.points.services import NewAddress, change_status, close_point, lift_closure, retire_closed_rooms
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.tests.factories import make_commune

WORKER = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["mail", "default"]}}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def closing_of(room: Room, *, whole_point: bool = False, **fields: object) -> Closing:
    """Close a room, or all its point, on Tuesday."""
    start = TOMORROW_10 - 40
    values = {"first_quarter": start, "end_quarter": start + PER_DAY, "reason": "Dégât des eaux", **fields}
    return Closing(room.point_id, room_id=None if whole_point else room.pk, **values)  # type: ignore[arg-type]


def seen(asked: Closing, end_quarter: int | None = None) -> str:
    """What the page that was shown before says was seen."""
    return digest_of(touched_parties(asked.room_ids, asked.first_quarter, end_quarter or asked.end_quarter, now=NOW))


def lose(room: Room, **fields: object) -> list[RoomLoss]:
    """Close a room on Tuesday, what it touches having been shown."""
    asked = closing_of(room, **fields)  # type: ignore[arg-type]
    return close_rooms(asked, seen=seen(asked), now=NOW)


@pytest.mark.django_db
def test_a_closure_tells_which_meetings_it_touches_and_loses_none() -> None:
    callac, rennes = make_room(make_point(commune="Callac")), make_room(make_point(commune="Rennes"))
    booking = make_booking([callac, rennes])
    make_booking([callac, rennes], first_quarter=TOMORROW_10 + 3 * PER_DAY)
    losses = lose(callac)
    assert [(loss.booking_id, loss.party.position, loss.note) for loss in losses] == [(booking.pk, 0, "Dégât des eaux")]
    assert Span.objects.filter(booking=booking).count() == 2
    assert lose(callac) == []
    check_world()


@pytest.mark.django_db
def test_meetings_that_changed_since_they_were_shown_stop_the_closure() -> None:
    callac, rennes = make_room(make_point(commune="Callac")), make_room(make_point(commune="Rennes"))
    asked = closing_of(callac)
    before = seen(asked)
    make_booking([callac, rennes])
    with pytest.raises(TouchedChanged):
        close_rooms(asked, seen=before, now=NOW)
    assert not callac.point.closures.exists()


@pytest.mark.django_db
def test_closing_one_room_leaves_the_other_rooms_of_its_point_open() -> None:
    point = make_point(commune="Callac")
    small, large = make_room(point, "Petite salle"), make_room(point, "Grande salle", capacity=30)
    lose(small)
    with pytest.raises(RoomClosed):
        make_hold([small, make_room(make_point(commune="Rennes"))])
    assert make_hold([large, make_room(make_point(commune="Rennes"))], request_key="the-large-room").pk


@pytest.mark.django_db
def test_one_press_takes_the_nearest_free_room_at_the_same_hour() -> None:
    point = make_point(commune="Callac")
    lost, beside = make_room(point, "Salle Bleue"), make_room(point, "Salle Rouge")
    far = make_room(make_point(commune="Carhaix-Plouguer"))
    booking = make_booking([lost, make_room(make_point(commune="Rennes"))])
    (loss,) = lose(lost)
    found = replacements_of(loss, now=NOW)
    assert [one.offer.room_id for one in found] == [beside.pk, far.pk]
    assert all(one.is_same_hour for one in found)
    accept_room(loss_id=loss.pk, room_id=beside.pk, first_quarter=TOMORROW_10, now=NOW)
    loss.refresh_from_db()
    booking.refresh_from_db()
    assert (loss.status, loss.new_room_id, booking.sequence) == (LossStatus.REHOUSED, beside.pk, 1)
    assert booking.parties.get(position=0).room_id == beside.pk
    check_world()
    with pytest.raises(LossSettled):
        accept_room(loss_id=loss.pk, room_id=far.pk, first_quarter=TOMORROW_10, now=NOW)


@pytest.mark.django_db
def test_without_a_room_at_that_hour_the_nearest_hours_are_offered() -> None:
    point = make_point(commune="Callac")
    lost, beside, rennes = make_room(point, "Bleue"), make_room(point, "Rouge"), make_room(make_point(commune="Rennes"))
    booking = make_booking([lost, rennes])
    make_booking([beside, make_room(make_point(commune="Saint-Brieuc"))])
    (loss,) = lose(lost, end_quarter=FOREVER, cause=ClosureCause.FOR_GOOD)
    found = replacements_of(loss, now=NOW)
    assert found
    assert not any(one.is_same_hour for one in found)
    best = found[0]
    assert best.offer.room_id == beside.pk
    accept_room(loss_id=loss.pk, room_id=beside.pk, first_quarter=best.first_quarter, now=NOW)
    booking.refresh_from_db()
    assert booking.first_quarter == best.first_quarter != TOMORROW_10
    check_world()


@pytest.mark.django_db
def test_a_room_taken_meanwhile_is_refused_and_the_meeting_stays_as_it_was() -> None:
    point = make_point(commune="Callac")
    lost, beside, rennes = make_room(point, "Bleue"), make_room(point, "Rouge"), make_room(make_point(commune="Rennes"))
    make_booking([lost, rennes])
    (loss,) = lose(lost)
    make_booking([beside, make_room(make_point(commune="Saint-Brieuc"))])
    with pytest.raises(SlotTaken):
        accept_room(loss_id=loss.pk, room_id=beside.pk, first_quarter=TOMORROW_10, now=NOW)
    loss.refresh_from_db()
    assert loss.status == LossStatus.WAITING
    assert loss.booking.sequence == 0
    check_world()


@pytest.mark.django_db
def test_rooms_that_cannot_replace_are_refused() -> None:
    point = make_point(commune="Callac")
    lost, tiny = make_room(point, "Bleue"), make_room(point, "Placard", capacity=1)
    rennes = make_room(make_point(commune="Rennes"))
    make_booking([lost, rennes])
    (loss,) = lose(lost)
    for room_id in (tiny.pk, rennes.pk, lost.pk, 999_999):
        with pytest.raises(RoomNotSuitable):
            accept_room(loss_id=loss.pk, room_id=room_id, first_quarter=TOMORROW_10, now=NOW)
    with pytest.raises(LossTooLate):
        accept_room(loss_id=loss.pk, room_id=tiny.pk, first_quarter=TOMORROW_10, now=moment_of(TOMORROW_10))


@pytest.mark.django_db
def test_what_the_organiser_does_elsewhere_settles_it() -> None:
    rooms = [make_room(make_point(commune="Callac")), make_room(make_point(commune="Rennes"))]
    moved, cancelled = make_booking(rooms), make_booking(rooms, first_quarter=TOMORROW_10 + 16)
    lose(rooms[0])
    move_booking(booking_id=moved.pk, first_quarter=TOMORROW_10 + 2 * PER_DAY, length=HOUR, now=NOW)
    cancel_booking(booking_id=cancelled.pk, cause="room-closed", through="link", now=NOW)
    assert dict(RoomLoss.objects.values_list("booking", "status")) == {
        moved.pk: LossStatus.MOVED,
        cancelled.pk: LossStatus.CANCELLED,
    }


@pytest.mark.django_db
def test_a_merge_carries_what_fits_and_tells_the_rest() -> None:
    point = make_point(commune="Callac")
    old, new = make_room(point, "Ancienne"), make_room(point, "Nouvelle")
    rennes = make_room(make_point(commune="Rennes"))
    carried = make_booking([old, rennes])
    stranded = make_booking([old, rennes], first_quarter=TOMORROW_10 + 16)
    make_booking([new, make_room(make_point(commune="Saint-Brieuc"))], first_quarter=TOMORROW_10 + 16)
    asked = closing_of(old, end_quarter=FOREVER, cause=ClosureCause.MERGED)
    with pytest.raises(MergeImpossible):
        merge_rooms(asked, [old.pk], seen="", now=NOW)
    outcome = merge_rooms(asked, [new.pk], seen=seen(asked, FOREVER), now=NOW)
    assert [booking.pk for booking in outcome.carried] == [carried.pk]
    assert [(loss.booking_id, loss.cause) for loss in outcome.lost] == [(stranded.pk, "merged")]
    assert carried.parties.get(position=0).room_id == new.pk
    assert Booking.objects.get(pk=carried.pk).sequence == 1
    check_world()
    assert retire_closed_rooms(NOW) == 0
    assert retire_closed_rooms(NOW + timedelta(days=1)) == 1
    assert not Room.objects.get(pk=old.pk).is_active


@pytest.mark.django_db
def test_a_moved_point_keeps_its_meetings_and_tells_everybody(
    settings: Settings,
    mailoutbox: list[EmailMultiAlternatives],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.TASKS = WORKER
    callac, rennes = make_room(make_point(commune="Callac")), make_room(make_point(commune="Rennes"))
    booking = make_booking([callac, rennes])
    make_commune("Carhaix-Plouguer")
    to = NewAddress("2 place des Droits de l'Homme", make_commune("Carhaix-Plouguer").pk)
    asked = {"point_id": callac.point_id, "room_ids": [callac.pk], "now": NOW, "agent_id": None}
    with pytest.raises(AddressIncomplete):
        relocate_point(to=NewAddress("", "29024"), seen=seen(closing_of(callac)), **asked)  # type: ignore[arg-type]
    with django_capture_on_commit_callbacks(execute=True):
        assert relocate_point(to=to, seen=seen(closing_of(callac)), **asked) == [booking.pk]  # type: ignore[arg-type]
    letters = {mail.to[0]: mail for mail in mailoutbox}
    assert set(letters) == {"anne@example.org", "yann@example.org"}
    calendar = str(letters["anne@example.org"].attachments[0][1])
    assert "SEQUENCE:1" in calendar
    assert "place des Droits" in calendar.replace("\n ", "").replace("\r\n ", "")
    assert booking.parties.get(position=0).room_id == callac.pk


@pytest.mark.django_db
def test_the_organiser_is_written_to_once_and_told_when_it_opens_after_all(
    settings: Settings,
    mailoutbox: list[EmailMultiAlternatives],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.TASKS = WORKER
    point = make_point(commune="Callac")
    lost, beside = make_room(point, "Bleue"), make_room(point, "Rouge")
    make_booking([lost, make_room(make_point(commune="Rennes"))])
    with django_capture_on_commit_callbacks(execute=True):
        lose(lost)
        find_lost_rooms(NOW)
    (mail,) = mailoutbox
    assert mail.to == ["anne@example.org"]
    assert "Dégât des eaux" in str(mail.body)
    assert beside.name in str(mail.body)
    assert "/autre-salle" in str(mail.body)
    closure = point.closures.get()
    with django_capture_on_commit_callbacks(execute=True):
        lift_closure(closure_id=closure.pk, through="agent")
        assert find_lost_rooms(NOW) == 1
        assert find_lost_rooms(NOW) == 0
    assert RoomLoss.objects.get().status == LossStatus.LIFTED
    assert LetterRecord.objects.filter(kind=LetterKind.ROOM_BACK).count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert len(lose(lost)) == 1
    assert LetterRecord.objects.filter(kind=LetterKind.ROOM_LOST, status="sent").count() == 2


@pytest.mark.django_db
def test_without_an_answer_the_organiser_is_reminded_then_somebody_must_call(settings: Settings) -> None:
    settings.DESK_EMAIL = "desk@example.org"
    callac = make_room(make_point(commune="Callac", email="accueil@callac.example"))
    make_booking([callac, make_room(make_point(commune="Rennes"))], first_quarter=TOMORROW_10 + 2 * PER_DAY)
    asked = Closing(callac.point_id, TOMORROW_10, TOMORROW_10 + 4 * PER_DAY)
    (loss,) = close_rooms(asked, seen=seen(asked), now=NOW)
    assert follow_losses(NOW) == 0
    time = loss.answer_before - NOW
    assert follow_losses(NOW + time * 0.5) == 1
    assert follow_losses(NOW + time * 0.5) == 0
    assert follow_losses(NOW + time * 0.8) == 1
    assert follow_losses(NOW + time * 0.8) == 0
    written = set(LetterRecord.objects.filter(loss=loss).values_list("kind", "recipient"))
    assert written == {
        (LetterKind.ROOM_STILL_LOST, "anne@example.org"),
        (LetterKind.HOST_LOST, "accueil@callac.example"),
        (LetterKind.HOST_LOST, "desk@example.org"),
    }
    assert follow_losses(moment_of(loss.booking.first_quarter)) == 1
    assert RoomLoss.objects.get().status == LossStatus.MISSED


@pytest.mark.django_db
def test_a_meeting_kept_there_all_the_same_is_not_lost_again() -> None:
    callac = make_room(make_point(commune="Callac"))
    make_booking([callac, make_room(make_point(commune="Rennes"))])
    (loss,) = lose(callac)
    keep_room(loss_id=loss.pk, now=NOW)
    assert find_lost_rooms(NOW) == 0
    assert RoomLoss.objects.get().status == LossStatus.KEPT


@pytest.mark.django_db
def test_a_meeting_confirmed_while_its_room_was_being_closed_is_found() -> None:
    callac = make_room(make_point(commune="Callac"))
    held = make_hold([callac, make_room(make_point(commune="Rennes"))])
    assert lose(callac) == []
    confirm_booking(booking_id=held.pk, contact=ANNE, now=NOW + timedelta(minutes=1))
    assert find_lost_rooms(NOW) == 1
    assert find_lost_rooms(NOW) == 0


@pytest.mark.django_db
def test_a_point_put_out_of_order_in_the_administration_loses_its_rooms() -> None:
    callac = make_room(make_point(commune="Callac"))
    make_booking([callac, make_room(make_point(commune="Rennes"))])
    since = NOW.date()
    change_status(point_id=callac.point_id, status=PointStatus.OUT_OF_ORDER, since=since, through="agent")
    assert find_lost_rooms(NOW) == 1
    assert RoomLoss.objects.get().cause == "out-of-order"
    change_status(point_id=callac.point_id, status=PointStatus.OPEN, since=since, through="agent")
    assert find_lost_rooms(NOW) == 1
    assert RoomLoss.objects.get().status == LossStatus.LIFTED


@pytest.mark.django_db
def test_nobody_pays_more_because_their_room_closed() -> None:
    point, dear = make_point(commune="Callac"), make_point(commune="Carhaix-Plouguer")
    lost, other = make_room(point), make_room(dear)
    for where, cents in ((point, 1000), (dear, 9000)):
        tariff = Tariff(prices=(Price(Unit.TWO_HOURS, cents),))
        write_tariff(point=where, tariff=tariff, valid_from=NOW.date(), through="agent")
    booking = make_booking([lost, make_room(make_point(commune="Rennes", hours="Mo-Fr 08:00-20:00"))])
    before = BookingPrice.objects.get(booking=booking).total_cents
    (loss,) = lose(lost)
    accept_room(loss_id=loss.pk, room_id=other.pk, first_quarter=TOMORROW_10, now=NOW)
    assert BookingPrice.objects.get(booking=booking).total_cents == before
    check_spans()


@pytest.mark.django_db
def test_a_closure_of_another_points_room_is_refused() -> None:
    callac, rennes = make_room(make_point(commune="Callac")), make_room(make_point(commune="Rennes"))
    with pytest.raises(ClosureInvalid):
        close_point(point_id=callac.point_id, room_id=rennes.pk, first_quarter=1, end_quarter=2, through="agent")
