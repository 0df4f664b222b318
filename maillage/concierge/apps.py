from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from maillage.core.navigation import offer


class ConciergeConfig(AppConfig):
    name = "maillage.concierge"
    label = "concierge"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens below, register the periodic jobs."""
        import_module("maillage.concierge.receivers")
        import_module("maillage.concierge.tasks")
        import_module("maillage.concierge.services.forgetting")
        import_module("maillage.concierge.metrics")
        offer(_("Try at home"), "concierge:rehearse", "footer")
