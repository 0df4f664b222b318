"""The one entry point: pages and API over HTTP, meetings over WebSocket."""

import os
import warnings
from typing import Any

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

# WhiteNoise hands over whole files in one synchronous piece: there is nothing to stream.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
django.setup(set_prefix=False)  # before anything that needs the apps

from maillage.concierge.routing import websocket_urlpatterns as voice_line  # noqa: E402
from maillage.conference.routing import websocket_urlpatterns as meetings  # noqa: E402
from maillage.config.handler import OneThreadHandler  # noqa: E402
from maillage.station.consumers import PATH as HEARTBEAT_PATH  # noqa: E402
from maillage.station.consumers import Heartbeat  # noqa: E402
from maillage.station.routing import websocket_urlpatterns as wires  # noqa: E402

_http = OneThreadHandler()
_heartbeat = Heartbeat()


async def _pages(scope: Any, receive: Any, send: Any) -> None:
    """Signs of life of stations go past Django's layers: there are thirty a second."""
    await (_heartbeat if scope["path"] == HEARTBEAT_PATH else _http)(scope, receive, send)


application = ProtocolTypeRouter(
    {"http": _pages, "websocket": AllowedHostsOriginValidator(URLRouter([*meetings, *voice_line, *wires]))}
)
