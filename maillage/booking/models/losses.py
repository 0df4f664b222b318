"""A room that a booked meeting can no longer have: why, what its organiser was told and answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LossCause(models.TextChoices):
    """What happened to the room after it was booked."""

    CLOSED = "closed", _("the room is closed at that hour")
    OUT_OF_ORDER = "out-of-order", _("the room is out of order")
    FOR_GOOD = "for-good", _("the room is closed for good")
    MERGED = "merged", _("the room was joined to another one, which is taken at that hour")


class LossStatus(models.TextChoices):
    """WAITING for the organiser; the others are ends."""

    WAITING = "waiting", _("to be answered")
    REHOUSED = "rehoused", _("another room was taken")
    MOVED = "moved", _("the meeting changed its hour")
    CANCELLED = "cancelled", _("the meeting was cancelled")
    LIFTED = "lifted", _("the room is open after all")
    KEPT = "kept", _("the meeting takes place there all the same")
    MISSED = "missed", _("nobody answered before the meeting")


class RoomLoss(models.Model):
    """A room lost by one party of a booking. The booking keeps its hour and its other rooms until it is answered.

    Answers are given under the booking's row: the first wins. `loss_once_waiting` keeps one open for a party.
    """

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="losses")
    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="losses")
    room = models.ForeignKey("points.Room", models.PROTECT, related_name="+", verbose_name=_("room lost"))
    closure = models.ForeignKey("points.Closure", models.SET_NULL, null=True, blank=True, related_name="losses")
    cause = models.CharField(_("why"), max_length=12, choices=LossCause)
    note = models.CharField(_("in the words of the place"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=LossStatus, default=LossStatus.WAITING)
    opened_at = models.DateTimeField()
    answer_before = models.DateTimeField(help_text=_("somebody calls the organiser after that"))
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    new_room = models.ForeignKey("points.Room", models.PROTECT, null=True, blank=True, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["booking__first_quarter", "pk"]
        verbose_name = _("room lost")
        verbose_name_plural = _("rooms lost")
        indexes = [models.Index(fields=["status", "answer_before"], name="loss_by_status_and_time")]
        constraints = [
            models.UniqueConstraint(fields=["party"], condition=Q(status="waiting"), name="loss_once_waiting"),
            models.CheckConstraint(name="loss_status_known", condition=Q(status__in=LossStatus.values)),
            models.CheckConstraint(
                name="loss_settled_has_a_time", condition=Q(status="waiting") | Q(settled_at__isnull=False)
            ),
            models.CheckConstraint(
                name="loss_rehoused_has_a_room", condition=~Q(status="rehoused") | Q(new_room__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.room}, {self.get_status_display()}"
