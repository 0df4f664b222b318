"""What hosts ask, whom they favour, and what was asked of whom. Amounts are whole cents."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain import tariffs as rules
from maillage.booking.domain.quotes import Reason


class TariffUnit(models.TextChoices):
    """What a price is for, see `domain.tariffs.Unit`."""

    HOUR = rules.Unit.HOUR.value, _("an hour")
    TWO_HOURS = rules.Unit.TWO_HOURS.value, _("two hours")
    HALF_DAY = rules.Unit.HALF_DAY.value, _("half a day")
    DAY = rules.Unit.DAY.value, _("a day")
    USE = rules.Unit.USE.value, _("a meeting, whatever its length")


class TariffGroup(models.TextChoices):
    """Whom a price is for, see `domain.tariffs.Group`."""

    EVERYONE = rules.Group.EVERYONE.value, _("everyone")
    COMPANY = rules.Group.COMPANY.value, _("companies")
    ASSOCIATION = rules.Group.ASSOCIATION.value, _("associations")
    INSTITUTION = rules.Group.INSTITUTION.value, _("public institutions")
    INDIVIDUAL = rules.Group.INDIVIDUAL.value, _("private persons")
    MEMBER_TOWN_HALL = rules.Group.MEMBER_TOWN_HALL.value, _("member town halls")
    TWINNING = rules.Group.TWINNING.value, _("twinning associations")
    PARTNER = rules.Group.PARTNER.value, _("partner associations")
    TENANT = rules.Group.TENANT.value, _("tenants of the place")
    STAFF = rules.Group.STAFF.value, _("the host's own staff")


class TariffOrigin(models.TextChoices):
    """Where the users come from, see `domain.tariffs.Origin`."""

    ANY = rules.Origin.ANY.value, _("wherever they come from")
    TERRITORY = rules.Origin.TERRITORY.value, _("from the territory")
    OUTSIDE = rules.Origin.OUTSIDE.value, _("from elsewhere")


class PriceReason(models.TextChoices):
    """Why an amount is what it is, see `domain.quotes.Reason`."""

    FREE_HOST = Reason.FREE_HOST.value, _("free at this point")
    UNDEFINED = Reason.UNDEFINED.value, _("price to be agreed with the point")
    FREE_GROUP = Reason.FREE_GROUP.value, _("free for you")
    FIRST_USE = Reason.FIRST_USE.value, _("first use, offered")
    FREE_WINDOW = Reason.FREE_WINDOW.value, _("free at these hours")
    PACKAGE = Reason.PACKAGE.value, _("included in your package")
    OVERAGE = Reason.OVERAGE.value, _("beyond your package")
    GRID = Reason.GRID.value, _("tariff of the point")
    PRACTICE = Reason.PRACTICE.value, _("less than the written tariff")
    OPENING = Reason.OPENING.value, _("opening outside the hours")


class TariffSheet(models.Model):
    """What a point asks from a day on; a sheet with a room holds for that room alone.

    A sheet without prices that is not free says that no tariff is defined. `source` tells where the figures come from.
    """

    point = models.ForeignKey("points.Point", models.CASCADE, related_name="tariffs", verbose_name=_("point"))
    room = models.ForeignKey(
        "points.Room", models.CASCADE, null=True, blank=True, related_name="tariffs", verbose_name=_("room")
    )
    is_free = models.BooleanField(_("free for everybody"), default=False)
    first_uses_free = models.PositiveSmallIntegerField(_("first uses offered"), default=0)
    evening_opening_cents = models.PositiveIntegerField(
        _("opening in the evening or early, in cents"), default=0, help_text=_("outside the hours, on a worked day")
    )
    weekend_opening_cents = models.PositiveIntegerField(
        _("opening on a weekend or a holiday, in cents"), default=0, help_text=_("outside the hours, on other days")
    )
    note = models.CharField(_("as written by the host"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    valid_from = models.DateField(_("from this date"))
    valid_until = models.DateField(_("to, included"), null=True, blank=True)

    class Meta:
        ordering = ["point", "-valid_from"]
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        constraints = [
            models.UniqueConstraint(
                fields=["point", "valid_from"], name="tariff_of_a_point_once_a_day", condition=Q(room__isnull=True)
            ),
            models.UniqueConstraint(fields=["room", "valid_from"], name="tariff_of_a_room_once_a_day"),
            models.CheckConstraint(
                name="tariff_ends_after_start",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="tariff_opening_not_absurd",
                condition=Q(evening_opening_cents__lte=rules.MOST_CENTS, weekend_opening_cents__lte=rules.MOST_CENTS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point}, {self.valid_from}"


class TariffPrice(models.Model):
    """One cell of a sheet's grid. `tariff_price_once` keeps one price for each."""

    sheet = models.ForeignKey(TariffSheet, models.CASCADE, related_name="prices")
    group = models.CharField(_("for"), max_length=16, choices=TariffGroup, default=TariffGroup.EVERYONE)
    origin = models.CharField(_("coming"), max_length=9, choices=TariffOrigin, default=TariffOrigin.ANY)
    unit = models.CharField(_("for how long"), max_length=9, choices=TariffUnit)
    cents = models.PositiveIntegerField(_("written price, in cents"))
    practice_cents = models.PositiveIntegerField(_("asked in fact, in cents"), null=True, blank=True)

    class Meta:
        ordering = ["sheet", "group", "origin", "unit"]
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "group", "origin", "unit"], name="tariff_price_once"),
            models.CheckConstraint(name="tariff_price_not_absurd", condition=Q(cents__range=(0, rules.MOST_CENTS))),
            models.CheckConstraint(
                name="tariff_practice_at_most_written",
                condition=Q(practice_cents__isnull=True) | Q(practice_cents__range=(0, F("cents"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_unit_display()}: {self.cents}"


class FreeHours(models.Model):
    """Hours that cost nothing on a sheet. `weekdays` is a string of digits, 0 for Monday."""

    sheet = models.ForeignKey(TariffSheet, models.CASCADE, related_name="free_hours")
    weekdays = models.CharField(_("days"), max_length=7)
    start = models.TimeField(_("from this hour"))
    end = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("free hours")
        verbose_name_plural = _("free hours")
        constraints = [
            models.CheckConstraint(name="free_hours_days_known", condition=Q(weekdays__regex=r"^[0-6]{1,7}$"))
        ]

    def __str__(self) -> str:
        return f"{self.weekdays}: {self.start}–{self.end}"


class Package(models.Model):
    """Free time each month at a host's points, then a price by the hour, or the grid if `overage_cents` is empty."""

    host = models.ForeignKey("actors.Organisation", models.CASCADE, related_name="packages", verbose_name=_("host"))
    name = models.CharField(_("name"), max_length=80)
    monthly_quarters = models.PositiveSmallIntegerField(_("included each month, in quarter-hours"))
    overage_cents = models.PositiveIntegerField(_("then, an hour, in cents"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        constraints = [
            models.UniqueConstraint(fields=["host", "name"], name="package_once_a_host"),
            models.CheckConstraint(
                name="package_within_a_month",
                condition=Q(monthly_quarters__range=(0, rules.MOST_PACKAGE_QUARTERS)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Beneficiary(models.Model):
    """An organisation that a host treats as of a group, or that has one of its packages.

    Recognised by the e-mail of the booking: a whole address, or a domain written @example.org.
    """

    host = models.ForeignKey("actors.Organisation", models.CASCADE, related_name="beneficiaries")
    name = models.CharField(_("name"), max_length=160)
    email = models.CharField(_("e-mail, or @domain"), max_length=254)
    group = models.CharField(_("group"), max_length=16, choices=TariffGroup, default=TariffGroup.EVERYONE)
    package = models.ForeignKey(
        Package, models.SET_NULL, null=True, blank=True, related_name="beneficiaries", verbose_name=_("package")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("beneficiary")
        verbose_name_plural = _("beneficiaries")
        constraints = [
            models.UniqueConstraint(fields=["host", "email"], name="beneficiary_once_a_host"),
            models.CheckConstraint(name="beneficiary_email_in_lower_case", condition=Q(email__regex=r"^[^A-Z]*@")),
        ]

    def __str__(self) -> str:
        return self.name


class BookingPrice(models.Model):
    """The quote that was shown, frozen in the booking: a later tariff changes nothing to it."""

    booking = models.OneToOneField("booking.Booking", models.CASCADE, related_name="price")
    written_cents = models.PositiveIntegerField(help_text=_("what the grids say"))
    total_cents = models.PositiveIntegerField(help_text=_("what is asked"))
    is_complete = models.BooleanField(default=True, help_text=_("false when a room's price is not defined"))
    frozen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("price of a booking")
        verbose_name_plural = _("prices of bookings")

    def __str__(self) -> str:
        return f"{self.total_cents}"


class PriceLine(models.Model):
    """One amount of a frozen quote: `count` units at `unit_cents`, for `quarters` of one room."""

    price = models.ForeignKey(BookingPrice, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    room = models.ForeignKey("points.Room", models.PROTECT, related_name="+")
    beneficiary = models.ForeignKey(Beneficiary, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=11, choices=PriceReason)
    quarters = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=9, choices=TariffUnit, blank=True)
    count = models.PositiveSmallIntegerField(default=0)
    unit_cents = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["price", "position"]
        verbose_name = _("line of a price")
        verbose_name_plural = _("lines of a price")
        constraints = [models.UniqueConstraint(fields=["price", "position"], name="price_line_position_once")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.cents}"

    @property
    def cents(self) -> int:
        """What this line asks."""
        return self.count * self.unit_cents
