"""What opens a door: the keys of a room and who has them, the codes of its door (requirement B6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RoomKey(models.Model):
    """A key as its label says it. One that was lost or changed is kept, no longer lent."""

    room = models.ForeignKey("points.Room", models.PROTECT, related_name="keys")
    label = models.CharField(_("written on the key"), max_length=40)
    is_in_use = models.BooleanField(_("can be lent"), default=True)

    class Meta:
        ordering = ["room", "label"]
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        constraints = [models.UniqueConstraint(fields=["room", "label"], name="key_label_once_in_a_room")]

    def __str__(self) -> str:
        return self.label


class KeyLoan(models.Model):
    """A key somebody has, for a booking or not. `key_lent_once` keeps a key from being lent twice at a time.

    Who had it is forgotten some weeks after its return.
    """

    key = models.ForeignKey(RoomKey, models.PROTECT, related_name="loans")
    booking = models.ForeignKey("booking.Booking", models.SET_NULL, null=True, blank=True, related_name="key_loans")
    holder = models.CharField(_("lent to"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    language = models.CharField(max_length=5, default="fr")
    lent_at = models.DateTimeField()
    due_at = models.DateTimeField(_("to be returned before"))
    returned_at = models.DateTimeField(null=True, blank=True)
    lent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("key loan")
        verbose_name_plural = _("key loans")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="key_lent_once", condition=Q(returned_at__isnull=True)),
            models.CheckConstraint(name="key_due_after_it_is_lent", condition=Q(due_at__gt=F("lent_at"))),
            models.CheckConstraint(
                name="key_returned_after_it_is_lent",
                condition=Q(returned_at__isnull=True) | Q(returned_at__gte=F("lent_at")),
            ),
            models.CheckConstraint(name="key_out_has_a_holder", condition=Q(returned_at__isnull=False) | ~Q(holder="")),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.holder}"


class DoorCode(models.Model):
    """The code of a room's door, sealed: its own, or one typed for a booking, which goes with its meeting."""

    room = models.ForeignKey("points.Room", models.CASCADE, related_name="door_codes")
    booking = models.ForeignKey("booking.Booking", models.CASCADE, null=True, blank=True, related_name="door_codes")
    sealed = models.CharField(max_length=300)
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("door code")
        verbose_name_plural = _("door codes")
        constraints = [
            models.UniqueConstraint(fields=["room"], name="door_code_once", condition=Q(booking__isnull=True)),
            models.UniqueConstraint(fields=["room", "booking"], name="door_code_once_a_booking"),
            models.CheckConstraint(name="door_code_is_sealed", condition=~Q(sealed="")),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}: …"
