"""The mails of a demonstration, kept to be read on a page instead of being sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemoMail(models.Model):
    """One mail as it would have left, whole. Written only when DEMO is on, and never sent."""

    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    subject = models.CharField(_("subject"), max_length=200)
    sender = models.CharField(_("from"), max_length=320)
    recipients = models.TextField(_("to"))
    source = models.BinaryField(help_text=_("the message as its server would have received it"))

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("demonstration mail")
        verbose_name_plural = _("demonstration mails")

    def __str__(self) -> str:
        return self.subject
