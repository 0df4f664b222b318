"""A room's screen, without hardware: linked, started, cut, copied, deaf, and one touch into the meeting."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect

from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import FLAGS, chromium_path
from maillage.config.rehearsal.tone import write_notes
from tests.agents import check
from tests.stations import LinkedRoom, make_linked_rooms

pytestmark = pytest.mark.browser
NOTES = (500, 1000, 2000)
SCREEN = ViewportSize(width=1920, height=1080)
_STATION = "from maillage.station.models import Station; Station.objects.filter(room={room.room_id}).update"
_AGENT = "from maillage.station.tests.factories import make_agent; make_agent('agent@example.fr')"


@pytest.fixture(scope="module")
def house() -> Iterator[PrivateServer]:
    with private_server(door_opens_minutes="30", help_phone="0296000000") as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def rooms(house: PrivateServer) -> Iterator[LinkedRoom]:
    """Linked rooms, one for each test that takes one."""
    return iter(make_linked_rooms(house, 16))


@pytest.fixture
def room(rooms: Iterator[LinkedRoom]) -> LinkedRoom:
    return next(rooms)


@pytest.fixture(scope="module")
def hearing(playwright: Playwright, house: PrivateServer) -> Iterator[Browser]:
    """A browser whose microphone hears the test sound, as a room hears its own loudspeaker."""
    yield from _browser(playwright, write_notes(house.data / "notes.wav", NOTES, gain=0.3))


@pytest.fixture
def deaf(playwright: Playwright, house: PrivateServer) -> Iterator[Browser]:
    """A browser whose microphone hears nothing."""
    yield from _browser(playwright, write_notes(house.data / "silence.wav", NOTES, gain=0))


def _browser(playwright: Playwright, sound: Path) -> Iterator[Browser]:
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={sound}"]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    yield browser
    browser.close()


def new_context(browser: Browser, server: PrivateServer) -> BrowserContext:
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", base_url=server.url, viewport=SCREEN, permissions=["microphone"]
    )
    context.set_default_timeout(20_000)
    return context


@pytest.fixture
def context(hearing: Browser, house: PrivateServer) -> Iterator[BrowserContext]:
    opened = new_context(hearing, house)
    yield opened
    opened.close()


@pytest.fixture
def screen(context: BrowserContext, house: PrivateServer, room: LinkedRoom) -> Page:
    """The screen of a linked room, started."""
    return started(room.lend_key(context, house))


def started(page: Page) -> Page:
    page.goto("/station")
    page.wait_for_selector("[data-kind=door]")
    return page


def code_shown(page: Page) -> str:
    code = page.locator("[data-part=code]")
    expect(code).to_have_text(re.compile(r"^\w{3} \w{3}$"))
    return code.inner_text()


def barriers(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in found]


def sign_in(page: Page) -> None:
    """Sign in by the code of a mail, as an agent does."""
    page.goto("/compte/login/code/?next=/station/associer")
    page.fill("[name=email]", "agent@example.fr")
    page.press("[name=email]", "Enter")
    page.wait_for_selector("[name=code]")
    reader = page.context.new_page()
    reader.goto("/demo/courrier")
    reader.locator(".mails__one").first.click()
    reader.wait_for_load_state("networkidle")
    text = " ".join(frame.locator("body").inner_text() for frame in reader.frames)
    found = re.search(r"\b([A-Z0-9]{4}-[A-Z0-9]{4})\b", text)
    assert found, text
    reader.close()
    page.fill("[name=code]", found.group(1))
    page.press("[name=code]", "Enter")
    page.wait_for_selector("[data-role=pair]")


def told(house: PrivateServer, command: str) -> str:
    """Run a line of Python on the server's data; return the last line it printed."""
    return "\n".join(house.run("shell", "-v", "0", "-c", command).strip().splitlines()[-1:])


def last_causes(house: PrivateServer, room: LinkedRoom) -> str:
    tests = f"SelfTest.objects.filter(station__room={room.room_id})"
    return told(house, f"from maillage.station.models import SelfTest; print({tests}[0].causes)")


def is_withheld(house: PrivateServer, room: LinkedRoom) -> bool:
    offered = f"Room.objects.bookable().filter(pk={room.room_id}).exists()"
    return told(house, f"from maillage.points.models import Room; print({offered})") == "False"


