"""The journal: who did what, when. Nothing else is shared by all apps."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalEntry(models.Model):
    """One act, as a fact: written once, never changed. `details` holds no secret and no more than the act needs."""

    at = models.DateTimeField(_("when"), db_index=True)
    verb = models.CharField(_("act"), max_length=60, help_text=_("as in booking.confirmed"))
    subject = models.CharField(_("on what"), max_length=80, db_index=True, help_text=_("as in booking:K7Q2-M4"))
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    through = models.CharField(_("by which door"), max_length=20, help_text=_("link, agent, api, task or station"))
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject}"
