from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from maillage.core.navigation import offer


class BookingConfig(AppConfig):
    name = "maillage.booking"
    label = "booking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the app's periodic jobs and what it does of its own events."""
        import_module("maillage.booking.tasks")
        import_module("maillage.booking.services.forgetting")
        import_module("maillage.booking.receivers")
        import_module("maillage.booking.metrics")
        offer(_("Public sessions"), "booking:sessions", "footer")
        offer(_("Planning of the rooms"), "booking:planning", "footer")
