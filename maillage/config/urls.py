"""Every address of the house, one line per app."""

from django.contrib import admin
from django.urls import include, path

from maillage.config.api import api

urlpatterns = [
    path("api/v1/", api.urls),  # first: programs ask most
    path("", include("maillage.portal.urls")),
    path("", include("maillage.booking.urls")),
    path("", include("maillage.points.urls")),
    path("", include("maillage.conference.urls")),
    path("", include("maillage.territory.urls")),
    path("", include("maillage.usage.urls")),
    path("", include("maillage.station.urls")),
    path("", include("maillage.concierge.urls")),
    path("", include("maillage.core.urls")),
    path("compte/", include("allauth.account.urls")),
    path("administration/", admin.site.urls),
]

handler404 = "maillage.core.views.page_not_found"
handler403 = "maillage.core.views.permission_denied"
handler500 = "maillage.core.views.server_error"
