"""What is counted. A Use is one ended booking; its parts are the parties that were there; each figure has its factors.

Nothing here names a person: a part knows its room, its commune of origin and its head count, and what each rests on.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.booking.models import Category
from maillage.usage.domain.factors import FactorFact


class Outcome(models.TextChoices):
    """How a booked meeting ended. Only a held one counts as a videoconference; the others are counted apart."""

    HELD = "held", _("took place")
    NOBODY_CAME = "nobody-came", _("nobody came")
    ONE_SIDE_CAME = "one-side-came", _("only one side came")
    NEVER_TOGETHER = "never-together", _("the sides came, never at the same time")
    FAILED = "failed", _("given up for a technical failure")


class Topology(models.TextChoices):
    """Two parties, or more (requirement U6)."""

    POINT_TO_POINT = "point-to-point", _("between two places")
    MULTIPOINT = "multipoint", _("between three places or more")


class Destination(models.TextChoices):
    """How far the meeting reached, at its widest (requirement U5)."""

    TERRITORY = "territory", _("inside the territory")
    FRANCE = "france", _("elsewhere in France")
    ABROAD = "abroad", _("abroad")
    UNKNOWN = "unknown", _("not known")


class Factor(models.Model):
    """A published number with its source. Never edited: a new reading or edition is a new row.

    `factor_once` keeps one row for a code, a first day and a reading; `load_factors` refuses another value for it.
    """

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    value = models.FloatField()
    unit = models.CharField(max_length=40)
    publisher = models.CharField(max_length=120)
    edition = models.CharField(max_length=200, help_text=_("edition, table and what it adds up"))
    url = models.CharField(max_length=200)
    read_on = models.DateField()
    valid_from = models.DateField()
    scope = models.CharField(max_length=300)

    class Meta:
        ordering = ["code", "-valid_from", "-read_on"]
        verbose_name = _("factor")
        verbose_name_plural = _("factors")
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from", "read_on"], name="factor_once"),
            models.CheckConstraint(name="factor_above_zero", condition=Q(value__gt=0)),
            models.CheckConstraint(name="factor_has_publisher", condition=~Q(publisher="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value} {self.unit}"

    @property
    def fact(self) -> FactorFact:
        """The same, as the domain knows it."""
        return FactorFact(
            code=self.code,
            name=self.name,
            value=self.value,
            unit=self.unit,
            publisher=self.publisher,
            edition=self.edition,
            url=self.url,
            read_on=self.read_on,
            valid_from=self.valid_from,
            scope=self.scope,
        )


class Use(models.Model):
    """One ended booking, counted. `booking` is empty once the booking itself is erased: the count stays.

    Km and minutes are those of all the people together; CO2 is in kg. Avoided has the way to the rooms deducted
    and may be below zero; the footprint is counted always. `use_counts_when_held` keeps the others at zero.
    """

    booking = models.OneToOneField("booking.Booking", models.SET_NULL, null=True, blank=True, related_name="use")
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome)
    local_day = models.DateField(_("day"), db_index=True, help_text=_("in the meeting's own time zone"))
    started_at = models.DateTimeField(null=True, blank=True, help_text=_("when two sides were first there, or planned"))
    ended_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(default=0, help_text=_("during which two sides or more were together"))
    sites = models.PositiveSmallIntegerField(default=0, help_text=_("parties that came"))
    people = models.PositiveIntegerField(default=0)
    declared_people = models.PositiveIntegerField(default=0, help_text=_("those who said how they would have come"))
    category = models.CharField(_("category"), max_length=14, blank=True, help_text=_("the organiser's"))
    topology = models.CharField(_("shape"), max_length=14, choices=Topology)
    destination = models.CharField(_("destination"), max_length=9, choices=Destination)
    km_avoided = models.FloatField(default=0)
    minutes_avoided = models.FloatField(default=0)
    co2_avoided_kg = models.FloatField(default=0)
    co2_footprint_kg = models.FloatField(default=0)
    counted_at = models.DateTimeField(help_text=_("when these figures were last computed"))

    class Meta:
        ordering = ["-local_day", "-pk"]
        verbose_name = _("use")
        verbose_name_plural = _("uses")
        indexes = [models.Index(fields=["outcome", "local_day"], name="use_by_outcome_and_day")]
        constraints = [
            models.CheckConstraint(name="use_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(name="use_footprint_from_zero", condition=Q(co2_footprint_kg__gte=0)),
            models.CheckConstraint(name="use_declared_among_people", condition=Q(declared_people__lte=F("people"))),
            models.CheckConstraint(
                name="use_counts_when_held",
                condition=Q(outcome="held") | Q(km_avoided=0, minutes_avoided=0, co2_avoided_kg=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.local_day}: {self.get_outcome_display()}"

    @property
    def co2_net_kg(self) -> float:
        """Avoided minus the footprint of the call."""
        return self.co2_avoided_kg - self.co2_footprint_kg


class UsePart(models.Model):
    """One party of a use, present or not: where it sat, how many, how long, and what is counted for it.

    `why` says why its avoided figures are what they are; `method` how its distance was found.
    """

    use = models.ForeignKey(Use, models.CASCADE, related_name="parts")
    party = models.ForeignKey("booking.Party", models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=7)
    point = models.ForeignKey("points.Point", models.PROTECT, null=True, blank=True, related_name="+")
    room = models.ForeignKey("points.Room", models.PROTECT, null=True, blank=True, related_name="+")
    origin = models.ForeignKey("territory.Commune", models.PROTECT, null=True, blank=True, related_name="+")
    country = models.CharField(max_length=2, default="FR")
    attended_seconds = models.PositiveIntegerField(default=0)
    people = models.PositiveSmallIntegerField(default=0)
    travel_mode = models.CharField(max_length=10, blank=True)
    is_meeting_place = models.BooleanField(default=False, help_text=_("where all would have met"))
    trip_km = models.FloatField(default=0, help_text=_("there and back, of all its people"))
    access_km = models.FloatField(default=0, help_text=_("to the room and back, of all its people"))
    km_avoided = models.FloatField(default=0)
    minutes_avoided = models.FloatField(default=0)
    co2_avoided_kg = models.FloatField(default=0)
    co2_footprint_kg = models.FloatField(default=0)
    why = models.CharField(max_length=16)
    method = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["use", "position"]
        verbose_name = _("part of a use")
        verbose_name_plural = _("parts of uses")
        constraints = [
            models.UniqueConstraint(fields=["use", "position"], name="use_part_once"),
            models.CheckConstraint(name="use_part_km_from_zero", condition=Q(trip_km__gte=0, access_km__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.use_id}/{self.position}"


class UsedFactor(models.Model):
    """A factor on which the figures of a part rest: kept as long as the figure is."""

    part = models.ForeignKey(UsePart, models.CASCADE, related_name="used_factors")
    factor = models.ForeignKey(Factor, models.PROTECT, related_name="used_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "factor"], name="used_factor_once")]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.factor_id}"


class HistoricalCount(models.Model):
    """One count of the past, as one document gives it. `high` is empty for "more than `low`"."""

    code = models.CharField(max_length=10, primary_key=True)
    point = models.ForeignKey("points.Point", models.SET_NULL, null=True, blank=True, related_name="+")
    site_number = models.CharField(max_length=10, blank=True)
    site = models.CharField(max_length=120)
    period = models.CharField(max_length=60)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    low = models.FloatField()
    high = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=60)
    category = models.CharField(max_length=120)
    nature = models.CharField(max_length=80)
    source = models.CharField(max_length=80)
    source_title = models.CharField(max_length=200, blank=True)
    remark = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("count of the past")
        verbose_name_plural = _("counts of the past")
        constraints = [
            models.CheckConstraint(
                name="historical_count_is_a_range",
                condition=Q(low__gte=0) & (Q(high=None) | Q(high__gte=F("low"))),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.site}"


class Disagreement(models.Model):
    """Counts that do not agree, shown side by side: none is corrected, none is left out."""

    code = models.SlugField(max_length=40, primary_key=True)
    title = models.CharField(max_length=120)
    explanation = models.CharField(max_length=400)
    counts = models.ManyToManyField(HistoricalCount, related_name="disagreements")

    class Meta:
        ordering = ["code"]
        verbose_name = _("disagreement")
        verbose_name_plural = _("disagreements")

    def __str__(self) -> str:
        return self.title


class VisitKind(models.TextChoices):
    """How somebody reached the place."""

    CAME = "came", _("came")
    CALLED = "called", _("called")
    REFUSED = "refused", _("were turned away")


class Purpose(models.TextChoices):
    """What they came or called for (requirements U1, U13)."""

    MEETING = "meeting", _("a videoconference")
    BOOKING = "booking", _("to book")
    LEARNING = "learning", _("to learn how, to try")
    INTERVIEW = "interview", _("a job interview or an exam")
    ROOM = "room", _("the room, without videoconference")
    INFORMATION = "information", _("information")
    TROUBLE = "trouble", _("a problem")
    OTHER = "other", _("something else")


class Visit(models.Model):
    """People who came or called, as a facilitator noted it: no name. `key` makes a tap pressed twice one note."""

    key = models.UUIDField(unique=True)
    point = models.ForeignKey("points.Point", models.CASCADE, related_name="visits", verbose_name=_("point"))
    kind = models.CharField(_("how"), max_length=8, choices=VisitKind)
    category = models.CharField(_("category"), max_length=14, choices=Category)
    purpose = models.CharField(_("what for"), max_length=11, choices=Purpose)
    people = models.PositiveSmallIntegerField(_("people"))
    local_day = models.DateField(_("day"), db_index=True)
    noted_at = models.DateTimeField()
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-noted_at"]
        verbose_name = _("visit or call")
        verbose_name_plural = _("visits and calls")
        constraints = [
            models.CheckConstraint(name="visit_of_1_to_500", condition=Q(people__range=(1, 500))),
            models.CheckConstraint(name="visit_kind_known", condition=Q(kind__in=VisitKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.local_day}: {self.get_kind_display()}"
