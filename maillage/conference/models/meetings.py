"""A meeting as it takes place, and who is in it. Presence is a row: several web processes see the same meeting."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class EndReason(models.TextChoices):
    """Why a meeting is over."""

    ENDED = "ended", _("a party ended it for all")
    EMPTIED = "emptied", _("everyone left after its planned end")
    TIME_OVER = "time-over", _("its time was over and nobody was in")
    NOBODY_CAME = "nobody-came", _("nobody came")


class LeaveReason(models.TextChoices):
    """Why a party is no longer in."""

    LEFT = "left", _("they left")
    MOVED = "moved", _("they went on with another screen")
    LOST = "lost", _("their line was lost")
    ENDED = "ended", _("the meeting ended")


class Images(models.TextChoices):
    """How much of the others' images a screen receives: the first thing a weak line gives up."""

    FULL = "full", _("as large as they are shown")
    SMALL = "small", _("small ones")
    NONE = "none", _("no image")


class Conference(models.Model):
    """One booking's meeting, from the first entry to its end. `presence_version` grows as people come and go."""

    booking = models.OneToOneField("booking.Booking", models.CASCADE, related_name="conference")
    started_at = models.DateTimeField(_("first entry"), null=True, blank=True)
    ended_at = models.DateTimeField(_("end"), null=True, blank=True)
    end_reason = models.CharField(max_length=11, choices=EndReason, blank=True)
    ended_by = models.ForeignKey("booking.Party", models.SET_NULL, null=True, blank=True, related_name="+")
    presence_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("conference")
        verbose_name_plural = _("conferences")
        constraints = [
            models.CheckConstraint(
                name="conference_ended_has_reason",
                condition=Q(ended_at__isnull=True, end_reason="") | Q(ended_at__isnull=False) & ~Q(end_reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}"


class Attendance(models.Model):
    """One stay of a party: one screen, from entry to leaving. A party has at most one open stay, the database says so.

    `connection` names the screen and survives a reload; `page` names one load of the page. `entered_version` orders
    the pages of a meeting: of two, the later one opens the line.
    """

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="attendances")
    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="attendances")
    connection = models.CharField(max_length=36)
    page = models.CharField(max_length=36)
    entered_version = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    leave_reason = models.CharField(max_length=5, choices=LeaveReason, blank=True)
    device = models.CharField(max_length=60, blank=True, help_text=_("as the browser names itself, shortened"))
    microphone_on = models.BooleanField(default=False)
    camera_on = models.BooleanField(default=False)
    screen_on = models.BooleanField(default=False)
    sound_only = models.BooleanField(default=False, help_text=_("wants no image from the others"))
    images = models.CharField(
        max_length=5,
        choices=Images,
        default=Images.FULL,
        help_text=_("what its line lets it receive of the others' images"),
    )

    class Meta:
        ordering = ["joined_at", "pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        indexes = [models.Index(fields=["conference", "left_at"], name="attendance_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(left_at__isnull=True), name="attendance_open_once_a_party"
            ),
            models.CheckConstraint(
                name="attendance_left_after_joined", condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at"))
            ),
            models.CheckConstraint(
                name="attendance_left_has_reason",
                condition=Q(left_at__isnull=True, leave_reason="") | Q(left_at__isnull=False) & ~Q(leave_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id}: {self.joined_at:%H:%M}"
