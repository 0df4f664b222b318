"""The line of a party, tried before its meeting."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.conference.selectors import guest_by_link
from maillage.core.throttle import throttled

TRIAL_BYTES = 256 * 1024
"""Two seconds each way on a line of one megabit."""


@never_cache
@require_http_methods(["GET", "POST"])
@throttled("line-trial", most=30, seconds=600, methods=("GET", "POST"))
def try_line(request: HttpRequest, token: str) -> HttpResponse:
    """Give random bytes, take them back: the page measures how long it takes. For a party's link alone."""
    guest_by_link(token, timezone.now())
    if request.method == "POST":
        return HttpResponse(str(len(request.body)), content_type="text/plain")
    return HttpResponse(secrets.token_bytes(TRIAL_BYTES), content_type="application/octet-stream")
