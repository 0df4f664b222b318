"""Pages as PDF, by WeasyPrint. Its system libraries may be missing: then asking for paper is refused, no more.

What a page may load is limited to our own static files: a receipt never reaches for the network.
"""

import logging
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from maillage.booking.errors.tariffs import PaperMachineMissing

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
SCHEME = "static:"

for _name, _level in (
    ("fontTools", logging.WARNING),
    ("weasyprint", logging.ERROR),
    ("weasyprint.progress", logging.ERROR),
):
    logging.getLogger(_name).setLevel(_level)  # each file they read would be a line of the log

try:
    import weasyprint
    from weasyprint.urls import URLFetcherResponse
except (ImportError, OSError) as missing:
    weasyprint = None
    _MISSING = str(missing).splitlines()[0]
else:
    _MISSING = ""


def missing_part() -> str:
    """Return what prevents making PDF files, empty if nothing does. For `maillage doctor`."""
    return _MISSING


def _fetch(address: str) -> Any:
    """Return one of our static files, named static:path. Raises ValueError for anything else."""
    found = finders.find(address.removeprefix(SCHEME)) if address.startswith(SCHEME) else None
    if not found:
        raise ValueError(f"not one of our files: {address}")
    return URLFetcherResponse(address, BytesIO(Path(found).read_bytes()))


def pdf_of(html: str) -> bytes:
    """Return `html` as an accessible PDF (PDF/UA-1). Raises PaperMachineMissing without the system libraries."""
    if weasyprint is None:
        raise PaperMachineMissing(missing=_MISSING, packages=PACKAGES)
    document: bytes = weasyprint.HTML(string=html, url_fetcher=_fetch).write_pdf(pdf_variant="pdf/ua-1")
    return document
