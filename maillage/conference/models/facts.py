"""What was measured and what went wrong, as facts: written by the server at its own clock, never changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.conference.models.meetings import Attendance


class QualitySample(models.Model):
    """The line between a stay and one other party over some seconds. What was not measured stays empty."""

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="samples")
    remote = models.ForeignKey("booking.Party", models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    rtt_ms = models.FloatField(null=True, blank=True)
    loss_in = models.FloatField(null=True, blank=True, help_text=_("share of the sound lost on the way in, 0 to 1"))
    concealed_in = models.FloatField(
        null=True, blank=True, help_text=_("share of the sound that the browser had to make up, 0 to 1")
    )
    loss_out = models.FloatField(null=True, blank=True, help_text=_("the same on the way out"))
    audio_level_in = models.FloatField(null=True, blank=True, help_text=_("0 to 1, root mean square over the sample"))
    frames_per_second = models.FloatField(null=True, blank=True, help_text=_("images decoded"))
    kbps_in = models.FloatField(null=True, blank=True)
    kbps_out = models.FloatField(null=True, blank=True)
    path = models.CharField(max_length=8, blank=True, help_text=_("host, srflx, prflx or relay"))

    class Meta:
        ordering = ["at"]
        verbose_name = _("quality sample")
        verbose_name_plural = _("quality samples")
        indexes = [models.Index(fields=["attendance", "at"], name="quality_by_attendance")]

    def __str__(self) -> str:
        return f"{self.attendance_id} @ {self.at:%H:%M:%S}"


class Failure(models.Model):
    """What a party could not do, with a stable code: a refused camera, a line that never opened."""

    conference = models.ForeignKey("conference.Conference", models.CASCADE, related_name="failures")
    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="failures")
    about = models.ForeignKey(
        "booking.Party",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("the side it is about, if not its own"),
    )
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at"]
        verbose_name = _("failure")
        verbose_name_plural = _("failures")

    def __str__(self) -> str:
        return self.code


class VerdictAnswer(models.TextChoices):
    """Did it work?"""

    WELL = "well", _("Yes, well")
    HALF = "half", _("More or less")
    NO = "no", _("No")


class Verdict(models.Model):
    """What a party said after the meeting. One a party; a later answer replaces the earlier."""

    party = models.OneToOneField("booking.Party", models.CASCADE, related_name="verdict")
    at = models.DateTimeField()
    worked = models.CharField(_("Did it work?"), max_length=4, choices=VerdictAnswer)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [
            models.CheckConstraint(name="verdict_known", condition=Q(worked__in=VerdictAnswer.values)),
        ]

    def __str__(self) -> str:
        return self.worked