def test_a_screen_shows_a_code_and_becomes_the_rooms_once_an_agent_types_it(
    context: BrowserContext, hearing: Browser, house: PrivateServer, room: LinkedRoom
) -> None:
    page = context.new_page()
    page.goto("/station")
    code = code_shown(page)
    assert page.locator("[data-part=test]").is_hidden()
    assert barriers(page) == []
    check(page)
    told(house, _AGENT)
    desk = new_context(hearing, house)
    agent = desk.new_page()
    sign_in(agent)
    agent.fill("[name=code]", code.lower())
    agent.select_option("[name=room]", str(room.room_id))
    agent.click("[data-role=pair] [type=submit]")
    agent.get_by_text("a déjà un écran").or_(agent.get_by_text("a déjà une station")).first.wait_for()
    agent.check("[name=replace]")
    agent.click("[data-role=pair] [type=submit]")
    agent.locator(".notice--success").wait_for()
    assert barriers(agent) == []
    desk.close()
    page.locator("[data-part=place]", has_text=room.point).wait_for()
    assert barriers(page) == []


def test_one_touch_enters_the_meeting_and_finish_comes_back(screen: Page) -> None:
    screen.get_by_role("link", name="Entrer en réunion avec Lannion").click()
    screen.wait_for_selector("html[data-phase=in]")
    bar = screen.locator("#bar")
    assert [text.strip() for text in bar.locator("button:visible").all_inner_texts()] == [
        "Couper le son",
        "Aide",
        "Terminer",
    ]
    assert bar.get_by_label("Volume").is_visible()
    assert barriers(screen) == []
    bar.get_by_role("button", name="Terminer").click()
    screen.wait_for_url("**/station")
    screen.wait_for_selector("[data-kind=door]")


def test_any_key_is_the_button(screen: Page) -> None:
    screen.keyboard.press("Space")
    screen.wait_for_selector("html[data-phase=in]")


def test_a_room_that_hears_itself_may_be_offered(screen: Page, house: PrivateServer, room: LinkedRoom) -> None:
    screen.click("[data-part=test]")
    screen.wait_for_selector("[data-level=green], [data-level=orange], [data-level=red]", timeout=45_000)
    causes = last_causes(house, room)
    assert "sound-not-heard" not in causes
    assert screen.get_attribute("[data-station]", "data-level") in ("green", "orange"), causes


def test_a_deaf_room_is_red_and_no_longer_offered(deaf: Browser, house: PrivateServer, room: LinkedRoom) -> None:
    page = started(room.lend_key(new_context(deaf, house), house))
    page.click("[data-part=test]")
    page.wait_for_selector("[data-level=red]", timeout=45_000)
    expect(page.locator("[data-part=level]")).to_have_text("Hors de service")
    assert "sound-not-heard" in last_causes(house, room)
    assert is_withheld(house, room)


def test_a_power_cut_loses_nothing_not_even_the_place_in_the_meeting(
    playwright: Playwright, house: PrivateServer, room: LinkedRoom
) -> None:
    for life in range(2):
        kept = playwright.chromium.launch_persistent_context(
            house.data / "screen", executable_path=chromium_path(), args=[*FLAGS], base_url=house.url, locale="fr-FR"
        )
        page = kept.new_page() if life else room.lend_key(kept, house)
        expect(started(page).locator("[data-part=place]")).to_contain_text(room.point)
        page.keyboard.press("Space")
        page.wait_for_selector("html[data-phase=in]", timeout=20_000)
        kept.close()


def test_without_the_line_the_clock_and_the_meetings_stay(context: BrowserContext, screen: Page) -> None:
    screen.evaluate("navigator.serviceWorker.ready.then(() => true)")
    screen.reload()
    screen.wait_for_selector("[data-kind=door]")
    context.set_offline(True)
    screen.reload()
    screen.get_by_text("La ligne est coupée.").wait_for()
    expect(screen.locator("[data-part=clock]")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(screen.locator("[data-part=next]")).to_contain_text("Lannion")
    context.set_offline(False)
    screen.get_by_text("La ligne est coupée.").wait_for(state="hidden")


def test_a_copied_key_cuts_both_screens_off_and_says_so(
    hearing: Browser, screen: Page, house: PrivateServer, room: LinkedRoom
) -> None:
    earlier = "key_changed_at=F('key_changed_at') - timedelta(minutes=9)"
    told(
        house,
        f"from datetime import timedelta; from django.db.models import F; {_STATION.format(room=room)}({earlier})",
    )
    elsewhere = new_context(hearing, house)
    thief = room.lend_key(elsewhere, house)
    thief.goto("/station")
    screen.reload()
    for page in (thief, screen):
        page.get_by_text("sa clé a servi à deux endroits").wait_for()
        code_shown(page)
    elsewhere.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("state='replaced'", "Cet écran n’est plus associé à une salle."),
        ("expires_at='2020-01-01T00:00:00Z'", "Cet écran était prêté à la salle"),
    ],
)
def test_a_screen_replaced_or_whose_loan_is_over_says_it_and_can_be_linked_again(
    screen: Page, house: PrivateServer, room: LinkedRoom, change: str, said: str
) -> None:
    told(house, f"{_STATION.format(room=room)}({change})")
    screen.reload()
    screen.get_by_text(said).wait_for()
    code_shown(screen)


