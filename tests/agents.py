"""An agent who is signed in already, and what each of their pages owes them."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from maillage.config.private_server import PrivateServer

SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from maillage.concierge.tests.factories import make_operator
agent = make_operator()
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(agent.pk), agent.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.save()
"""
"""Run in a shell of the server: `agent` looks after every room, `session.session_key` opens their browser."""


def signed_in(browser: Browser, house: PrivateServer, session: str) -> BrowserContext:
    """Return a browser whose reader is the agent of that session."""
    opened = visitor(browser, house)
    opened.add_cookies([{"name": "sessionid", "value": session, "url": house.url}])
    return opened


def visitor(browser: Browser, house: PrivateServer) -> BrowserContext:
    """Return the browser of somebody who reads French in Brittany."""
    opened = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", base_url=house.url)
    opened.set_default_timeout(15_000)
    return opened


def check(page: Page) -> None:
    """No fault for axe, and nothing to scroll sideways on the narrowest telephone."""
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if size:
        page.set_viewport_size(size)


def letter_link(page: Page, subject: str, words: str) -> str:
    """Return the address under `words` in the newest letter of that subject, once it has come."""
    for _try in range(40):
        page.goto("/demo/courrier")
        letters = page.get_by_role("link", name=subject)
        if letters.count():
            letters.first.click()
            return str(page.frame_locator("iframe").get_by_role("link", name=words).first.get_attribute("href"))
        page.wait_for_timeout(500)
    raise AssertionError(f"no letter says {subject}")
