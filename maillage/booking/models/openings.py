"""A point asked to open, or to say yes, for a booking: one request a point, its answer, the other times it proposes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class OpeningReason(models.TextChoices):
    """Why somebody of the point has to answer."""

    OUT_OF_HOURS = "out-of-hours", _("outside the opening hours")
    ROOM_RULE = "room-rule", _("this room is given by somebody of the point")


class OpeningStatus(models.TextChoices):
    """ASKED waits for the point, PROPOSED for the organiser; the others are ends."""

    ASKED = "asked", _("to be answered")
    PROPOSED = "proposed", _("another time was proposed")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    EXPIRED = "expired", _("nobody answered in time")
    WITHDRAWN = "withdrawn", _("withdrawn by the organiser")


class RefusalCause(models.TextChoices):
    """Why a point says no (requirement B23)."""

    NOBODY = "nobody", _("nobody can come and open")
    TAKEN = "taken", _("the room is needed for something else")
    IMPOSSIBLE = "impossible", _("the building cannot be opened at that hour")
    WORKS = "works", _("works or a failure")
    OTHER = "other", _("another reason")


class HostLevel(models.TextChoices):
    """Who is asked for a point: those of the next level when nobody answers."""

    POINT = "point", _("the point")
    SECOND = "second", _("its second contact")
    DESK = "desk", _("the network's desk")
    AGENT = "agent", _("an agent who signed in")


class OpeningRequest(models.Model):
    """One point asked for one booking. `round` grows each time it is asked anew, so that an older link answers nothing.

    Answers are given under the booking's row: the first wins.
    """

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="openings")
    point = models.ForeignKey("points.Point", models.PROTECT, related_name="+", verbose_name=_("point"))
    reason = models.CharField(_("why"), max_length=12, choices=OpeningReason)
    status = models.CharField(_("status"), max_length=9, choices=OpeningStatus, default=OpeningStatus.ASKED)
    round = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField(_("answer before"))
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=6, choices=HostLevel, blank=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    refusal_cause = models.CharField(_("cause"), max_length=10, choices=RefusalCause, blank=True)
    note = models.CharField(_("a word for the organiser"), max_length=300, blank=True)

    class Meta:
        ordering = ["deadline", "pk"]
        verbose_name = _("request to a point")
        verbose_name_plural = _("requests to points")
        indexes = [models.Index(fields=["status", "deadline"], name="opening_by_status_and_time")]
        constraints = [
            models.UniqueConstraint(fields=["booking", "point"], name="opening_once_a_point"),
            models.CheckConstraint(name="opening_status_known", condition=Q(status__in=OpeningStatus.values)),
            models.CheckConstraint(
                name="opening_refused_has_cause", condition=~Q(status="refused") | ~Q(refusal_cause="")
            ),
            models.CheckConstraint(
                name="opening_answer_has_a_time",
                condition=~Q(status__in=["accepted", "refused", "proposed"]) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(name="opening_deadline_to_come", condition=Q(deadline__gt=F("asked_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.point}, {self.get_status_display()}"


class OtherTime(models.Model):
    """Another time that a point proposes for a booking."""

    opening = models.ForeignKey(OpeningRequest, models.CASCADE, related_name="other_times")
    first_quarter = models.PositiveIntegerField()

    class Meta:
        ordering = ["first_quarter"]
        constraints = [models.UniqueConstraint(fields=["opening", "first_quarter"], name="other_time_once")]

    def __str__(self) -> str:
        return f"{self.opening_id}: {self.first_quarter}"
