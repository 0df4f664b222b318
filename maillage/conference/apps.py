from django.apps import AppConfig


class ConferenceConfig(AppConfig):
    name = "maillage.conference"
    label = "conference"
    default_auto_field = "django.db.models.BigAutoField"
