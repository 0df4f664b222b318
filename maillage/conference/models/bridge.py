"""Which bridge server carries a meeting, and the code by which telephones and terminals find it."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BridgeRoom(models.Model):
    """A meeting's room at a bridge server. `generation` grows with each move: of two moves at once, one wins."""

    conference = models.OneToOneField("conference.Conference", models.CASCADE, related_name="bridge_room")
    room = models.CharField(max_length=32, unique=True, help_text=_("its name at the server: random, says nothing"))
    server = models.CharField(_("server"), max_length=60)
    generation = models.PositiveIntegerField(default=1)
    is_recorded = models.BooleanField(default=False)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("room at a bridge")
        verbose_name_plural = _("rooms at bridges")

    def __str__(self) -> str:
        return f"{self.room} @ {self.server}"


class DialCode(models.Model):
    """Six digits that open one meeting. Unique among those in use, by constraint; used again once released."""

    booking = models.OneToOneField("booking.Booking", models.CASCADE, related_name="dial_code")
    code = models.CharField(_("code"), max_length=6, validators=[RegexValidator(r"^[0-9]{6}$")])
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("dial-in code")
        verbose_name_plural = _("dial-in codes")
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(released_at__isnull=True), name="dial_code_once")
        ]

    def __str__(self) -> str:
        return self.code
