"""Opens one PDF in a process of its own, bounded, and counts or draws its pages. Knows nothing of the rest.

python -m maillage.conference.gateways.pdf_worker count FILE | draw FILE FOLDER FIRST LAST
"""

import io
import resource
import sys
from pathlib import Path

from PIL import Image
from pypdfium2 import PdfDocument, PdfPage

LONGEST_SIDE = 1920
LARGEST_LOSSLESS = 900_000
MEMORY = 1_500_000_000
SECONDS = 20


def bound() -> None:
    """Take little: a file made to eat the machine ends its own process only."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def drawn(page: PdfPage) -> bytes:
    """Return a page as WebP, its longest side LONGEST_SIDE: exact for letters and lines, lighter for photographs."""
    width, height = page.get_size()
    image: Image.Image = page.render(scale=LONGEST_SIDE / max(width, height, 1)).to_pil().convert("RGB")
    exact = io.BytesIO()
    image.save(exact, "WEBP", lossless=True, quality=20, method=1)
    if exact.tell() <= LARGEST_LOSSLESS:
        return exact.getvalue()
    lighter = io.BytesIO()
    image.save(lighter, "WEBP", quality=88, method=2)
    return lighter.getvalue()


def main(arguments: list[str]) -> None:
    """Do what the command line asks."""
    bound()
    document = PdfDocument(arguments[1])
    if arguments[0] == "count":
        print(len(document))
        return
    folder, first, last = Path(arguments[2]), int(arguments[3]), int(arguments[4])
    for number in range(first, last + 1):
        target = folder / f"{number}.webp"
        if not target.exists():
            part = folder / f"{number}.part"
            part.write_bytes(drawn(document[number - 1]))
            part.replace(target)


if __name__ == "__main__":
    main(sys.argv[1:])
