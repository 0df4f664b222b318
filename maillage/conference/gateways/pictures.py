"""A picture somebody gives, drawn again as a bounded WebP: what it hid beside its pixels does not come along."""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from maillage.conference.errors import BackdropUnreadable

MOST_BYTES: Final = 6 * 1024 * 1024
SIZE: Final = (1280, 720)
"""Of the picture kept: what a room's screen shows around a face needs no more, and weighs some tens of kilobytes."""
MOST_PIXELS: Final = 40_000_000
_FORMATS: Final = ("JPEG", "PNG", "WEBP")


def drawn_again(content: bytes) -> bytes:
    """Return `content` as WebP of SIZE, its middle kept.

    Raises BackdropUnreadable for what is no JPEG, PNG or WebP, smaller than SIZE, or of more than MOST_PIXELS.
    """
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=_FORMATS) as given:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if given.width * given.height > MOST_PIXELS or given.width < SIZE[0] or given.height < SIZE[1]:
                raise BackdropUnreadable
            upright = ImageOps.exif_transpose(given).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError,
            Image.DecompressionBombWarning) as wrong:  # fmt: skip
        raise BackdropUnreadable from wrong
    kept = io.BytesIO()
    ImageOps.fit(upright, SIZE, Image.Resampling.LANCZOS).save(kept, "WEBP", quality=80, method=4)
    return kept.getvalue()
