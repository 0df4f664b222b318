import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from maillage.accounts.models import User
from maillage.booking.tests.factories import make_rooms
from maillage.conference.errors import BackdropMissing, BackdropUnreadable
from maillage.conference.gateways.pictures import MOST_BYTES, drawn_again
from maillage.conference.models import Backdrop, BackdropKind
from maillage.conference.selectors.backdrops import backdrops_of
from maillage.conference.services.backdrops import choose_backdrop
from maillage.conference.tests.factories import make_meeting, parties_of, token_of
from maillage.core.models import JournalEntry
from maillage.core.quarters import moment_of, quarter_of
from maillage.core.theme import current_network
from maillage.points.models import Room
from maillage.station.tests.factories import make_agent


def picture(size: tuple[int, int] = (1600, 1200), kind: str = "JPEG", **saved: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, (20, 90, 120)).save(drawn, kind, **saved)
    return drawn.getvalue()


@pytest.fixture
def shore(settings: Any) -> Any:
    """A network whose backdrop is the shore."""
    settings.NETWORK = {"backdrop": "backdrop.svg"}
    current_network.cache_clear()
    yield "/static/backdrop.svg"
    current_network.cache_clear()


@pytest.fixture
def room(db: None) -> Room:
    return make_rooms("Callac")[0]


@pytest.fixture
def agent(db: None) -> User:
    return make_agent()


def choose(room: Room, agent: User, kind: BackdropKind, content: bytes | None = None) -> Backdrop:
    return choose_backdrop(room_id=room.pk, kind=kind, content=content, agent_id=agent.pk, now=timezone.now())


def test_a_picture_is_drawn_again_at_the_size_of_a_screen_without_what_it_hid() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    kept = drawn_again(picture(exif=exif))
    with Image.open(io.BytesIO(kept)) as again:
        assert (again.format, again.size) == ("WEBP", (1280, 720))
        assert dict(again.getexif()) == {}
    assert b"taken at home" not in kept


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"GIF89a", picture((640, 480))])
def test_what_is_no_picture_or_too_small_is_refused(content: bytes) -> None:
    with pytest.raises(BackdropUnreadable):
        drawn_again(content)


def test_a_picture_made_to_eat_the_machine_is_refused() -> None:
    with pytest.raises(BackdropUnreadable):
        drawn_again(picture((16_000, 4_000), "PNG"))


def test_a_room_shows_the_networks_until_it_chooses(
    room: Room, agent: User, shore: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    meeting = make_meeting(start=moment_of(quarter_of(timezone.now())), names=("Callac", "Lannion"))
    own, guest = parties_of(meeting)
    own.room = room
    own.save()
    with django_assert_num_queries(1):
        assert backdrops_of([own, guest]) == {own.pk: shore}
    chosen = choose(room, agent, BackdropKind.OWN, picture())
    assert backdrops_of([own, guest]) == {own.pk: f"/fond/{chosen.digest}"}
    choose(room, agent, BackdropKind.NONE)
    assert backdrops_of([own, guest]) == {}
    choose(room, agent, BackdropKind.OWN)  # the picture given before serves again
    assert backdrops_of([own]) == {own.pk: f"/fond/{chosen.digest}"}
    assert JournalEntry.objects.filter(verb="room.backdrop", subject=f"room:{room.pk}").count() == 3


def test_an_own_backdrop_needs_a_picture(room: Room, agent: User) -> None:
    with pytest.raises(BackdropMissing):
        choose(room, agent, BackdropKind.OWN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Backdrop.objects.create(room=room, kind=BackdropKind.OWN, changed_at=timezone.now())


def test_the_meeting_page_knows_the_backdrops_and_their_pictures_are_public(
    client: Client, room: Room, agent: User
) -> None:
    chosen = choose(room, agent, BackdropKind.OWN, picture())
    meeting = make_meeting(start=moment_of(quarter_of(timezone.now())), names=("Callac", "Lannion"))
    own, guest = parties_of(meeting)
    own.room = room
    own.save()
    page = client.get(f"/r/{token_of(guest, until=timezone.now() + timedelta(days=1))}")
    assert page.context["call"]["backdrops"] == {own.pk: f"/fond/{chosen.digest}"}
    shown = client.get(f"/fond/{chosen.digest}")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/webp")
    assert "immutable" in shown.headers["Cache-Control"]
    choose(room, agent, BackdropKind.NONE)
    assert client.get(f"/fond/{chosen.digest}").status_code == 404


def test_whoever_looks_after_the_room_chooses_gives_and_takes_away(client: Client, room: Room, agent: User) -> None:
    client.force_login(agent)
    address = f"/station/decor/{room.pk}"
    small = client.post(address, {"kind": "own", "picture": SimpleUploadedFile("a.jpg", picture((600, 400)))})
    assert (small.status_code, "1280" in small.content.decode()) == (422, True)
    given = client.post(address, {"kind": "network", "picture": SimpleUploadedFile("a.jpg", picture())})
    assert given.status_code == 302
    assert Backdrop.objects.get().kind == BackdropKind.OWN
    assert f"/fond/{Backdrop.objects.get().digest}" in client.get(f"{address}/imprimer").content.decode()
    assert client.post(address, {"kind": "none"}).status_code == 302
    assert Backdrop.objects.get().kind == BackdropKind.NONE
    assert f'href="{address}"' in client.get("/station/associer").content.decode()


def test_another_agent_and_a_file_too_heavy_are_refused(client: Client, room: Room, agent: User) -> None:
    client.force_login(User.objects.create_user("other@example.fr"))
    assert client.get(f"/station/decor/{room.pk}").status_code == 403
    client.force_login(agent)
    heavy = SimpleUploadedFile("a.jpg", b"0" * (MOST_BYTES + 200_000))
    assert client.post(f"/station/decor/{room.pk}", {"kind": "own", "picture": heavy}).status_code == 413
