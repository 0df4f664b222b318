"""The second screen of a room: a page without data, fed by the main screen of the same browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET


@require_GET
@never_cache
def second(request: HttpRequest) -> HttpResponse:
    """What is shown in the room's meeting, else the hour. It holds no key and asks the server nothing."""
    return render(request, "station/second.html")
