"""Limits on how often one address may do a public act. Counts live in the cache: shared when it is Redis."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a caller of one kind of act: `left` of `most`, all of them again in `reset_seconds`."""

    act: str
    most: int
    seconds: int
    left: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """Return the standard headers (draft-ietf-httpapi-ratelimit-headers), as structured fields."""
        return {
            "RateLimit-Policy": f'"{self.act}";q={self.most};w={self.seconds}',
            "RateLimit": f'"{self.act}";r={self.left};t={self.reset_seconds}',
        }


def count_act(request: HttpRequest, act: str, *, most: int, seconds: int, caller: str = "") -> None:
    """Count one `act` of this caller, by default this address. Raises TooMany beyond `most` in a window of `seconds`.

    What is left is kept as `request.allowance`, for the headers of the API's answers.
    """
    if not settings.MAILLAGE_THROTTLE:
        return
    key = f"throttle:{act}:{caller or client_address(request)}"
    if cache.add(key, 0, timeout=seconds):
        cache.set(f"{key}:ends", time.time() + seconds, timeout=seconds)
    try:
        count = cache.incr(key)
    except ValueError:  # expired between the two calls
        cache.set(key, 1, timeout=seconds)
        count = 1
    left = max(1, math.ceil(cache.get(f"{key}:ends", time.time() + seconds) - time.time()))
    request.allowance = Allowance(act, most, seconds, max(0, most - count), left)  # type: ignore[attr-defined]
    if count > most:
        raise TooMany(wait_seconds=left)


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
