from importlib import import_module

from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "maillage.usage"
    label = "usage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens below, register the periodic jobs."""
        import_module("maillage.usage.receivers")
        import_module("maillage.usage.tasks")
