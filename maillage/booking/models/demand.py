"""What people asked for and did not get (requirements B23, U13): the demand that bookings do not show."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class UnmetReason(models.TextChoices):
    """Why a request was not met."""

    NO_SLOT = "no-slot", _("no common hour")
    NO_ROOM = "no-room", _("no room that suits")
    TAKEN = "taken", _("taken meanwhile")
    CLOSED = "closed", _("closed at that time")
    DECLINED = "declined", _("declined by the host")
    UNANSWERED = "unanswered", _("no answer from the host")


class UnmetDemand(models.Model):
    """One request that was not met, without anybody's name. The same request the same day counts once, by `mark`."""

    day = models.DateField()
    mark = models.CharField(max_length=32, help_text=_("tells the same request again, cannot be read back"))
    reason = models.CharField(_("reason"), max_length=10, choices=UnmetReason)
    commune = models.ForeignKey("territory.Commune", models.PROTECT, related_name="+", verbose_name=_("commune"))
    head_count = models.PositiveSmallIntegerField(_("people"))
    party_count = models.PositiveSmallIntegerField()
    length = models.PositiveSmallIntegerField(help_text=_("in quarter-hours"))
    first_quarter = models.PositiveIntegerField(help_text=_("of the time that was wanted"))
    part_of_day = models.CharField(max_length=9, default="any")

    class Meta:
        ordering = ["day"]
        verbose_name = _("unmet request")
        verbose_name_plural = _("unmet requests")
        constraints = [
            models.UniqueConstraint(fields=["day", "mark", "commune"], name="unmet_demand_once_a_day"),
            models.CheckConstraint(name="unmet_reason_known", condition=Q(reason__in=UnmetReason.values)),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.get_reason_display()}"
