"""Sessions open to the public in several points: one party speaks, people take a seat near them (requirement B22)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Broadcast(models.Model):
    """A meeting that its organiser made public. Its hour, rooms and end are those of its booking."""

    booking = models.OneToOneField("booking.Booking", models.CASCADE, related_name="broadcast")
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("what it is about"), max_length=2000)
    is_open = models.BooleanField(_("seats can be taken"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["booking__first_quarter"]
        verbose_name = _("public session")
        verbose_name_plural = _("public sessions")

    def __str__(self) -> str:
        return self.title


class BroadcastPlace(models.Model):
    """A room where a public session is received, and how many seats it offers."""

    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="places")
    party = models.OneToOneField("booking.Party", models.CASCADE, related_name="broadcast_place")
    seats = models.PositiveSmallIntegerField(_("seats"))

    class Meta:
        ordering = ["party__position"]
        verbose_name = _("place of a public session")
        verbose_name_plural = _("places of public sessions")
        constraints = [models.CheckConstraint(name="broadcast_seats_1_to_500", condition=Q(seats__range=(1, 500)))]

    def __str__(self) -> str:
        return f"{self.party}: {self.seats}"


class Seat(models.Model):
    """Somebody's seat at one place: numbered, or waiting while `number` is empty.

    `seat_number_once` and `seat_number_within_the_place` keep a place from being oversold, whoever comes together;
    `seat_once_a_person` keeps one seat for each address or number. `reach` is that address or number, folded.
    """

    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="taken")
    place = models.ForeignKey(BroadcastPlace, models.CASCADE, related_name="taken")
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    out_of = models.PositiveSmallIntegerField(help_text=_("seats of the place when it was given"))
    name = models.CharField(_("name"), max_length=120)
    reach = models.CharField(_("e-mail or telephone"), max_length=254)
    language = models.CharField(max_length=5, default="fr")
    taken_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["taken_at", "pk"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="seat_number_once"),
            models.UniqueConstraint(
                fields=["broadcast", "reach"], name="seat_once_a_person", condition=Q(cancelled_at__isnull=True)
            ),
            models.CheckConstraint(
                name="seat_number_within_the_place",
                condition=Q(number__isnull=True) | Q(number__gte=1, number__lte=F("out_of")),
            ),
            models.CheckConstraint(
                name="seat_cancelled_has_no_number", condition=Q(cancelled_at__isnull=True) | Q(number__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number or '…'})"

    @property
    def is_waiting(self) -> bool:
        """Tell whether it waits for somebody else's."""
        return self.number is None and self.cancelled_at is None
