"""Who meets when, in which rooms. Times are quarters, see `core.quarters`.

A Booking has parties; a party that comes to a room takes a Span of it; a span's quarters are Occupancies, whose
uniqueness forbids a double booking on any database. Reads use spans, writes are decided by occupancies.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from maillage.points.models import PriorityGroup


class BookingStatus(models.TextChoices):
    """HELD keeps the rooms for some minutes, ASKED until points answer, CONFIRMED until the meeting; others end it."""

    HELD = "held", _("held")
    ASKED = "asked", _("asked of the point")
    CONFIRMED = "confirmed", _("confirmed")
    CANCELLED = "cancelled", _("cancelled")
    DONE = "done", _("done")


class CancelCause(models.TextChoices):
    """Why a booking ended without its meeting (requirement B23)."""

    ORGANISER = "organiser", _("the organiser no longer needs it")
    HOLD_EXPIRED = "hold-expired", _("nobody confirmed in time")
    NO_COUNTERPART = "no-counterpart", _("the other side could not be reached or equipped")
    ROOM_CLOSED = "room-closed", _("the room became unavailable")
    NO_SHOW = "no-show", _("nobody came")
    DECLINED = "declined", _("refused by the point")
    UNANSWERED = "unanswered", _("the point did not answer in time")
    NOT_CHOSEN = "not-chosen", _("none of the other times was chosen")
    TECHNICAL = "technical", _("technical failure")
    OTHER = "other", _("other")


class Category(models.TextChoices):
    """Who uses the network (requirement B15)."""

    LARGE_COMPANY = "large-company", _("large or multi-site company")
    SMALL_COMPANY = "small-company", _("small or medium company")
    CRAFT = "craft", _("craftsperson or shopkeeper")
    CONSULTANCY = "consultancy", _("consultancy")
    RECRUITER = "recruiter", _("recruiter")
    FARMER = "farmer", _("farmer")
    ASSOCIATION = "association", _("association")
    INSERTION = "insertion", _("social economy, insertion body")
    INSTITUTION = "institution", _("public institution")
    OWN_STAFF = "own-staff", _("staff of the host")
    ELECTED = "elected", _("elected member")
    SCHOOL = "school", _("school or university")
    HEALTH = "health", _("health")
    STUDENT = "student", _("student")
    JOB_SEEKER = "job-seeker", _("job seeker")
    PROJECT_HOLDER = "project-holder", _("project holder")
    INDIVIDUAL = "individual", _("private person")


class TravelMode(models.TextChoices):
    """How a party would have come without the videoconference. Without an answer nothing counts as avoided."""

    UNKNOWN = "", _("no answer")
    CAR_ALONE = "car-alone", _("by car, one person per car")
    CAR_SHARED = "car-shared", _("by car, together")
    TRAIN = "train", _("by train or coach")
    PLANE = "plane", _("by plane")
    NO_TRAVEL = "no-travel", _("they would not have come")


class PartyKind(models.TextChoices):
    """How a party takes part."""

    ROOM = "room", _("in a room of the network")
    BROWSER = "browser", _("from their own computer")
    SIP = "sip", _("from a videoconference terminal")
    PHONE = "phone", _("by telephone")


class Starter(models.TextChoices):
    """Who starts and stops the system in the organiser's room (requirement B19)."""

    GROUP = "group", _("the people of the meeting, with the room's button")
    HOST = "host", _("someone of the place starts it")
    DESK = "desk", _("the concierge starts it from afar")


