from importlib import import_module

from django.apps import AppConfig


class ConferenceConfig(AppConfig):
    name = "maillage.conference"
    label = "conference"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the periodic jobs."""
        import_module("maillage.conference.tasks")
        import_module("maillage.conference.services.forgetting")
        import_module("maillage.conference.metrics")
