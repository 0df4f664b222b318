"""Whether anybody came: the first sign of life of a meeting, or that nobody came and its rooms were given back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SignKind(models.TextChoices):
    """How it is known."""

    ENTERED = "entered", _("somebody entered the meeting")
    PRESSED = "pressed", _("its people said so by their link")
    SEEN = "seen", _("somebody of the place saw them")
    NOTHING = "nothing", _("no sign of life in time")
    DECLARED = "declared", _("somebody of the place saw that nobody came")


class Turnout(models.Model):
    """Written once for a booking, by whoever is first: `turnout_once` decides between a check-in and a release."""

    booking = models.OneToOneField("booking.Booking", models.CASCADE, related_name="turnout")
    party = models.ForeignKey("booking.Party", models.CASCADE, null=True, blank=True, related_name="+")
    came = models.BooleanField(_("somebody came"))
    sign = models.CharField(_("how it is known"), max_length=8, choices=SignKind)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("turnout")
        verbose_name_plural = _("turnouts")
        constraints = [
            models.CheckConstraint(
                name="turnout_sign_agrees",
                condition=Q(came=True, sign__in=["entered", "pressed", "seen"])
                | Q(came=False, sign__in=["nothing", "declared"]),
            )
        ]

    def __str__(self) -> str:
        return self.get_sign_display()


class NoShowWarning(models.Model):
    """The people of a meeting that gives no sign of life were asked, once, whether they come."""

    booking = models.OneToOneField("booking.Booking", models.CASCADE, related_name="no_show_warning")
    at = models.DateTimeField()
    release_at = models.DateTimeField(help_text=_("its rooms are not given back before"))

    class Meta:
        verbose_name = _("warning before rooms are given back")
        verbose_name_plural = _("warnings before rooms are given back")
        constraints = [
            models.CheckConstraint(name="no_show_warned_before_release", condition=Q(release_at__gt=F("at")))
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.at:%H:%M}"
