"""What people ask of their own data; the mails and text messages of a demonstration, kept to be read on a page."""

import uuid

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


class DemoText(models.Model):
    """One text message as it would have left. Written only when DEMO is on, and never sent."""

    key = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    number = models.CharField(_("to"), max_length=20)
    text = models.CharField(_("text"), max_length=1000)
    messages = models.PositiveSmallIntegerField(help_text=_("how many a telephone would have been charged for"))

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("demonstration text message")
        verbose_name_plural = _("demonstration text messages")

    def __str__(self) -> str:
        return self.text


class ErasureRequest(models.Model):
    """Somebody who asked what is kept of them. Confirmed, it lives until nothing of theirs has to be kept longer.

    Not confirmed, it is forgotten after a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    language = models.CharField(max_length=5, default="fr")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at"]
        verbose_name = _("request to be forgotten")
        verbose_name_plural = _("requests to be forgotten")

    def __str__(self) -> str:
        return str(self.pk)
