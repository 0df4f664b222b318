"""Calls that the desk asks the gateway to make: a telephone or a terminal is rung and brought into the meeting."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DialState(models.TextChoices):
    """ASKED waits for a gateway; RINGING is tried by one; the other two are ends."""

    ASKED = "asked", _("asked")
    RINGING = "ringing", _("rings")
    IN = "in", _("in the meeting")
    FAILED = "failed", _("did not answer")


class DialOrder(models.Model):
    """One call out. `dial_order_open_once`: the same number is not rung twice at once for a meeting."""

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="dial_orders")
    party = models.ForeignKey("booking.Party", models.CASCADE, null=True, blank=True, related_name="dial_orders")
    target = models.CharField(_("number or address"), max_length=200)
    name = models.CharField(_("shown as"), max_length=120)
    state = models.CharField(_("state"), max_length=7, choices=DialState, default=DialState.ASKED)
    reason = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("call out")
        verbose_name_plural = _("calls out")
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "target"], condition=Q(state__in=["asked", "ringing"]), name="dial_order_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.target} ({self.state})"
