"""docs/protocol.md has a heading for each message, and no other."""

import re
from pathlib import Path

from maillage.conference.consumers import CLOSE_CODES
from maillage.conference.domain.messages import CLIENT_MESSAGES, SERVER_MESSAGES, AnyMessage

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "protocol.md").read_text()


def headings(title: str) -> list[str]:
    section = DOCUMENT.split(f"## {title}\n")[1].split("\n## ")[0]
    return re.findall(r"^### `([\w-]+)`$", section, re.MULTILINE)


def test_every_message_of_a_page_has_its_heading() -> None:
    assert sorted(headings("What a page says")) == sorted(CLIENT_MESSAGES)
    union = AnyMessage.__origin__.__args__  # type: ignore[attr-defined]
    kinds = [value for model in union for value in model.model_fields["type"].annotation.__args__]
    assert sorted(kinds) == sorted(CLIENT_MESSAGES)


def test_every_message_of_the_server_has_its_heading_and_is_known_by_the_page() -> None:
    assert sorted(headings("What the server says")) == sorted(SERVER_MESSAGES)
    page = (Path(__file__).resolve().parents[1] / "frontend" / "protocol.ts").read_text()
    known = re.search(r"new Set\(\[(.*)\]\)", page)
    assert known is not None
    assert sorted(re.findall(r'"([\w-]+)"', known.group(1))) == sorted(SERVER_MESSAGES)


def test_every_closing_code_is_explained() -> None:
    for code in set(CLOSE_CODES.values()):
        assert str(code) in DOCUMENT.split("## Closing codes")[1]
