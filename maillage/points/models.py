"""Public videoconference points, their rooms, what these hold and when they are open."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PointStatus(models.TextChoices):
    """Where a point stands (requirement D6). Only an open one is offered for booking."""

    PLANNED = "planned", _("being fitted out")
    OPEN = "open", _("open")
    OUT_OF_ORDER = "out-of-order", _("out of order")
    MOVED = "moved", _("moved")
    STORED = "stored", _("equipment in storage")
    CLOSED = "closed", _("closed for good")
    NOT_EQUIPPED = "not-equipped", _("planned, never installed")


class Audience(models.TextChoices):
    """Who may use a point (requirement D5)."""

    EVERYONE = "everyone", _("everyone")
    COMPANIES = "companies", _("companies")
    TENANTS = "tenants", _("tenants of the place")
    INTERNAL = "internal", _("the host's own staff")


class EntryWay(models.TextChoices):
    """How people get into a room (requirement B6)."""

    RECEPTION = "reception", _("the reception opens")
    KEY = "key", _("a key is lent")
    CODE = "code", _("a door code")
    OWN_CODE = "own-code", _("a door code made for each meeting")


class PointQuerySet(models.QuerySet["Point"]):
    """Filters that several selectors share."""

    def shown(self) -> "PointQuerySet":
        """Points as lists show them, three queries in all: with commune, host, rooms in use and their equipment."""
        shown = Room.objects.filter(is_active=True, is_listed=True)
        rooms = models.Prefetch("rooms", shown.order_by("capacity", "name"))
        return self.listed().select_related("commune", "host").prefetch_related(rooms, "rooms__equipment")

    def listed(self) -> "PointQuerySet":
        """Points shown to everybody: not the low-profile ones (requirement K8)."""
        return self.filter(is_listed=True)

    def bookable(self) -> "PointQuerySet":
        """Points whose rooms are offered by the slot search."""
        return self.listed().filter(status=PointStatus.OPEN, audience=Audience.EVERYONE)


class Point(models.Model):
    """A place with one or more rooms, open to the public. Times are local to `time_zone`."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    folded = models.CharField(max_length=160, editable=False, help_text=_("the name as it is searched"))
    host = models.ForeignKey("actors.Organisation", models.PROTECT, related_name="points", verbose_name=_("host"))
    commune = models.ForeignKey("territory.Commune", models.PROTECT, related_name="points", verbose_name=_("commune"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    position_accuracy = models.CharField(max_length=80, blank=True, help_text=_("building, street or commune"))
    time_zone = models.CharField(max_length=40, default="Europe/Paris")
    hours = models.CharField(
        _("opening hours"), max_length=300, blank=True, help_text=_("OpenStreetMap syntax: Mo-Fr 09:00-17:30; PH off")
    )
    hours_are_assumed = models.BooleanField(default=False, help_text=_("the source does not tell the hours"))
    request_hours = models.CharField(
        _("hours at which it may be opened on request"),
        max_length=300,
        blank=True,
        help_text=_("OpenStreetMap syntax; empty if it never opens outside its hours"),
    )
    second_email = models.EmailField(
        _("e-mail of the second contact"), blank=True, help_text=_("written to when nobody answers a request")
    )
    entry = models.CharField(_("how people get in"), max_length=9, choices=EntryWay, default=EntryWay.RECEPTION)
    entry_note = models.CharField(
        _("what they should know to get in"), max_length=300, blank=True, help_text=_("no code here: this is public")
    )
    status = models.CharField(_("status"), max_length=12, choices=PointStatus, default=PointStatus.OPEN)
    audience = models.CharField(_("open to"), max_length=9, choices=Audience, default=Audience.EVERYONE)
    is_listed = models.BooleanField(_("shown to everybody"), default=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    presentation = models.TextField(_("presentation"), blank=True)
    access = models.TextField(_("how to come, where to park"), blank=True)
    has_step_free_entrance = models.BooleanField(_("step-free entrance"), null=True, blank=True)
    has_parking = models.BooleanField(_("parking"), null=True, blank=True)
    has_staff_on_site = models.BooleanField(_("someone to help on site"), null=True, blank=True)
    line_kbps = models.PositiveIntegerField(_("line, each way, in kbit/s"), null=True, blank=True)
    is_demonstration = models.BooleanField(
        default=False, help_text=_("data of 2015, shown as such; nobody is written to at its addresses")
    )
    source_reference = models.CharField(_("reference in its source"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    source_date = models.DateField(_("date of the source"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[PointQuerySet] = PointQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        verbose_name = _("point")
        verbose_name_plural = _("points")
        constraints = [
            models.CheckConstraint(
                name="point_on_earth", condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
            ),
            models.CheckConstraint(name="point_status_known", condition=Q(status__in=PointStatus.values)),
            models.UniqueConstraint(
                name="point_of_a_source_once",
                fields=["source_reference", "is_demonstration"],
                condition=~Q(source_reference=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def recipient(self) -> str:
        """The address at which its host may be written to: none for demonstration data, whatever it holds."""
        return "" if self.is_demonstration else self.email

    @property
    def second_recipient(self) -> str:
        """The address of its second contact: none for demonstration data either."""
        return "" if self.is_demonstration else self.second_email

    @property
    def smallest_and_largest(self) -> tuple[int, int]:
        """The places of its smallest and largest rooms, (0, 0) without a room. No query after `shown()`."""
        places = [room.capacity for room in self.rooms.all()]
        return (min(places), max(places)) if places else (0, 0)

    @property
    def is_bookable(self) -> bool:
        """Tell whether its rooms are offered by the slot search, as `PointQuerySet.bookable` does."""
        return self.is_listed and self.status == PointStatus.OPEN and self.audience == Audience.EVERYONE


class Precision(models.TextChoices):
    """How well a date is known: "in 2014", "in December 2012" or a day."""

    DAY = "day", _("to the day")
    MONTH = "month", _("to the month")
    YEAR = "year", _("to the year")


class StatusChange(models.Model):
    """A point's status from a day on: the dated history behind `Point.status`."""

    point = models.ForeignKey(Point, models.CASCADE, related_name="status_changes")
    status = models.CharField(max_length=12, choices=PointStatus)
    since = models.DateField(_("since"))
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [models.UniqueConstraint(fields=["point", "since"], name="status_change_once_a_day")]

    def __str__(self) -> str:
        return f"{self.point}: {self.get_status_display()} ({self.since})"


class PriorityGroup(models.TextChoices):
    """For whom a room is kept until some days before (requirement B4)."""

    NOBODY = "", _("nobody")
    TENANTS = "tenants", _("firms of the place")
    PARTNERS = "partners", _("partners of the host")
    INTERNAL = "internal", _("the host's own staff")


class RoomQuerySet(models.QuerySet["Room"]):
    """Filters that several selectors share."""

    def in_service(self) -> "RoomQuerySet":
        """Rooms in use and not withheld, of open points, whoever may use them."""
        return self.filter(is_active=True, withheld_since=None, point__status=PointStatus.OPEN)

    def bookable(self) -> "RoomQuerySet":
        """Rooms that the slot search offers to everybody: in service, not low-profile, open to everyone."""
        everyone = Q(audience=Audience.EVERYONE) | Q(audience="", point__audience=Audience.EVERYONE)
        return self.in_service().filter(everyone, is_listed=True, point__is_listed=True)


class Room(models.Model):
    """A room of a point that can be booked. Its hours are the point's unless it has its own."""

    point = models.ForeignKey(Point, models.PROTECT, related_name="rooms")
    name = models.CharField(_("name"), max_length=80)
    capacity = models.PositiveSmallIntegerField(_("places"))
    capacity_is_assumed = models.BooleanField(
        default=False, help_text=_("the source does not tell the number of places")
    )
    hours = models.CharField(_("own opening hours"), max_length=300, blank=True)
    settle_quarters = models.PositiveSmallIntegerField(
        _("settling in, in quarter-hours"), default=1, help_text=_("kept free before each booking")
    )
    reset_quarters = models.PositiveSmallIntegerField(
        _("putting back in order, in quarter-hours"), default=0, help_text=_("kept free after each booking")
    )
    notice_minutes = models.PositiveIntegerField(_("shortest notice, in minutes"), default=5)
    assisted_notice_minutes = models.PositiveIntegerField(
        _("notice to be helped there, in minutes"), null=True, blank=True, help_text=_("empty: the network's rule")
    )
    multipoint_notice_minutes = models.PositiveIntegerField(
        _("notice for three places or more, in minutes"),
        null=True,
        blank=True,
        help_text=_("empty: the network's rule"),
    )
    audience = models.CharField(
        _("open to"), max_length=9, choices=Audience, blank=True, help_text=_("empty: as its point")
    )
    is_listed = models.BooleanField(
        _("offered by the search"), default=True, help_text=_("otherwise booked by its own link alone")
    )
    priority_group = models.CharField(_("kept first for"), max_length=8, choices=PriorityGroup, blank=True)
    priority_days = models.PositiveSmallIntegerField(
        _("until how many days before"), default=0, help_text=_("others book within these days; 0: no priority")
    )
    is_station_ready = models.BooleanField(
        _("its station answers"), null=True, blank=True, help_text=_("unknown where no station tells")
    )
    needs_answer = models.BooleanField(
        _("somebody of the point answers each request"), default=False, help_text=_("even during opening hours")
    )
    no_show_minutes = models.PositiveSmallIntegerField(_("given back if nobody comes within"), null=True, blank=True)
    entry = models.CharField(
        _("how people get in"),
        max_length=9,
        choices=EntryWay,
        blank=True,
        help_text=_("empty for the point's way"),
    )
    entry_note = models.CharField(
        _("where to fetch the key, and when"),
        max_length=300,
        blank=True,
        help_text=_("empty: what the point says; no code here: this is public"),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    withheld_since = models.DateTimeField(
        _("not offered since"), null=True, blank=True, help_text=_("its equipment failed; offered again once repaired")
    )

    objects: ClassVar[RoomQuerySet] = RoomQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["point__name", "name"]
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(fields=["point", "name"], name="room_name_once_in_a_point"),
            models.CheckConstraint(name="room_capacity_1_to_500", condition=Q(capacity__range=(1, 500))),
            models.CheckConstraint(
                name="room_no_show_0_or_15_to_60", condition=Q(no_show_minutes=0) | Q(no_show_minutes__range=(15, 60))
            ),
            models.CheckConstraint(
                name="room_buffers_up_to_8", condition=Q(settle_quarters__lte=8, reset_quarters__lte=8)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.point}"

    @property
    def is_reserved(self) -> bool:
        """Tell whether it is for fewer people than its point is."""
        return self.audience not in {"", Audience.EVERYONE}

    @property
    def notice_days(self) -> int:
        """The shortest notice in whole days, rounded up."""
        return -(-self.notice_minutes // 1440)


class EquipmentKind(models.TextChoices):
    """What a room may hold, as far as a visitor may ask for it."""

    CAMERA = "camera", _("camera")
    SCREEN = "screen", _("large screen")
    SECOND_SCREEN = "second-screen", _("second screen")
    DOCUMENT_CAMERA = "document-camera", _("document camera")
    PROJECTOR = "projector", _("projector")
    SIP_TERMINAL = "sip-terminal", _("videoconference terminal (SIP, H.323)")
    SPEAKERPHONE = "speakerphone", _("conference telephone")
    STATION = "station", _("one-button station")
    HEARING_LOOP = "hearing-loop", _("hearing loop")
    SCANNER = "scanner", _("scanner or printer")


class Equipment(models.Model):
    """One kind of equipment present in a room."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="equipment")
    kind = models.CharField(_("kind"), max_length=16, choices=EquipmentKind)
    note = models.CharField(_("note"), max_length=120, blank=True)
    is_assumed = models.BooleanField(default=False, help_text=_("the source does not tell the equipment"))

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        constraints = [models.UniqueConstraint(fields=["room", "kind"], name="equipment_kind_once_in_a_room")]

    def __str__(self) -> str:
        return self.get_kind_display()


FOREVER = 245_000_000
"""The quarter at which a closure for good ends: in about seven thousand years, a date that calendars still hold."""


class ClosureCause(models.TextChoices):
    """Why nobody may meet there."""

    CLOSED = "closed", _("closed")
    OUT_OF_ORDER = "out-of-order", _("out of order")
    FOR_GOOD = "for-good", _("closed for good")
    MERGED = "merged", _("merged with another room")


class Closure(models.Model):
    """A point, or one of its rooms, closed from a quarter to another, whatever its hours say."""

    point = models.ForeignKey(Point, models.CASCADE, related_name="closures")
    room = models.ForeignKey(
        "points.Room", models.CASCADE, null=True, blank=True, related_name="closures", verbose_name=_("this room alone")
    )
    cause = models.CharField(_("cause"), max_length=12, choices=ClosureCause, default=ClosureCause.CLOSED)
    first_quarter = models.PositiveIntegerField()
    end_quarter = models.PositiveIntegerField(help_text=_("not included"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        ordering = ["first_quarter"]
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.CheckConstraint(name="closure_ends_after_start", condition=Q(end_quarter__gt=F("first_quarter")))
        ]

    def __str__(self) -> str:
        return f"{self.point}: {self.reason}"

    @property
    def is_for_good(self) -> bool:
        """Tell whether it never ends."""
        return self.end_quarter == FOREVER


class HouseRules(models.Model):
    """The rules that people accept to use a point. A version is never changed: another one follows it."""

    point = models.ForeignKey(Point, models.CASCADE, related_name="house_rules")
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), blank=True)
    link = models.URLField(_("or their address"), blank=True)
    since = models.DateField(_("since"))

    class Meta:
        ordering = ["point", "-version"]
        verbose_name = _("house rules")
        verbose_name_plural = _("house rules")
        constraints = [
            models.UniqueConstraint(fields=["point", "version"], name="house_rules_version_once"),
            models.CheckConstraint(name="house_rules_say_something", condition=~Q(text="", link="")),
        ]

    def __str__(self) -> str:
        return f"{self.point}, {self.version}"


class CatalogueEdition(models.Model):
    """Which edition of the rooms the slot search must use: one row, a new token after each change of a room or point.

    A random token rather than a number: an edition undone by a rollback can never be taken for a later one.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.CharField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(name="catalogue_edition_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.token
