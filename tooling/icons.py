"""Copy named pictograms of lucide-static (ISC) into maillage/core/icons/, where the `icon` tag finds them.

python tooling/icons.py video phone-off …
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "lucide-static" / "icons"
KEPT = ROOT / "maillage" / "core" / "icons"


def drawing(text: str) -> str:
    """Return what is inside the svg element of `text`, on one line."""
    inside = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
    if inside is None:
        raise ValueError("not an SVG file")
    return re.sub(r"\s*\n\s*", "", inside.group(1)).replace(" />", "/>").strip() + "\n"


def main(names: list[str]) -> int:
    """Copy `names`; return 1, saying which, if one does not exist."""
    missing = [name for name in names if not (SOURCE / f"{name}.svg").exists()]
    for name in names:
        if name not in missing:
            (KEPT / f"{name}.svg").write_text(drawing((SOURCE / f"{name}.svg").read_text()))
    if missing:
        sys.stderr.write(f"lucide-static has no {', '.join(missing)}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if sys.argv[1:] else __doc__)