class Booking(models.Model):
    """One meeting over one or more rooms, from hold to done. `reference` is what people read to each other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=8, unique=True, help_text=_("as in K7Q2-M4"))
    status = models.CharField(_("status"), max_length=9, choices=BookingStatus, default=BookingStatus.HELD)
    first_quarter = models.PositiveIntegerField()
    length = models.PositiveSmallIntegerField(help_text=_("in quarter-hours"))
    extra_quarters = models.PositiveSmallIntegerField(
        default=0, help_text=_("added while it was under way, not priced")
    )
    time_zone = models.CharField(max_length=40, default="Europe/Paris", help_text=_("in which its people read hours"))
    held_until = models.DateTimeField(null=True, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    organiser_name = models.CharField(_("organiser"), max_length=120, blank=True)
    organiser_email = models.EmailField(_("organiser's e-mail"), blank=True)
    organiser_phone = models.CharField(_("organiser's phone"), max_length=20, blank=True)
    category = models.CharField(_("category"), max_length=14, choices=Category, blank=True)
    wants_help = models.BooleanField(_("wants someone to help"), default=False)
    access_group = models.CharField(
        max_length=8, choices=PriorityGroup, blank=True, help_text=_("as which its people came to reserved rooms")
    )
    is_accompanied = models.BooleanField(
        _("first session, with somebody beside them"), default=False, help_text=_("during the whole meeting")
    )
    support_cents = models.PositiveIntegerField(default=0, help_text=_("asked by the desk on call, frozen"))
    is_urgent = models.BooleanField(_("urgent loan"), default=False, help_text=_("their own system had failed"))
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("booked on behalf by"),
    )
    starter = models.CharField(_("who starts and stops the system"), max_length=5, choices=Starter, blank=True)
    language = models.CharField(max_length=5, default="fr")
    sequence = models.PositiveIntegerField(default=0, help_text=_("of the calendar invitation, grows with each change"))
    request_key = models.CharField(max_length=64, unique=True, help_text=_("the same request twice makes one booking"))
    series = models.ForeignKey(
        "booking.Series", models.SET_NULL, null=True, blank=True, related_name="bookings", verbose_name=_("series")
    )
    cancel_cause = models.CharField(max_length=14, choices=CancelCause, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("when it was done or cancelled"))

    class Meta:
        ordering = ["first_quarter"]
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        indexes = [
            models.Index(fields=["status", "first_quarter"], name="booking_by_status_and_time"),
            models.Index(Lower("organiser_email"), name="booking_by_organiser"),
        ]
        constraints = [
            models.CheckConstraint(name="booking_length_1_to_48", condition=Q(length__range=(1, 48))),
            models.CheckConstraint(name="booking_status_known", condition=Q(status__in=BookingStatus.values)),
            models.CheckConstraint(
                name="booking_held_has_deadline", condition=~Q(status="held") | Q(held_until__isnull=False)
            ),
            models.CheckConstraint(
                name="booking_cancelled_has_cause", condition=~Q(status="cancelled", cancel_cause="")
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def end_quarter(self) -> int:
        """The first quarter after the meeting."""
        return self.first_quarter + self.length

    def remember(self, parties: "list[Party]") -> None:
        """Keep the parties just written, in order, as `prefetch_related` would have read them."""
        read = self.parties.all()
        read._result_cache = parties
        self._prefetched_objects_cache = {"parties": read}


class Party(models.Model):
    """One side of the meeting: head count, where they come from, where they sit, how they would have travelled."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="parties")
    position = models.PositiveSmallIntegerField(help_text=_("order in the booking, the organiser's party first"))
    kind = models.CharField(_("takes part"), max_length=7, choices=PartyKind, default=PartyKind.ROOM)
    name = models.CharField(_("name shown to the others"), max_length=120)
    head_count = models.PositiveSmallIntegerField(_("people"), default=1)
    origin = models.ForeignKey("territory.Commune", models.PROTECT, null=True, blank=True, related_name="+")
    country = models.CharField(_("country"), max_length=2, default="FR", help_text=_("ISO 3166-1"))
    room = models.ForeignKey("points.Room", models.PROTECT, null=True, blank=True, related_name="parties")
    address = models.CharField(
        _("reached at"), max_length=120, blank=True, help_text=_("SIP address or telephone of who joins from elsewhere")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    travel_mode = models.CharField(_("would have come"), max_length=10, choices=TravelMode, blank=True)
    house_rules = models.ForeignKey(
        "points.HouseRules", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rules accepted")
    )
    access_minutes = models.PositiveSmallIntegerField(
        default=0, help_text=_("from their origin to the room, one way, when it was booked")
    )
    access_km = models.FloatField(default=0, help_text=_("the same in kilometres by road"))

    class Meta:
        ordering = ["booking", "position"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(fields=["booking", "position"], name="party_position_once"),
            models.CheckConstraint(name="party_of_1_to_500", condition=Q(head_count__range=(1, 500))),
            models.CheckConstraint(
                name="party_in_a_room_has_a_room", condition=~Q(kind="room") | Q(room__isnull=False)
            ),
            models.CheckConstraint(
                name="party_reached_elsewhere_only", condition=Q(address="") | Q(kind__in=["sip", "phone"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SpanKind(models.TextChoices):
    """Why a room is taken."""

    MEETING = "meeting", _("meeting")
    BLOCK = "block", _("blocked by its host")
    CALENDAR = "calendar", _("taken in another calendar")


class Span(models.Model):
    """A room taken from a quarter to another, buffers included. Deleting it frees its occupancies."""

    room = models.ForeignKey("points.Room", models.PROTECT, related_name="spans")
    booking = models.ForeignKey(Booking, models.CASCADE, null=True, blank=True, related_name="spans")
    feed = models.ForeignKey("booking.CalendarFeed", models.CASCADE, null=True, blank=True, related_name="spans")
    kind = models.CharField(max_length=8, choices=SpanKind, default=SpanKind.MEETING)
    first_quarter = models.PositiveIntegerField()
    end_quarter = models.PositiveIntegerField(help_text=_("not included"))
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["room", "end_quarter", "first_quarter"], name="span_by_room_and_time")]
        constraints = [
            models.CheckConstraint(name="span_ends_after_start", condition=Q(end_quarter__gt=F("first_quarter"))),
            models.CheckConstraint(
                name="span_of_a_meeting_has_a_booking", condition=~Q(kind="meeting") | Q(booking__isnull=False)
            ),
            models.CheckConstraint(
                name="span_of_a_calendar_has_a_feed",
                condition=Q(kind="calendar", feed__isnull=False) | (~Q(kind="calendar") & Q(feed__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}: {self.first_quarter}–{self.end_quarter}"


class Occupancy(models.Model):
    """One quarter of one room, taken. Its uniqueness forbids double booking, on any database."""

    span = models.ForeignKey(Span, models.CASCADE, related_name="occupancies")
    room = models.ForeignKey("points.Room", models.PROTECT, related_name="occupancies")
    quarter = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "quarter"], name="occupancy_once")]

    def __str__(self) -> str:
        return f"{self.room_id} @ {self.quarter}"
