"""Addresses of the sockets."""

from django.urls import path

from maillage.conference.consumers import MeetingConsumer

websocket_urlpatterns = [path("ws/reunion/<str:token>", MeetingConsumer.as_asgi())]  # type: ignore[arg-type]
