"""Addresses of the pages: short, since people read them to each other."""

from django.urls import path

from maillage.conference import views

app_name = "conference"
urlpatterns = [
    path("r/<str:token>", views.door, name="door"),
    path("r/<str:token>/apres", views.after, name="after"),
]
