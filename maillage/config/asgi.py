"""The one entry point: pages and API over HTTP, meetings over WebSocket."""

import os
import warnings

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

# WhiteNoise hands over whole files in one synchronous piece: there is nothing to stream.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
django.setup(set_prefix=False)  # before anything that needs the apps

from maillage.conference.routing import websocket_urlpatterns  # noqa: E402
from maillage.config.handler import OneThreadHandler  # noqa: E402

application = ProtocolTypeRouter(
    {"http": OneThreadHandler(), "websocket": AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns))}
)
