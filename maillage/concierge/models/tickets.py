"""Problems, one ticket each, and the steps of a meeting that people said were done."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.concierge.domain.runbook import Step


class Owner(models.TextChoices):
    """Whose problem it is."""

    DESK = "desk", _("the desk, to be found")
    NETWORK = "network", _("network operator")
    SUPPLIER = "supplier", _("supplier")
    HOST = "host", _("host of the point")
    FAR_END = "far-end", _("the far end")


class Cause(models.TextChoices):
    """What happened. The first six are opened by the system too."""

    STATION_SILENT = "station-silent", _("the room's screen is silent")
    STATION_RED = "station-red", _("the room's test is red")
    HELP_ASKED = "help-asked", _("a side asks for help")
    KEY_STOLEN = "key-stolen", _("the screen's key was copied")
    TRIAL = "trial", _("a side's own rehearsal failed")
    ROOM_LOST = "room-lost", _("its room closed, the organiser must be called")
    LINE = "line", _("line cut or too weak")
    SOUND = "sound", _("sound")
    IMAGE = "image", _("image")
    PEOPLE = "people", _("nobody came, or not ready")
    OTHER = "other", _("other")


class Ticket(models.Model):
    """One problem, from when it was seen to when it was over. `ticket_open_once`: one open for a thing and cause."""

    cause = models.CharField(_("cause"), max_length=14, choices=Cause)
    owner = models.CharField(_("whose"), max_length=8, choices=Owner, default=Owner.DESK)
    supplier = models.ForeignKey("concierge.Supplier", models.SET_NULL, null=True, blank=True, related_name="tickets")
    booking = models.ForeignKey("booking.Booking", models.CASCADE, null=True, blank=True, related_name="tickets")
    party = models.ForeignKey("booking.Party", models.CASCADE, null=True, blank=True, related_name="tickets")
    room = models.ForeignKey("points.Room", models.CASCADE, null=True, blank=True, related_name="tickets")
    test = models.ForeignKey("station.SelfTest", models.SET_NULL, null=True, blank=True, related_name="tickets")
    thing = models.CharField(max_length=60, editable=False, help_text=_("what it is about, as in room:12 or party:40"))
    opened_at = models.DateTimeField(_("opened"), db_index=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["thing", "cause"], condition=Q(closed_at__isnull=True), name="ticket_open_once"
            ),
            models.CheckConstraint(
                name="ticket_closes_after_it_opened",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} ({self.thing})"

    def lasted(self, now: datetime) -> timedelta:
        """How long the problem lasted, or has lasted at `now`."""
        return (self.closed_at or now) - self.opened_at


class TicketNote(models.Model):
    """One line of a ticket's story. Written once."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(_("note"), max_length=2000)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("note of a ticket")
        verbose_name_plural = _("notes of tickets")

    def __str__(self) -> str:
        return self.text[:60]


class RunbookStep(models.Model):
    """A step of a meeting that a person did. What the system sees done has no row."""

    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="runbook_steps")
    step = models.CharField(max_length=9, choices=[(step.value, step.value) for step in Step])
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("step of a meeting")
        verbose_name_plural = _("steps of meetings")
        constraints = [models.UniqueConstraint(fields=["booking", "step"], name="runbook_step_once")]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.step}"
