"""From the home page to a confirmed booking: three screens, at most eight answers, by hand, by keyboard, on a phone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Response

pytestmark = pytest.mark.browser
MOST_ANSWERS, SCREENS = 8, 3
QUESTIONS = "input:visible:not([type=hidden]), select:visible, textarea:visible"


@dataclass
class Visitor:
    """Somebody at a page, who counts what they are asked and what they are shown."""

    page: Page
    answers: list[str] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)

    def arrive(self) -> None:
        """Note the page as a screen, and check that it raises no barrier."""
        title = self.page.title()
        if title not in self.screens:
            self.screens.append(title)
        found = Axe().run(self.page).response["violations"]
        assert [f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in found] == []
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def by_hand(visitor: Visitor, name: str, value: str) -> None:
    control = visitor.page.locator(f"[name={name}]")
    if control.evaluate("control => control.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(value)
    visitor.answers.append(name)


def by_keyboard(visitor: Visitor, name: str, value: str) -> None:
    tab_to(visitor.page, f"[name={name}]")
    if visitor.page.locator(f"[name={name}]").evaluate("control => control.tagName") == "SELECT":
        label = visitor.page.locator(f"[name={name}] option[value='{value}']").inner_text()
        visitor.page.keyboard.type(label[:12])
    else:
        visitor.page.keyboard.type(value)
    visitor.answers.append(name)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _press in range(60):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def click(visitor: Visitor, selector: str) -> None:
    visitor.page.locator(selector).first.click()


def press_enter(visitor: Visitor, selector: str) -> None:
    tab_to(visitor.page, selector)
    visitor.page.keyboard.press("Enter")


Answer = Callable[[Visitor, str, str], None]
Press = Callable[[Visitor, str], None]


def book(visitor: Visitor, answer: Answer, press: Press) -> None:
    page = visitor.page
    page.goto("/")
    visitor.arrive()
    answer(visitor, "place_1", "Callac")
    answer(visitor, "place_2", "Rennes")
    page.keyboard.press("Escape")
    press(visitor, "#find-slot")
    page.wait_for_selector("#slot-list [data-role=proposal]")
    assert "place_1=Callac" in page.url
    visitor.arrive()
    press(visitor, "#slot-list [data-role=proposal] [type=submit]")
    page.wait_for_selector("[data-role=confirm]")
    visitor.arrive()
    assert page.locator("[data-role=confirm]").locator(QUESTIONS).count() <= MOST_ANSWERS
    answer(visitor, "name", "Maël Le Bihan")
    answer(visitor, "email", "mael@exemple.invalid")
    answer(visitor, "category", "association")
    answer(visitor, "travel_mode", "car-alone")
    answer(visitor, "guests", "nolwenn@exemple.invalid")
    press(visitor, "[data-role=confirm] [type=submit]")
    page.wait_for_selector("[data-role=party-link]")
    visitor.arrive()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(("answer", "press"), [(by_hand, click), (by_keyboard, press_enter)], ids=["hand", "keyboard"])
def test_from_home_to_confirmed_in_three_screens_and_eight_answers(
    page: Page, width: int, answer: Answer, press: Press
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    visitor = Visitor(page)
    book(visitor, answer, press)
    assert len(visitor.screens) == SCREENS
    assert len(visitor.answers) <= MOST_ANSWERS
    assert page.locator("[data-role=party-link]").count() == 2
    assert "C’est réservé." in page.inner_text("[role=status]")


def test_without_javascript_the_same_journey_holds(context: BrowserContext) -> None:
    plain = context.browser
    assert plain is not None
    opened = plain.new_context(java_script_enabled=False, locale="fr-FR", base_url=base_of(context))
    page = opened.new_page()
    page.goto("/creneaux")
    page.fill("[name=place_1]", "Lannion")
    page.fill("[name=place_2]", "Quimper")
    page.click("#add-place")
    page.fill("[name=place_3]", "Vannes")
    page.click("#find-slot")
    assert page.locator("[data-role=proposal]").count() >= 3
    page.click("[data-role=proposal] [type=submit] >> nth=0")
    page.fill("[name=name]", "Nolwenn Kerdoncuff")
    page.fill("[name=email]", "nolwenn@exemple.invalid")
    page.select_option("[name=category]", "elected")
    page.click("[data-role=confirm] [type=submit]")
    assert page.locator("[data-role=party-link]").count() == 3
    opened.close()


def test_the_back_button_leads_on_with_the_hour_that_is_kept(page: Page) -> None:
    page.goto("/creneaux?place_1=Brest&place_2=Vannes&when=next-week")
    page.click("[data-role=proposal] [type=submit] >> nth=0")
    page.wait_for_selector("[data-role=confirm]")
    held = page.url
    page.go_back()
    page.reload()
    page.click("[data-role=kept] a")
    page.wait_for_selector("[data-role=confirm]")
    assert page.url == held


def test_moving_and_cancelling_from_the_page_of_the_meeting(page: Page) -> None:
    visitor = Visitor(page)
    book(visitor, by_hand, click)
    mine = page.url
    before = page.inner_text("h1")
    page.goto(f"{mine}/changer")
    visitor.arrive()
    page.locator("form[method=post] button[type=submit]").nth(1).click()
    page.wait_for_url(mine)
    assert page.inner_text("h1") != before
    page.goto(f"{mine}/fiche/1")
    visitor.arrive()
    page.goto(f"{mine}/annuler")
    visitor.arrive()
    page.click(".button--danger")
    page.wait_for_url(mine)
    assert "n’aura pas lieu" in page.inner_text("main")


@pytest.mark.parametrize("press", [click, press_enter], ids=["hand", "keyboard"])
def test_an_evening_that_does_not_exist_leads_on_to_an_hour_that_does(page: Page, press: Press) -> None:
    page.set_viewport_size({"width": 320 if press is press_enter else 1280, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    visitor = Visitor(page)
    page.goto("/creneaux?place_1=Callac&place_2=Rennes&when=next-week&part=evening&duration=120")
    visitor.arrive()
    kinds = page.locator("[data-role=miss]").evaluate_all("all => all.map((one) => one.dataset.kind)")
    assert {"any-hour", "shorter", "elsewhere"} <= set(kinds)
    press(visitor, "[data-kind=any-hour] a.button")
    page.wait_for_selector("[data-role=proposal]")
    visitor.arrive()
    press(visitor, "#slot-list [data-role=proposal] [type=submit]")
    page.wait_for_selector("[data-role=confirm]")
    assert len(visitor.screens) <= SCREENS


def test_a_terminals_address_is_asked_only_when_it_is_chosen_and_kept_to_the_page_of_the_meeting(page: Page) -> None:
    visitor = Visitor(page)
    page.goto("/creneaux")
    assert page.locator("[name^=address_]:visible").count() == 0
    by_hand(visitor, "place_1", "Callac")
    by_hand(visitor, "kind_2", "sip")
    by_hand(visitor, "place_2", "Berlin")
    page.keyboard.press("Escape")
    by_hand(visitor, "address_2", "visio")
    click(visitor, "#find-slot")
    page.wait_for_selector(".sentence__error")
    visitor.arrive()
    page.fill("[name=address_2]", "visio@berlin.example")
    click(visitor, "#find-slot")
    page.wait_for_selector("[data-role=proposal]")
    visitor.arrive()
    click(visitor, "#slot-list [data-role=proposal] [type=submit]")
    page.wait_for_selector("[data-role=confirm]")
    for name, value in {"name": "Maël", "email": "mael@exemple.invalid"}.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=category]", "craft")
    click(visitor, "[data-role=confirm] [type=submit]")
    page.wait_for_selector("[data-role=party-link]")
    visitor.arrive()
    assert "visio@berlin.example" in page.inner_text("main")


@pytest.mark.parametrize("width", [1280, 320])
def test_who_can_be_reached_leads_to_an_hour_with_them(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    visitor = Visitor(page)
    page.goto("/joindre")
    visitor.arrive()
    page.fill("[name=q]", "conseil regional")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-role=counterpart]")
    visitor.arrive()
    click(visitor, "[data-role=counterpart] a.button")
    page.wait_for_selector("[name=place_1]")
    assert page.input_value("[name=place_2]") == "Conseil régional (exemple)"
    by_hand(visitor, "place_1", "Callac")
    page.keyboard.press("Escape")
    click(visitor, "#find-slot")
    page.wait_for_selector("[data-role=proposal]")
    visitor.arrive()
    assert "Conseil régional (exemple)" in page.inner_text("[data-role=proposal] >> nth=0")


def test_the_mails_of_the_demonstration_hold_each_link(page: Page) -> None:
    book(Visitor(page), by_hand, click)
    reference = page.inner_text(".copyable")
    for _try in range(20):
        page.goto("/demo/courrier")
        if page.get_by_text(reference).count():
            break
        page.wait_for_timeout(500)
    assert page.get_by_text(re.compile(reference)).count() >= 1


def base_of(context: BrowserContext) -> str:
    """Return the address the visitor's pages start from."""
    page = context.new_page()
    answer = page.goto("/")
    assert isinstance(answer, Response)
    page.close()
    return answer.url.rstrip("/")
