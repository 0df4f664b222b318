"""The French catalogues, one in each app: collect, compile, check. English needs none: the source is English.

python tooling/messages.py collect [APP ...] | compile | check
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "maillage"
APPS = sorted(path.parent for path in PACKAGE.glob("*/apps.py"))


def _catalogue(app: Path) -> Path:
    return app / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def collect(apps: list[Path]) -> None:
    """Bring the catalogues of `apps` up to date with their source, texts that left the source removed."""
    environment = {**os.environ, "MAILLAGE_DEBUG": "1", "PYTHONPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-P", "-m", "django", "makemessages", "-l", "fr", "--no-location", "--no-wrap", "-v0"]
    for app in apps:
        (app / "locale").mkdir(exist_ok=True)
        subprocess.run([*command, "--no-obsolete", "-i", "tests"], check=True, cwd=app, env=environment)
        catalogue = _catalogue(app)
        if catalogue.exists():
            text = re.sub(
                r'^"(POT-Creation-Date|PO-Revision-Date): .*\n', "", catalogue.read_text(), flags=re.MULTILINE
            )
            catalogue.write_text(text)
        else:
            shutil.rmtree(app / "locale")


def compile_catalogues() -> None:
    """Write each django.mo beside its catalogue."""
    for catalogue in map(_catalogue, APPS):
        if catalogue.exists():
            subprocess.run(
                ["msgfmt", "--check-format", "-o", str(catalogue.with_suffix(".mo")), str(catalogue)], check=True
            )


def _attributed(catalogue: Path, *flags: str) -> str:
    command = ["msgattrib", "--no-obsolete", "--no-wrap", *flags, str(catalogue)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _disagreements() -> list[str]:
    """Return the texts that two apps say differently: Django keeps one catalogue, so one of them would be lost."""
    said: dict[str, dict[str, str]] = {}
    for app in APPS:
        catalogue = _catalogue(app)
        for block in _attributed(catalogue).split("\n\n") if catalogue.exists() else []:
            source, _, french = block.partition("\nmsgstr")
            key = "\n".join(line for line in source.splitlines() if line.startswith(("msg", '"')))
            said.setdefault(key, {})[french] = app.name
    return [f"{key}\n  {by}" for key, by in said.items() if len(by) > 1 and key != 'msgid ""']


def _unseen() -> list[str]:
    """Return the texts marked inside an f-string: what collects them does not look there, so they stay English."""
    found = []
    for source in PACKAGE.rglob("*.py"):
        strings = (node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.JoinedStr))
        calls = (call for string in strings for call in ast.walk(string) if isinstance(call, ast.Call))
        marked = [call for call in calls if ast.unparse(call.func) in {"_", "gettext", "ngettext", "pgettext"}]
        found += [f"{source.relative_to(PACKAGE)}:{call.lineno}: {ast.unparse(call)}" for call in marked]
    return found


def check() -> int:
    """Return 1, saying which texts, if a catalogue is not what its source gives or a text has no French."""
    wrong = 0
    for place in _unseen():
        print(f"marked inside an f-string, which is not collected: {place}", file=sys.stderr)
        wrong = 1
    for disagreement in _disagreements():
        print(f"said differently by two apps: {disagreement}", file=sys.stderr)
        wrong = 1
    with tempfile.TemporaryDirectory() as kept:
        for app in APPS:
            catalogue, before = _catalogue(app), Path(kept) / app.name
            before.write_text(catalogue.read_text() if catalogue.exists() else "")
            collect([app])
            after = catalogue.read_text() if catalogue.exists() else ""
            unfinished = after and (_attributed(catalogue, "--untranslated") or _attributed(catalogue, "--only-fuzzy"))
            if after != before.read_text():
                print(f"{app.name}: run python tooling/messages.py collect {app.name}", file=sys.stderr)
            if unfinished:
                print(f"{app.name}: not translated\n{unfinished}", file=sys.stderr)
            wrong |= bool(unfinished) or after != before.read_text()
            if before.read_text():
                catalogue.write_text(before.read_text())
    return int(wrong)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["collect", *names]:
            collect([PACKAGE / name for name in names] or APPS)
        case ["compile"]:
            compile_catalogues()
        case ["check"]:
            sys.exit(check())
        case _:
            sys.exit(__doc__)
