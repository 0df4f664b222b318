"""What all apps share: the journal, the text messages on their way, the short addresses they carry."""

from django.conf import settings
from django.db import models
from django.db.models import Q
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


class TextStatus(models.TextChoices):
    """WAITING and SENDING are on their way; the others are ends."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("given up")
    WITHHELD = "withheld", _("not sent on purpose")


class TextMessage(models.Model):
    """One text message to one number. Its unique `key` keeps it from leaving twice; after `until` it is not sent."""

    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=80, help_text=_("as in booking:K7Q2-M4"))
    number = models.CharField(_("to"), max_length=20)
    text = models.CharField(_("text"), max_length=1000)
    status = models.CharField(_("status"), max_length=8, choices=TextStatus, default=TextStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text=_("not tried before"))
    until = models.DateTimeField(help_text=_("not sent after"))
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True, help_text=_("what the provider said last"))

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        indexes = [
            models.Index(fields=["status", "due_at"], name="text_by_status_and_time"),
            models.Index(fields=["subject"], name="text_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(name="text_status_known", condition=Q(status__in=TextStatus.values)),
            models.CheckConstraint(name="text_sent_has_a_time", condition=~Q(status="sent") | Q(sent_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.number}"


class ShortLink(models.Model):
    """A short address that leads to `path` of this site until `until`."""

    code = models.CharField(max_length=12, unique=True)
    path = models.CharField(max_length=300, unique=True)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("short address")
        verbose_name_plural = _("short addresses")

    def __str__(self) -> str:
        return self.code