def test_a_clock_wrong_by_an_hour_is_told_and_corrected(
    context: BrowserContext, house: PrivateServer, room: LinkedRoom
) -> None:
    page = room.lend_key(context, house)
    page.add_init_script("const real = Date.now; Date.now = () => real() - 3_600_000;")
    started(page).get_by_text("60 minutes").wait_for()
    right = datetime.now(ZoneInfo("Europe/Paris")).strftime("%H")
    assert page.locator("[data-part=clock]").inner_text()[:2] == right


def test_an_expired_code_is_said_and_the_screen_shows_another(
    context: BrowserContext, hearing: Browser, house: PrivateServer
) -> None:
    page = context.new_page()
    page.goto("/station")
    code = code_shown(page)
    now = "from django.utils import timezone; from maillage.station.models import PairingRequest"
    told(house, f"{_AGENT}; {now}; PairingRequest.objects.filter(station=None).update(expires_at=timezone.now())")
    desk = new_context(hearing, house)
    agent = desk.new_page()
    sign_in(agent)
    agent.fill("[name=code]", code)
    agent.select_option("[name=room]", index=1)
    agent.click("[data-role=pair] [type=submit]")
    agent.get_by_text("Ce code n’est plus valable.").wait_for()
    desk.close()
    page.reload()
    assert code_shown(page) != code


def test_one_touch_calls_another_room_which_rings_and_answers(
    hearing: Browser, context: BrowserContext, house: PrivateServer
) -> None:
    here, there = (make_linked_rooms(house, 1, busy=False, commune=name)[0] for name in ("Callac", "Rennes"))
    elsewhere = new_context(hearing, house)
    other = there.lend_key(elsewhere, house)
    other.goto("/station")
    other.wait_for_selector("[data-kind=idle]")
    page = here.lend_key(context, house)
    page.goto("/station")
    page.get_by_role("button", name="Appeler un autre point").click()
    dialog = page.locator("[data-part=walk-in-dialog]")
    expect(dialog).to_contain_text("La salle est libre")
    assert barriers(page) == []
    dialog.get_by_role("button", name="60 minutes").click()
    dialog.get_by_role("button", name="Rennes").click()
    other.get_by_text("Espace Callac 0 vous appelle").wait_for(timeout=2_000)  # a sign of life comes every 15 s
    page.wait_for_selector("html[data-phase=in]")
    other.get_by_role("link", name="Entrer en réunion avec Callac").click()
    other.wait_for_selector("html[data-phase=in]")
    expect(page.locator(".tile")).to_contain_text("Rennes")
    page.get_by_role("button", name="Terminer").click()
    page.wait_for_selector("[data-kind=door]")
    page.get_by_role("button", name="Rendre la salle").click()
    page.wait_for_selector("[data-kind=idle]")
    assert (
        told(house, "from maillage.booking.models import Booking; print(Booking.objects.latest('created_at').status)")
        == "done"
    )
    elsewhere.close()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160)])
def test_what_matters_is_read_at_three_metres_on_any_screen(
    hearing: Browser, house: PrivateServer, room: LinkedRoom, size: tuple[int, int]
) -> None:
    width, height = size
    context = hearing.new_context(locale="en-GB", base_url=house.url, viewport={"width": width, "height": height})
    page = started(room.lend_key(context, house))
    expect(page.locator("[data-part=door]")).to_have_text("Enter the meeting with Lannion")
    for part, least in {"clock": 0.1, "day": 0.05, "next": 0.05, "soon": 0.05, "door": 0.08, "level": 0.03}.items():
        pixels = page.evaluate(f"parseFloat(getComputedStyle(document.querySelector('[data-part={part}]')).fontSize)")
        assert pixels >= least * height - 0.5, (part, pixels)
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    context.close()


def test_a_server_that_restarts_is_said_and_comes_back_by_itself(
    context: BrowserContext, house: PrivateServer, room: LinkedRoom
) -> None:
    page = room.lend_key(context, house)
    page.clock.install()
    page.goto("/station")
    page.wait_for_selector("[data-kind=door]")
    house.stop(at_once=True)
    page.clock.run_for(16_000)
    page.get_by_text("La ligne est coupée.").wait_for()
    assert page.locator("[data-part=door]").is_visible()
    house.start()
    page.clock.run_for(16_000)
    page.get_by_text("La ligne est coupée.").wait_for(state="hidden")
