"""Limits on how often one address may do a public act. Counts live in the cache: shared when it is Redis."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from maillage.core.errors import TooMany

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def client_address(request: HttpRequest) -> str:
    """Return the caller's address: the last one our own proxies added, so that a client cannot invent it."""
    hops: int = settings.MAILLAGE_PROXIES
    if hops:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(chain) >= hops:
            return chain[-hops]
    return str(request.META.get("REMOTE_ADDR", "unknown"))


def count_act(request: HttpRequest, act: str, *, most: int, seconds: int) -> None:
    """Count one `act` of this address. Raises TooMany beyond `most` in the last window of `seconds`."""
    if not settings.MAILLAGE_THROTTLE:
        return
    key = f"throttle:{act}:{client_address(request)}"
    cache.add(key, 0, timeout=seconds)
    try:
        count = cache.incr(key)
    except ValueError:  # expired between the two calls
        cache.set(key, 1, timeout=seconds)
        count = 1
    if count > most:
        raise TooMany(wait_seconds=seconds)


def throttled(
    act: str, *, most: int, seconds: int, methods: tuple[str, ...] = ("POST",)
) -> Callable[[View[P]], View[P]]:
    """Limit the decorated view to `most` calls of `methods` in `seconds` for each address."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def limited(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method in methods:
                count_act(request, act, most=most, seconds=seconds)
            return view(request, *args, **kwargs)

        return cast("View[P]", limited)

    return decorate
