"""The one entry point: pages and API over HTTP, meetings over WebSocket."""

import os
import warnings

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

# WhiteNoise hands over whole files in one synchronous piece: there is nothing to stream.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
_http = get_asgi_application()  # before anything that needs the apps

from maillage.conference.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {"http": _http, "websocket": AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns))}
)
