"""The pictures that hang behind rooms: public, named by their digest, kept by browsers for good."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from maillage.conference.selectors.backdrops import picture_of
from maillage.core.errors import Missing


@require_GET
@cache_control(public=True, max_age=31_536_000, immutable=True)
def backdrop(request: HttpRequest, digest: str) -> HttpResponse:
    """Give one picture. Raises Missing."""
    picture = picture_of(digest)
    if picture is None:
        raise Missing
    return HttpResponse(picture, content_type="image/webp")
