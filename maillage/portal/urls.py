"""The addresses of the home page and of what belongs to no other app."""

from django.urls import path

from maillage.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
]
