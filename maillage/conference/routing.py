"""Addresses of the sockets."""

from typing import Any

from django.urls import path

from maillage.conference.consumers import MeetingConsumer, SideTalkConsumer

websocket_urlpatterns: list[Any] = [
    path("ws/reunion/<str:token>", MeetingConsumer.as_asgi()),  # type: ignore[arg-type]
    path("ws/couloir/<str:token>", SideTalkConsumer.as_asgi()),  # type: ignore[arg-type]
]
