"""What hangs behind a room in its meetings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BackdropKind(models.TextChoices):
    """The network's picture, the place's own, or none."""

    NETWORK = "network", _("the network's")
    OWN = "own", _("our own picture")
    NONE = "none", _("none")


class Backdrop(models.Model):
    """The choice of one room; without a row, the network's. `backdrop_own_has_picture` keeps an own one whole.

    The picture is WebP, drawn again by us: no side data, bounded size. Its digest is its address.
    """

    room = models.OneToOneField("points.Room", models.CASCADE, related_name="backdrop")
    kind = models.CharField(_("backdrop"), max_length=7, choices=BackdropKind, default=BackdropKind.NETWORK)
    picture = models.BinaryField(blank=True, default=b"")
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("backdrop")
        verbose_name_plural = _("backdrops")
        constraints = [
            models.CheckConstraint(name="backdrop_kind_known", condition=Q(kind__in=BackdropKind)),
            models.CheckConstraint(name="backdrop_own_has_picture", condition=~Q(kind="own") | ~Q(digest="")),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}: {self.get_kind_display()}"
