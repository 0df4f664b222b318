"""A room's own screen: its identity, how it was paired, and what its tests found."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.points.models import Room
from maillage.station.domain.verdict import Level


class StationState(models.TextChoices):
    """ACTIVE is the one screen of its room; the others may no longer do anything."""

    ACTIVE = "active", _("in service")
    REPLACED = "replaced", _("replaced by another")
    REVOKED = "revoked", _("withdrawn")
    STOLEN = "stolen", _("withdrawn: its key was used twice")


class LinkedScreen(models.Model):
    """A screen linked to a room by a code, that proves itself by a key.

    Its key changes at each start; only digests are kept. The key before the present one is accepted for a short
    while, for a start cut by a power failure; later, it was copied, and the screen is withdrawn.
    """

    state = models.CharField(_("state"), max_length=8, choices=StationState, default=StationState.ACTIVE)
    key_digest = models.CharField(max_length=64, unique=True)
    former_key_digest = models.CharField(max_length=64, blank=True, db_index=True)
    key_changed_at = models.DateTimeField()
    paired_at = models.DateTimeField(_("paired on"))
    paired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("for a loan; otherwise permanent"))
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True, db_index=True)

    room: models.ForeignKey[Room, Room]
    room_id: int

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.room} ({self.get_state_display()})"


class Station(LinkedScreen):
    """The main screen of a room. `station_once_in_a_room` keeps one active for each room."""

    room = models.ForeignKey("points.Room", models.CASCADE, related_name="stations")
    version = models.CharField(max_length=20, blank=True)
    clock_ahead_s = models.FloatField(default=0, help_text=_("of the server's clock"))
    level = models.CharField(
        _("last test"), max_length=6, choices=[(level.value, level.value) for level in Level], default=Level.GREY
    )
    tested_at = models.DateTimeField(_("last tested"), null=True, blank=True)
    waived_until = models.DateTimeField(
        _("offered all the same until"),
        null=True,
        blank=True,
        help_text=_("decided by a person, whatever its tests say"),
    )

    class Meta:
        ordering = ["room"]
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        constraints = [
            models.UniqueConstraint(fields=["room"], name="station_once_in_a_room", condition=Q(state="active"))
        ]


class SecondScreen(LinkedScreen):
    """A room's second screen on a machine of its own. `second_screen_once_in_a_room` keeps one active for each room.

    It is no station: it is not tested, and its silence alarms nobody.
    """

    room = models.ForeignKey("points.Room", models.CASCADE, related_name="second_screens")

    class Meta:
        ordering = ["room"]
        verbose_name = _("second screen")
        verbose_name_plural = _("second screens")
        constraints = [
            models.UniqueConstraint(fields=["room"], name="second_screen_once_in_a_room", condition=Q(state="active"))
        ]


class ScreenKind(models.TextChoices):
    """What a screen that shows a code wants to be."""

    MAIN = "main", _("main screen")
    SECOND = "second", _("second screen")


class PairingRequest(models.Model):
    """A screen that shows a code and waits for somebody to type it. Forgotten after some minutes."""

    kind = models.CharField(max_length=6, choices=ScreenKind, default=ScreenKind.MAIN)
    code = models.CharField(max_length=6, unique=True)
    key_digest = models.CharField(max_length=64, unique=True, help_text=_("of the screen that waits"))
    expires_at = models.DateTimeField(db_index=True)
    station = models.OneToOneField(Station, models.CASCADE, null=True, blank=True, related_name="pairing")
    second_screen = models.OneToOneField(SecondScreen, models.CASCADE, null=True, blank=True, related_name="pairing")

    class Meta:
        verbose_name = _("pairing request")
        verbose_name_plural = _("pairing requests")

    def __str__(self) -> str:
        return self.code


class TestOccasion(models.TextChoices):
    """When a self-test ran."""

    __test__: ClassVar[bool] = False

    NIGHT = "night", _("at night")
    BEFORE_MEETING = "meeting", _("before a meeting")
    ASKED = "asked", _("on demand")


class SelfTest(models.Model):
    """One test of a station: what it measured and what that is worth. Kept with the booking it prepared."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="tests")
    booking = models.ForeignKey("booking.Booking", models.SET_NULL, null=True, blank=True, related_name="station_tests")
    occasion = models.CharField(max_length=7, choices=TestOccasion)
    at = models.DateTimeField(db_index=True)
    level = models.CharField(max_length=6, choices=[(level.value, level.value) for level in Level])
    causes = models.JSONField(default=list)
    measures = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("self-test")
        verbose_name_plural = _("self-tests")

    def __str__(self) -> str:
        return f"{self.station}: {self.level} ({self.at:%Y-%m-%d %H:%M})"


class OrderKind(models.TextChoices):
    """What the desk may ask of a room's screen. Nothing here opens a microphone or a camera unseen."""

    MESSAGE = "message", _("show a message")
    RESTART = "restart", _("start the screen again")
    TEST = "test", _("test the room")
    ENTER = "enter", _("press the button")
    RING = "ring", _("ring in the room")
    CALL = "call", _("ring for another room")


class StationOrder(models.Model):
    """What an agent asked of a screen, and when the screen took it. Shown and heard in the room."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="orders")
    kind = models.CharField(max_length=7, choices=OrderKind)
    text = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("order to a screen")
        verbose_name_plural = _("orders to screens")
        indexes = [models.Index(fields=["station", "taken_at"], name="station_order_waiting")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.asked_at:%Y-%m-%d %H:%M})"
