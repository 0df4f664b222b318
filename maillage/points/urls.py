"""The directory of points."""

from django.urls import path

from maillage.points import views

app_name = "points"
urlpatterns = [
    path("points", views.directory, name="map"),
    path("points/suggestions", views.suggestions, name="suggestions"),
    path("joindre", views.reach, name="reach"),
    path("points/<slug:slug>/reglement", views.rules, name="rules"),
    path("points/<slug:slug>", views.point, name="point"),
]
