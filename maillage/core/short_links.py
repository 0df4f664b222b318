"""Short addresses for text messages: a signed link is half a message long. Each stands for one path of this site.

Sixty bits of chance, so that trying codes finds nothing; the signed link behind still decides what is allowed.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from maillage.core.links import LinkExpired, LinkForged
from maillage.core.models import ShortLink

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 11


def shorten(address: str, until: datetime) -> str:
    """Return a whole short address that leads to `address`, a page of this site; the same one each time."""
    path = address.removeprefix(settings.BASE_URL)
    if not path.startswith("/"):
        raise ValueError("only addresses of this site are shortened")
    link, _ = ShortLink.objects.get_or_create(path=path, defaults={"code": _code(), "until": until})
    return f"{settings.BASE_URL}{reverse('core:short', args=[link.code])}"


def path_behind(code: str, now: datetime) -> str:
    """Return the path a code stands for. Raises LinkForged for one we did not make, LinkExpired after its time."""
    link = ShortLink.objects.filter(code=code).first()
    if link is None:
        raise LinkForged
    if now > link.until:
        raise LinkExpired(until=link.until.astimezone(now.tzinfo).strftime("%d/%m/%Y"))
    return link.path


def forget_short_links(now: datetime) -> int:
    """Delete the links over; return how many."""
    return ShortLink.objects.filter(until__lt=now).delete()[0]


def _code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
