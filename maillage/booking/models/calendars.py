"""Other calendars of a room, followed or written to; and our own calendars, published behind a secret address."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

STALE_AFTER = timedelta(hours=3)


class FeedKind(models.TextChoices):
    """How another calendar is read."""

    ICS = "ics", _("address of an .ics file")
    CALDAV = "caldav", _("CalDAV calendar")


class CalendarFeed(models.Model):
    """Another calendar of a room. What it says is imported by a job, never in a page; it never moves a booking.

    `error_code` is that of the last try, empty if it went well. What was imported stays while it cannot be read.
    """

    room = models.ForeignKey("points.Room", models.CASCADE, related_name="feeds", verbose_name=_("room"))
    name = models.CharField(_("name"), max_length=80, help_text=_("as in: theatre class"))
    kind = models.CharField(_("kind"), max_length=6, choices=FeedKind, default=FeedKind.ICS)
    address = models.CharField(_("address"), max_length=500)
    username = models.CharField(_("user name"), max_length=120, blank=True)
    sealed_password = models.CharField(max_length=400, blank=True, editable=False)
    writes_back = models.BooleanField(
        _("our bookings are written there"), default=False, help_text=_("CalDAV calendars alone")
    )
    is_active = models.BooleanField(_("followed"), default=True)
    next_try_at = models.DateTimeField(help_text=_("not read before"))
    tried_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(_("last read"), null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("in a row"))
    etag = models.CharField(max_length=200, blank=True)
    left_out = models.PositiveIntegerField(default=0, help_text=_("events that could not be read"))

    class Meta:
        ordering = ["room", "name"]
        verbose_name = _("calendar of a room")
        verbose_name_plural = _("calendars of rooms")
        indexes = [models.Index(fields=["is_active", "next_try_at"], name="feed_by_next_try")]
        constraints = [
            models.UniqueConstraint(fields=["room", "address"], name="feed_once_a_room"),
            models.CheckConstraint(
                name="feed_writes_back_by_caldav", condition=Q(writes_back=False) | Q(kind="caldav")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_stale(self, now: datetime) -> bool:
        """Tell whether what we show of it may be out of date."""
        return self.succeeded_at is None or now - self.succeeded_at > STALE_AFTER


class CalendarConflict(models.Model):
    """Another calendar says that a room is taken while we have a meeting there: the facilitator is told."""

    feed = models.ForeignKey(CalendarFeed, models.CASCADE, related_name="conflicts")
    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="calendar_conflicts")
    summary = models.CharField(max_length=120, blank=True)
    first_quarter = models.PositiveIntegerField()
    end_quarter = models.PositiveIntegerField()
    seen_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True, blank=True, help_text=_("when one of the two had gone"))

    class Meta:
        ordering = ["first_quarter"]
        verbose_name = _("conflict between calendars")
        verbose_name_plural = _("conflicts between calendars")
        constraints = [models.UniqueConstraint(fields=["feed", "booking"], name="calendar_conflict_once")]

    def __str__(self) -> str:
        return f"{self.feed}: {self.booking}"


class CalendarCopy(models.Model):
    """One of our bookings as written in another calendar: under which name, in which version of each."""

    feed = models.ForeignKey(CalendarFeed, models.CASCADE, related_name="copies")
    booking = models.ForeignKey("booking.Booking", models.CASCADE, related_name="calendar_copies")
    etag = models.CharField(max_length=200, blank=True)
    sequence = models.PositiveIntegerField(help_text=_("of the booking when it was written"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "booking"], name="calendar_copy_once")]

    def __str__(self) -> str:
        return f"{self.booking} → {self.feed}"

    @property
    def name(self) -> str:
        """The entry's name in the other calendar."""
        return f"{self.booking_id}.ics"


class CalendarDoor(models.Model):
    """A secret address that publishes a calendar of ours: a room's, or a person's. A new `edition` closes the old."""

    room = models.OneToOneField(
        "points.Room", models.CASCADE, null=True, blank=True, related_name="calendar_door", verbose_name=_("room")
    )
    email = models.EmailField(_("organiser's e-mail"), blank=True)
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("published calendar")
        verbose_name_plural = _("published calendars")
        constraints = [
            models.UniqueConstraint(fields=["email"], name="calendar_door_once_a_person", condition=~Q(email="")),
            models.CheckConstraint(
                name="calendar_door_of_a_room_or_a_person",
                condition=Q(room__isnull=False, email="") | (Q(room__isnull=True) & ~Q(email="")),
            ),
        ]

    def __str__(self) -> str:
        return self.email or str(self.room)
