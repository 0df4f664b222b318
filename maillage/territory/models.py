"""Where people are: communes, the groupings they form, islands, and distances that a straight line gets wrong."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.territory.domain.zones import zone_of


class GroupingKind(models.TextChoices):
    """Kinds of inter-communal authority with its own taxes (DGCL)."""

    CC = "CC", _("community of communes")
    CA = "CA", _("agglomeration community")
    CU = "CU", _("urban community")
    METRO = "METRO", _("metropolis")
    OTHER = "OTHER", _("other grouping")


class Grouping(models.Model):
    """An EPCI. Identified by its SIREN."""

    siren = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=5, choices=GroupingKind, default=GroupingKind.OTHER)

    class Meta:
        ordering = ["name"]
        verbose_name = _("grouping")
        verbose_name_plural = _("groupings")

    def __str__(self) -> str:
        return self.name


class Island(models.Model):
    """An inhabited island without a bridge, reached from a port: land stops at the port, the sea leg is its own."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    port_name = models.CharField(_("port on the mainland"), max_length=60)
    port_latitude = models.FloatField()
    port_longitude = models.FloatField()
    landing_name = models.CharField(_("port on the island"), max_length=60, blank=True)
    landing_latitude = models.FloatField(help_text=_("where boats land on the island"))
    landing_longitude = models.FloatField()
    crossing_minutes = models.PositiveSmallIntegerField(_("crossing, in minutes"))
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        verbose_name = _("island")
        verbose_name_plural = _("islands")

    def __str__(self) -> str:
        return self.name


class PositionSource(models.TextChoices):
    """How well a commune's position is known."""

    TOWN_HALL = "town-hall", _("town hall")
    CENTROID = "centroid", _("centre of its territory")
    NEIGHBOURS = "neighbours", _("mean of the communes around it")
    CHIEF_TOWN = "chief-town", _("chief town of its territory")
    UNKNOWN = "", _("not known")


class Commune(models.Model):
    """A municipality in the official code of the year. `folded` is `name` without accents, for search."""

    insee = models.CharField(_("INSEE code"), max_length=5, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    folded = models.CharField(max_length=80, db_index=True, editable=False)
    postcodes = models.CharField(max_length=250, blank=True, help_text=_("separated by spaces"))
    department = models.CharField(max_length=3, db_index=True)
    region = models.CharField(max_length=3, db_index=True)
    grouping = models.ForeignKey(Grouping, models.SET_NULL, null=True, blank=True, related_name="communes")
    island = models.ForeignKey(Island, models.SET_NULL, null=True, blank=True, related_name="communes")
    population = models.PositiveIntegerField(default=0)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    position_source = models.CharField(max_length=10, choices=PositionSource, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        indexes = [models.Index(fields=["-population"], name="commune_by_population")]

    def __str__(self) -> str:
        return self.name

    @property
    def postcode(self) -> str:
        """The first of its postcodes."""
        return self.postcodes.partition(" ")[0]

    @property
    def label(self) -> str:
        """The name as people choose it and may type it back: "Callac (22160)"."""
        return f"{self.name} ({self.postcode})" if self.postcodes else self.name

    @property
    def time_zone(self) -> str:
        """The IANA time zone of its people."""
        return zone_of(self.insee)


class FormerName(models.Model):
    """A name people still use for a place that merged or changed its name."""

    commune = models.ForeignKey(Commune, models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=80)
    folded = models.CharField(max_length=80, db_index=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commune", "folded"], name="former_name_once")]

    def __str__(self) -> str:
        return self.name


class DistanceOverride(models.Model):
    """A road distance known better than the estimate, both ways: a bay, a river without a bridge."""

    first = models.ForeignKey(Commune, models.CASCADE, related_name="+")
    second = models.ForeignKey(Commune, models.CASCADE, related_name="+")
    distance_km = models.FloatField()
    minutes = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distance_override_once"),
            models.CheckConstraint(name="distance_override_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(name="distance_override_positive", condition=Q(distance_km__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}: {self.distance_km} km"
