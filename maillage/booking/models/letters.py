"""The mails of a booking, each written down before it is sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LetterKind(models.TextChoices):
    """Why we write to somebody."""

    CONFIRMATION = "confirmation", _("confirmation")
    INVITATION = "invitation", _("invitation")
    CHANGE = "change", _("change")
    CANCELLATION = "cancellation", _("cancellation")
    DAY_BEFORE = "day-before", _("reminder the day before")
    HALF_HOUR = "half-hour", _("reminder half an hour before")
    NO_SIGN = "no-sign", _("no sign of life at the hour")
    COMPANION = "companion", _("a first session to accompany")
    NO_COMPANION = "no-companion", _("a first session that was cancelled")
    SEAT = "seat", _("a seat at a public session")
    SEAT_WAIT = "seat-wait", _("a place in the waiting list of a session")
    SEAT_SOON = "seat-soon", _("reminder of a public session")
    SEAT_MOVED = "seat-moved", _("a public session that moved")
    SEAT_OFF = "seat-off", _("a public session that was cancelled")
    REQUEST_SENT = "request-sent", _("request sent to the point")
    OTHER_TIMES = "other-times", _("other times proposed")
    DECLINED = "declined", _("refused by the point")
    UNANSWERED = "unanswered", _("no answer from the point")
    HOST_ASKED = "host-asked", _("request to the point")
    HOST_REMINDED = "host-reminded", _("reminder to the point")
    HOST_ESCALATED = "host-escalated", _("request to the second contact")
    HOST_CANCELLED = "host-cancelled", _("request withdrawn")
    ROOM_LOST = "room-lost", _("a room that can no longer be had")
    ROOM_STILL_LOST = "room-still-lost", _("reminder about a room that can no longer be had")
    ROOM_BACK = "room-back", _("a room that is open after all")
    NEW_ROOM = "new-room", _("another room, or another address")
    HOST_BOUNCED = "host-bounced", _("an organiser whose address does not exist, to be called")
    HOST_LOST = "host-lost", _("a meeting without its room, to be called")


class LetterStatus(models.TextChoices):
    """WAITING and SENDING are on their way; the others are ends."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("given up")
    WITHHELD = "withheld", _("not sent on purpose")
    BOUNCED = "bounced", _("came back")


class LetterRecord(models.Model):
    """One mail to one person about one state of a booking. `letter_once` keeps a reminder from leaving twice."""

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="letters")
    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="letters")
    opening = models.ForeignKey("booking.OpeningRequest", models.CASCADE, null=True, blank=True, related_name="letters")
    loss = models.ForeignKey("booking.RoomLoss", models.CASCADE, null=True, blank=True, related_name="letters")
    kind = models.CharField(_("kind"), max_length=16, choices=LetterKind)
    sequence = models.PositiveIntegerField(help_text=_("of the booking when it was written"))
    recipient = models.EmailField(_("to"))
    status = models.CharField(_("status"), max_length=8, choices=LetterStatus, default=LetterStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text=_("not tried before"))
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True, help_text=_("what the mail server said last"))

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [models.Index(fields=["status", "due_at"], name="letter_by_status_and_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "party", "kind", "sequence", "recipient"],
                condition=Q(loss__isnull=True),
                name="letter_once",
            ),
            models.UniqueConstraint(fields=["loss", "kind", "recipient"], name="letter_once_a_loss"),
            models.CheckConstraint(name="letter_status_known", condition=Q(status__in=LetterStatus.values)),
            models.CheckConstraint(
                name="letter_sent_has_a_time", condition=~Q(status="sent") | Q(sent_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"


class DeadAddress(models.Model):
    """An address that a mail server refused for good: nobody is written to there until it is corrected.

    `address` is folded to lower case.
    """

    address = models.EmailField(_("address"), unique=True)
    status = models.CharField(max_length=11, help_text=_("as in 5.1.1 (RFC 3463)"))
    reason = models.CharField(max_length=200, blank=True, help_text=_("what the mail server said"))
    since = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["-since"]
        verbose_name = _("dead address")
        verbose_name_plural = _("dead addresses")

    def __str__(self) -> str:
        return self.address
