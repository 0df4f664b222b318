"""The minutes of a meeting, and the mails that go to its parties afterwards."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Minutes(models.Model):
    """What was decided, who does what. `version` grows with each change: two writers do not erase each other."""

    conference = models.OneToOneField("conference.Conference", models.CASCADE, related_name="minutes")
    present = models.TextField(_("present"), blank=True)
    decisions = models.TextField(_("decisions"), blank=True)
    actions = models.JSONField(_("who does what"), default=list)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey("booking.Party", models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")

    def __str__(self) -> str:
        return f"{self.conference_id} v{self.version}"


class NoticeKind(models.TextChoices):
    """What a party is written about after its meeting."""

    MINUTES = "minutes", _("minutes")
    RECORDING = "recording", _("recording ready")


class Notice(models.Model):
    """A mail to one address about a meeting that took place. Recorded, then sent by the worker, once."""

    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=9, choices=NoticeKind)
    version = models.PositiveIntegerField(default=1, help_text=_("of the minutes; or which recording"))
    recipient = models.EmailField(_("recipient"))
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["party", "kind", "version", "recipient"], name="notice_written_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}: {self.party_id}"
