from importlib import import_module

from django.apps import AppConfig


class StationConfig(AppConfig):
    name = "maillage.station"
    label = "station"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens below, register the periodic jobs."""
        import_module("maillage.station.receivers")
        import_module("maillage.station.tasks")
        import_module("maillage.station.metrics")
