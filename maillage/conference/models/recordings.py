"""Recordings: who asked, who consented, what was recorded when. The film itself is a private file."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.conference.domain.recording import RUNNING, Step


class Recording(models.Model):
    """A recording of a meeting, from the asking to its removal. `folder` names its files, here and at the bridge."""

    conference = models.ForeignKey("conference.Conference", models.CASCADE, related_name="recordings")
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.CharField(max_length=7, choices=[(step.value, step.value) for step in Step], default=Step.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("booking.Party", models.SET_NULL, null=True, blank=True, related_name="+")
    asked_by_agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    stopped_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(default=0, help_text=_("recorded, pauses left out"))
    size = models.PositiveBigIntegerField(default=0, help_text=_("in bytes"))
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        constraints = [
            models.UniqueConstraint(
                fields=["conference"],
                condition=Q(step__in=[step.value for step in RUNNING]),
                name="recording_runs_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.conference_id}: {self.step}"


class RecordingSpan(models.Model):
    """A stretch that was recorded: between two, the recording waited for somebody's consent."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="spans")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at", "pk"]
        verbose_name = _("recorded stretch")
        verbose_name_plural = _("recorded stretches")

    def __str__(self) -> str:
        return f"{self.recording_id}: {self.started_at:%H:%M:%S}"


class RecordingConsent(models.Model):
    """What a party answered. It may change its mind at any moment; each answer is in the journal."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="consents")
    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="+")
    accepts = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("consent to a recording")
        verbose_name_plural = _("consents to recordings")
        constraints = [models.UniqueConstraint(fields=["recording", "party"], name="recording_consent_once")]

    def __str__(self) -> str:
        return f"{self.party_id}: {self.accepts}"
