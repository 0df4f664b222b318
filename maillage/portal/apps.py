from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from maillage.core.navigation import offer


class PortalConfig(AppConfig):
    name = "maillage.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        offer(_("Book"), "portal:home")
        offer(_("Join"), "portal:join")
        offer(_("Find a point"), "points:map")
        offer(_("Figures"), "usage:figures")
        offer(_("How it works"), "portal:how", "footer")
        offer(_("Accessibility"), "portal:accessibility", "footer")
        import_module("maillage.portal.tasks")
        offer(_("My data"), "portal:my_data", "footer")
        offer(_("Legal notice"), "portal:legal", "footer")
        if settings.DEMO:
            offer(_("Demonstration mail"), "portal:mailbox", "footer")
