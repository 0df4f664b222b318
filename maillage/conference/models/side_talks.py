"""« Le couloir »: two sides that stay to talk apart once the meeting is over. Counted apart, heard by nobody else."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SideTalkWish(models.Model):
    """A side would like to stay with another one. One wish at a time; only the wanted side learns of it."""

    party = models.OneToOneField("booking.Party", models.CASCADE, related_name="side_talk_wish")
    wanted = models.ForeignKey("booking.Party", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("wish to talk apart")
        verbose_name_plural = _("wishes to talk apart")
        constraints = [
            models.CheckConstraint(name="side_talk_wish_of_another", condition=~Q(party=F("wanted"))),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} → {self.wanted_id}"


class SideTalk(models.Model):
    """A small call of two sides, each in with one screen at most (`seats`, by party), for a limited time."""

    conference = models.ForeignKey("conference.Conference", models.CASCADE, related_name="side_talks")
    first = models.ForeignKey("booking.Party", models.CASCADE, related_name="+")
    second = models.ForeignKey("booking.Party", models.CASCADE, related_name="+")
    agreed_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True, help_text=_("when both were in"))
    ended_at = models.DateTimeField(null=True, blank=True)
    seats = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["agreed_at", "pk"]
        verbose_name = _("talk apart")
        verbose_name_plural = _("talks apart")
        constraints = [
            models.CheckConstraint(name="side_talk_in_order", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(ended_at__isnull=True), name="side_talk_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}"
