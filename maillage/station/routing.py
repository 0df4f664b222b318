"""Address of the screens' wire, under /station, where alone their keys travel."""

from typing import Any

from django.urls import path

from maillage.station.consumers import Wire

websocket_urlpatterns: list[Any] = [path("station/fil", Wire.as_asgi())]  # type: ignore[arg-type]
