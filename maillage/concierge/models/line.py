"""Calls to the desk: who asked to speak to somebody, who answered, who did not."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CallState(models.TextChoices):
    """WAITING rings at every desk; ANSWERED speaks with one; the other two are ends."""

    WAITING = "waiting", _("waiting")
    ANSWERED = "answered", _("answered")
    ENDED = "ended", _("over")
    MISSED = "missed", _("missed")


class HelpCall(models.Model):
    """One call to the desk by voice. `help_call_open_once`: a side or a room has one open call at most."""

    thing = models.CharField(max_length=60, help_text=_("who calls, as in room:12 or party:40"))
    name = models.CharField(_("who calls"), max_length=160)
    booking = models.ForeignKey("booking.Booking", models.CASCADE, null=True, blank=True, related_name="help_calls")
    party = models.ForeignKey("booking.Party", models.CASCADE, null=True, blank=True, related_name="help_calls")
    room = models.ForeignKey("points.Room", models.CASCADE, null=True, blank=True, related_name="help_calls")
    ticket = models.ForeignKey("concierge.Ticket", models.SET_NULL, null=True, blank=True, related_name="calls")
    state = models.CharField(_("state"), max_length=8, choices=CallState, default=CallState.WAITING)
    rang_at = models.DateTimeField(_("rang"), db_index=True)
    heard_at = models.DateTimeField(help_text=_("the caller's page gave its last sign of life"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ["rang_at", "pk"]
        verbose_name = _("call to the desk")
        verbose_name_plural = _("calls to the desk")
        constraints = [
            models.UniqueConstraint(
                fields=["thing"], condition=Q(state__in=["waiting", "answered"]), name="help_call_open_once"
            ),
            models.CheckConstraint(
                name="help_call_over_has_end",
                condition=Q(state__in=["waiting", "answered"], ended_at__isnull=True)
                | Q(state__in=["ended", "missed"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.rang_at:%Y-%m-%d %H:%M})"
