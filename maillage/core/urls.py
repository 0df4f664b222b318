from django.conf import settings
from django.urls import path

from maillage.core import views

app_name = "core"
urlpatterns = [
    path("langue/", views.choose_language, name="choose_language"),
    path("s/<str:code>", views.short, name="short"),
    path("metrics", views.metrics, name="metrics"),
    path("theme.css", views.theme_css, name="theme_css"),
]
if settings.DEBUG:
    urlpatterns.append(path("composants", views.components, name="components"))
