"""The documentation says all that the code offers: every setting, command, event, code and decision has its place."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from maillage.core.errors import DomainError
from maillage.core.theme import Network
from tooling.reference import errors_page, events, events_page, refusals

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("maillage/*/README.md"))]
DECISIONS = sorted((DOCS / "adr").glob("*.md"))


def headings(page: Path) -> set[str]:
    """Return the headings of a page, whatever their level."""
    return set(re.findall(r"^#+ (.+?)\s*$", page.read_text(encoding="utf-8"), flags=re.MULTILINE))


def settings_read() -> set[str]:
    """Return the names that the settings read from the environment."""
    return set(re.findall(r"\"(MAILLAGE_[A-Z_]+)\"", (ROOT / "maillage/config/settings.py").read_text()))


def descendants(kind: type[DomainError]) -> list[type[DomainError]]:
    """Return the kinds of refusal that come from `kind`, however far."""
    return [kind, *(further for child in kind.__subclasses__() for further in descendants(child))]


def own_commands() -> set[str]:
    """Return the names of the commands of our own apps."""
    return {name for name, app in get_commands().items() if str(app).startswith("maillage.")}


def test_every_setting_has_its_heading_and_no_heading_is_of_a_setting_gone() -> None:
    told = {heading for heading in headings(DOCS / "operations.md") if heading.startswith("MAILLAGE_")}
    assert told == settings_read()


def test_every_command_has_its_heading_and_no_heading_is_of_a_command_gone() -> None:
    told = {heading for heading in headings(DOCS / "operations.md") if heading.startswith("maillage ")}
    assert told == {f"maillage {name}" for name in own_commands()}


@pytest.mark.parametrize("key", sorted(Network.__dataclass_fields__))
def test_every_key_of_the_network_file_is_described(key: str) -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    assert f"`{key}`" in text or f"`[{key}]`" in text


def test_every_code_of_refusal_has_its_heading_with_what_to_do() -> None:
    codes = {kind.code for kinds in refusals().values() for kind in kinds}
    assert codes <= headings(DOCS / "errors.md"), "run: python -m tooling.reference"


def test_every_event_has_its_heading() -> None:
    names = {kind.__name__ for kinds in events().values() for kind in kinds}
    assert names <= headings(DOCS / "events.md"), "run: python -m tooling.reference"


def test_the_pages_written_from_the_code_are_those_of_the_code() -> None:
    assert (DOCS / "errors.md").read_text(encoding="utf-8") == errors_page(), "run: python -m tooling.reference"
    assert (DOCS / "events.md").read_text(encoding="utf-8") == events_page(), "run: python -m tooling.reference"


def test_every_refusal_says_what_it_is_and_shares_its_code_with_no_other() -> None:
    refusals()  # all are imported from here on
    kinds = [kind for kind in descendants(DomainError) if "code" in vars(kind)]
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", kind.code), kind
        assert kind.__doc__, kind
        assert kind.message, kind
        assert kind.next_step, kind


def test_every_app_has_its_readme() -> None:
    apps = {path.parent for path in (ROOT / "maillage").glob("*/apps.py")}
    assert {app.name for app in apps if not (app / "README.md").exists()} == set()


def test_decisions_have_one_number_each_and_fit_a_page() -> None:
    numbers = [decision.name[:4] for decision in DECISIONS]
    assert len(set(numbers)) == len(numbers)
    assert {decision.name for decision in DECISIONS if len(decision.read_text().splitlines()) > 60} == set()


@pytest.mark.parametrize("document", PAGES, ids=lambda document: str(document.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text):
        assert (document.parent / target).exists(), target


def test_every_word_of_the_glossary_is_there_once() -> None:
    rows = re.findall(r"^\| (?!French|---)([^|]+?) \| ([^|]+?) \|", (DOCS / "glossary.md").read_text(), re.MULTILINE)
    french = [row[0] for row in rows]
    assert sorted({word for word in french if french.count(word) > 1}) == []
