from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from maillage.core.navigation import offer


class PointsConfig(AppConfig):
    name = "maillage.points"
    label = "points"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the page that tells who can be reached."""
        offer(_("Can they be reached?"), "points:reach", "footer")
