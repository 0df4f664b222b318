"""What may be shown in a meeting, and where the shared page stands. No Django, no file, no clock."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

MOST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 300
MOST_DOCUMENTS = 20
"""In one meeting: beyond, one is taken back before another is brought."""
LONGEST_NAME = 80


def is_pdf(head: bytes) -> bool:
    """Tell whether a file that begins with `head` says that it is a PDF. Its name proves nothing."""
    return head.startswith((b"%PDF-1.", b"%PDF-2."))


def shown_name(file_name: str) -> str:
    """Return how a document is named to people: without folders, ending or anything that does not print."""
    kept = "".join(letter for letter in file_name.replace("\\", "/") if unicodedata.category(letter)[0] != "C")
    stem = PurePath(kept).name
    stem = stem[:-4] if stem.lower().endswith(".pdf") else stem
    return " ".join(stem.split())[:LONGEST_NAME] or "document"


@dataclass(frozen=True, slots=True)
class Shown:
    """The document that all look at, and its page. `version` grows with each change: an older one is ignored."""

    version: int
    document: int | None
    name: str
    pages: int
    page: int
    by: int | None

    def as_json(self) -> Mapping[str, Any]:
        """Return what the pages are told."""
        return {
            "version": self.version,
            "document": self.document,
            "name": self.name,
            "pages": self.pages,
            "page": self.page,
            "by": self.by,
        }


def page_within(page: int, pages: int) -> int:
    """Return the page nearest to the one asked for: turning past the last page stays on it."""
    return max(1, min(page, pages))
