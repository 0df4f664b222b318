"""Addresses of the voice line's sockets. A room's is under /station, where alone its key travels."""

from typing import Any

from channels.auth import AuthMiddlewareStack
from django.urls import path

from maillage.concierge.consumers import DeskLine, PartyLine, StationLine

websocket_urlpatterns: list[Any] = [
    path("ws/aide/<str:token>", PartyLine.as_asgi()),  # type: ignore[arg-type]
    path("station/aide", StationLine.as_asgi()),  # type: ignore[arg-type]
    path("ws/conciergerie", AuthMiddlewareStack(DeskLine.as_asgi())),  # type: ignore[arg-type]
]
