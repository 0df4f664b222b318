"""Which bridge server carries a meeting, and the code by which telephones and terminals find it."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BridgeRoom(models.Model):
    """A meeting's room at a bridge server. `generation` grows with each change of way: of two at once, one wins.

    The room outlives its use: two browsers that are left alone speak directly, and come back if a third one does.
    """

    conference = models.OneToOneField("conference.Conference", models.CASCADE, related_name="bridge_room")
    room = models.CharField(max_length=32, unique=True, help_text=_("its name at the server: random, says nothing"))
    server = models.CharField(_("server"), max_length=60)
    generation = models.PositiveIntegerField(default=1)
    is_recorded = models.BooleanField(default=False)
    is_in_use = models.BooleanField(default=False, help_text=_("the meeting's sound and image pass through it now"))
    is_floor_held = models.BooleanField(default=False, help_text=_("sounds without the floor are held back there"))
    unneeded_since = models.DateTimeField(null=True, blank=True, help_text=_("two browsers alone are in since then"))
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
