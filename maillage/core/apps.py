from importlib import import_module

from django.apps import AppConfig
from django.core.checks import register

from maillage.core.checks import known_keeping_times, readable_theme


class CoreConfig(AppConfig):
    name = "maillage.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Check the theme, and register the app's periodic jobs."""
        register(readable_theme)
        register(known_keeping_times)
        import_module("maillage.core.traces")
        import_module("maillage.core.tasks")
