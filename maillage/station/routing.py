"""Addresses of the screens' wires, under /station, where alone their keys travel."""

from typing import Any

from django.urls import path

from maillage.station.consumers import Relay, Wire

websocket_urlpatterns: list[Any] = [
    path("station/fil", Wire.as_asgi()),  # type: ignore[arg-type]
    path("station/ecran/fil", Relay.as_asgi()),  # type: ignore[arg-type]
]
