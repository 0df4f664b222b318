"""Write the pages of the documentation that the code itself knows: docs/errors.md and docs/events.md.

python -m tooling.reference
"""

import importlib
import os
import pkgutil
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import django

import maillage

ROOT = Path(__file__).resolve().parent.parent
_SKIPPED = (".tests", ".migrations", ".management", ".config")
ERRORS_HEAD = """# Refusals and their codes

Everything Maillage refuses has a code that never changes: on the page ("If you call us, say: …"), in the API's answers
(`code` of problem+json, RFC 9457) and in the commands. Words may be translated or improved; codes stay. `%(…)s` stands
for what is filled in. Written by `python -m tooling.reference` from the classes; a test holds this page to them.
"""
EVENTS_HEAD = """# Events

What an app tells those above it, once the transaction is committed. A lower app never knows who listens; what a
listener raises is logged and undoes nothing. Written by `python -m tooling.reference` from the `events.py` of each
app; a test holds this page to them.
"""


def loaded_modules() -> list[ModuleType]:
    """Import every module of the package, tests and migrations left out, so that all classes are known."""
    found = pkgutil.walk_packages(maillage.__path__, "maillage.")
    names = [module.name for module in found if not any(part in module.name for part in _SKIPPED)]
    return [importlib.import_module(name) for name in [*names, "maillage.config.urls"]]


def refusals() -> dict[str, list[type[Any]]]:
    """Return every class of refusal by app, in the order of codes."""
    loaded_modules()
    errors = importlib.import_module("maillage.core.errors")
    apps: dict[str, list[type[Any]]] = defaultdict(list)
    for _code, kind in sorted(errors.all_codes().items()):
        apps[kind.__module__.split(".")[1]].append(kind)
    return dict(sorted(apps.items()))


def events() -> dict[str, list[type[Any]]]:
    """Return every event by app, in the order of names."""
    apps: dict[str, list[type[Any]]] = defaultdict(list)
    for module in loaded_modules():
        app, *rest = module.__name__.split(".")[1:] or [""]
        if rest[:1] == ["events"] and app != "core":
            kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and is_dataclass(kind)]
            apps[app] += [kind for kind in kinds if kind.__module__ == module.__name__]
    return {app: sorted(kinds, key=lambda kind: kind.__name__) for app, kinds in sorted(apps.items()) if kinds}


def errors_page() -> str:
    """Return docs/errors.md."""
    parts = [ERRORS_HEAD]
    for app, kinds in refusals().items():
        parts.append(f"\n## {app}\n")
        parts += [_refusal(kind) for kind in kinds]
    return "".join(parts)


def events_page() -> str:
    """Return docs/events.md."""
    listeners = _listeners()
    parts = [EVENTS_HEAD]
    for app, kinds in events().items():
        parts.append(f"\n## {app}\n")
        for kind in kinds:
            carried = ", ".join(f"`{field.name}`" for field in fields(kind))
            heard = ", ".join(sorted(listeners.get(kind, ()))) or "nobody yet"
            parts.append(f"\n### {kind.__name__}\n{_first_words(kind)}\nCarries {carried}. Listening: {heard}.\n")
    return "".join(parts)


def _refusal(kind: type[Any]) -> str:
    return (
        f"\n### {kind.code}\n"
        f"{_first_words(kind)} HTTP {kind.status}.\n\n"
        f"> {kind.message}\n\n"
        f"What to do: {kind.next_step}\n"
    )


def _first_words(kind: type[Any]) -> str:
    lines: Iterable[str] = (kind.__doc__ or "").strip().splitlines()
    return " ".join(line.strip() for line in lines).split("  ")[0]


def _listeners() -> dict[type[Any], set[str]]:
    bus = importlib.import_module("maillage.core.events")
    kinds = bus.subscribed_kinds()
    return {kind: {heard.__module__.split(".")[1] for heard in bus.receivers_of(kind)} for kind in kinds}


def main() -> int:
    """Write both pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ.setdefault("MAILLAGE_DEBUG", "1")
    django.setup()
    (ROOT / "docs" / "errors.md").write_text(errors_page(), encoding="utf-8")
    (ROOT / "docs" / "events.md").write_text(events_page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
