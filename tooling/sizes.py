"""Hold every file to the house's sizes: a reader must be able to take one in at a sitting."""

import ast
import subprocess
import sys
from pathlib import Path

LIMITS = {".py": 400, ".ts": 250, ".html": 150, ".css": 400}
FUNCTION_LINES = 50


def _long_functions(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    spans = [(node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions]
    return [
        f"{path}:{line}: {name} has {size} lines, at most {FUNCTION_LINES}"
        for name, line, size in spans
        if size > FUNCTION_LINES
    ]


def main() -> int:
    """Print what is too long; return 1 if anything is."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], check=True, capture_output=True, text=True
    )
    wrong: list[str] = []
    for path in map(Path, listed.stdout.splitlines()):
        if "migrations" in path.parts or path.suffix not in LIMITS or not path.exists():
            continue
        count = len(path.read_text().splitlines())
        if count > LIMITS[path.suffix]:
            wrong.append(f"{path}: {count} lines, at most {LIMITS[path.suffix]}")
        if path.suffix == ".py":
            wrong += _long_functions(path)
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
