"""Meetings that come back: a series and its dates, each with its own booking."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SeriesDateState(models.TextChoices):
    """What became of a date when the series was confirmed."""

    PENDING = "pending", _("being booked")
    BOOKED = "booked", _("booked")
    LEFT_OUT = "left-out", _("left out")
    REFUSED = "refused", _("could not be booked")


class Series(models.Model):
    """A rule that was confirmed once, and its dates. `rule` is kept to say it again in words and to go on later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request_key = models.CharField(max_length=64, unique=True, help_text=_("the same request twice makes one series"))
    rule = models.JSONField()
    time_zone = models.CharField(max_length=40)
    length = models.PositiveSmallIntegerField(help_text=_("in quarter-hours"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return str(self.pk)


class SeriesDate(models.Model):
    """One date of a series. A booked one has its booking; `refusal` keeps the code of one that could not be."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="dates")
    position = models.PositiveSmallIntegerField()
    day = models.DateField()
    state = models.CharField(max_length=8, choices=SeriesDateState)
    booking = models.OneToOneField("booking.Booking", models.CASCADE, null=True, blank=True, related_name="series_date")
    refusal = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["series", "position"]
        verbose_name = _("date of a series")
        verbose_name_plural = _("dates of a series")
        constraints = [
            models.UniqueConstraint(fields=["series", "position"], name="series_date_position_once"),
            models.CheckConstraint(
                name="series_date_booked_has_a_booking",
                condition=Q(state="booked", booking__isnull=False) | (~Q(state="booked") & Q(booking__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.get_state_display()}"
