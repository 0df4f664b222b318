"""The waiting list: a wish nothing fits, and the slots offered to it when one frees."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.booking.models.bookings import Category


class WaitStatus(models.TextChoices):
    """WAITING in line, OFFERED a slot that is kept for them; the others are ends."""

    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("offered a slot")
    MET = "met", _("has a slot")
    LEFT = "left", _("left the line")
    MISSED = "missed", _("did not answer the offers")


class Wait(models.Model):
    """Who waits, for what, until when. `wait_once` keeps one place in line for the same wish of the same person.

    Served in the order of `turn_at`. Deleted after `until`.
    """

    mark = models.CharField(max_length=32, help_text=_("tells the same wish of the same person again"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    category = models.CharField(_("category"), max_length=14, choices=Category, blank=True)
    language = models.CharField(max_length=5, default="fr")
    wish = models.JSONField(help_text=_("see domain.waiting"))
    until = models.DateTimeField(_("waits until"))
    status = models.CharField(_("status"), max_length=7, choices=WaitStatus, default=WaitStatus.WAITING)
    asked_at = models.DateTimeField()
    turn_at = models.DateTimeField(help_text=_("its rank in the line"))
    missed = models.PositiveSmallIntegerField(default=0, help_text=_("offers that were not answered"))

    class Meta:
        ordering = ["turn_at", "pk"]
        verbose_name = _("place in the waiting list")
        verbose_name_plural = _("places in the waiting list")
        indexes = [models.Index(fields=["status", "turn_at"], name="wait_by_status_and_turn")]
        constraints = [
            models.UniqueConstraint(fields=["mark"], name="wait_once", condition=Q(status__in=["waiting", "offered"])),
            models.CheckConstraint(name="wait_status_known", condition=Q(status__in=WaitStatus.values)),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_status_display()}"

    @property
    def reach(self) -> str:
        """Where they are written to."""
        return self.email or self.phone


class WaitPlace(models.Model):
    """A point where the wish may be met: its facilitator sees who waits."""

    wait = models.ForeignKey(Wait, models.CASCADE, related_name="places")
    point = models.ForeignKey("points.Point", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wait", "point"], name="wait_place_once")]

    def __str__(self) -> str:
        return f"{self.wait_id} → {self.point_id}"


class OfferStatus(models.TextChoices):
    """OPEN while its rooms are kept."""

    OPEN = "open", _("kept for them")
    TAKEN = "taken", _("taken")
    PASSED = "passed", _("passed on")
    EXPIRED = "expired", _("not answered in time")


class WaitOffer(models.Model):
    """A slot kept for somebody in line until `until`. `wait_offer_one_open` keeps one offer at a time for each.

    One that was taken outlives its wait, without anybody's name: it is counted.
    """

    wait = models.ForeignKey(Wait, models.SET_NULL, null=True, blank=True, related_name="offers")
    booking = models.OneToOneField("booking.Booking", models.CASCADE, related_name="wait_offer")
    status = models.CharField(_("status"), max_length=7, choices=OfferStatus, default=OfferStatus.OPEN)
    offered_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["offered_at", "pk"]
        verbose_name = _("slot offered")
        verbose_name_plural = _("slots offered")
        constraints = [
            models.UniqueConstraint(fields=["wait"], name="wait_offer_one_open", condition=Q(status="open")),
            models.CheckConstraint(name="wait_offer_ends_later", condition=Q(until__gt=F("offered_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.wait_id}: {self.get_status_display()}"


class WaitingLine(models.Model):
    """One row: how often rooms were freed, how often the line was served since, and who serves it now, until when."""

    freed = models.PositiveBigIntegerField(default=0)
    served = models.PositiveBigIntegerField(default=0)
    served_at = models.DateTimeField(null=True, blank=True)
    busy_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.served} / {self.freed}"
