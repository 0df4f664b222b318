"""Organisations of a territory, and the parts that people play in them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """Who hosts a point or uses one (requirements D3, B15)."""

    GROUPING = "grouping", _("grouping of communes")
    TOWN_HALL = "town-hall", _("town hall")
    COUNTY = "county", _("county council")
    REGION = "region", _("regional council")
    STATE = "state", _("State service")
    PAYS = "pays", _("pays")
    BUSINESS_INCUBATOR = "incubator", _("business incubator")
    EMPLOYMENT = "employment", _("employment and insertion")
    SOCIAL_CENTRE = "social-centre", _("social centre")
    CULTURE = "culture", _("theatre, media library")
    SCHOOL = "school", _("school or university")
    HEALTH = "health", _("health")
    THIRD_PLACE = "third-place", _("third place")
    ASSOCIATION = "association", _("association")
    COMPANY = "company", _("company")
    OPERATOR = "operator", _("network operator or supplier")
    OTHER = "other", _("other")


class Organisation(models.Model):
    """One organisation, with where its record comes from."""

    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=14, choices=OrganisationKind, default=OrganisationKind.OTHER)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    commune = models.ForeignKey(
        "territory.Commune", models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    website = models.URLField(_("website"), blank=True)
    source = models.CharField(_("source of the record"), max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(fields=["siret"], name="organisation_siret_once", condition=~models.Q(siret=""))
        ]

    def __str__(self) -> str:
        return self.name


class CallWay(models.TextChoices):
    """How an organisation can be called (requirement D8). Its own points of the network are known without this."""

    SIP = "sip", _("videoconference terminal (SIP, H.323)")
    BROWSER = "browser", _("guest link, opened on a computer")
    PHONE = "phone", _("telephone")


class WayToCall(models.Model):
    """One way to call an organisation, at one of its places. `way_to_call_once` keeps one line for each.

    `address` is empty for a guest link, and where the organisation does not want it shown: then it is asked for.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="ways")
    kind = models.CharField(_("way"), max_length=7, choices=CallWay)
    address = models.CharField(
        _("SIP address or telephone"), max_length=120, blank=True, help_text=_("shown to everybody; empty to keep it")
    )
    note = models.CharField(
        _("what callers should know"), max_length=200, blank=True, help_text=_("room, hours, whom to warn")
    )
    answers_rooms = models.BooleanField(
        _("may be rung from a room at once"),
        default=False,
        help_text=_("only if they said so"),
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    checked_on = models.DateField(_("tried on"), null=True, blank=True)
    is_demonstration = models.BooleanField(default=False, help_text=_("an example: nobody answers there"))

    class Meta:
        ordering = ["organisation", "kind"]
        verbose_name = _("way to call")
        verbose_name_plural = _("ways to call")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "address"], name="way_to_call_once"),
            models.CheckConstraint(name="way_to_call_known", condition=models.Q(kind__in=CallWay.values)),
            models.CheckConstraint(
                name="guest_link_has_no_address", condition=models.Q(address="") | ~models.Q(kind="browser")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.get_kind_display()}"


class Part(models.TextChoices):
    """What a person does in an organisation."""

    FACILITATOR = "facilitator", _("facilitator of its points")
    OPERATOR = "operator", _("concierge operator")
    OFFICER = "officer", _("programme officer")
    COORDINATOR = "coordinator", _("network coordinator")
    ELECTED = "elected", _("elected member")


class Role(models.Model):
    """A person's part in an organisation. `role_once` keeps one line for each."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="roles")
    part = models.CharField(_("part"), max_length=12, choices=Part)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [models.UniqueConstraint(fields=["user", "organisation", "part"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_part_display()}, {self.organisation}"


class ApiToken(models.Model):
    """What a program of an organisation shows to be known. Only `digest` is kept of it: it is shown once.

    `prefix` is its beginning, which people read to tell one from another. It is over at `expires_at`, or once revoked.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the token, in hexadecimal"))
    can_read = models.BooleanField(_("reads when rooms are free"), default=True)
    can_book = models.BooleanField(_("books, changes and cancels"), default=False)
    can_export = models.BooleanField(_("reads the accounts of the organisation"), default=False)
    per_minute = models.PositiveSmallIntegerField(_("requests a minute"), default=120)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    issued_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_on = models.DateField(_("last used"), null=True, blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="api_token_name_once", condition=Q(revoked_at=None)
            ),
            models.CheckConstraint(
                name="api_token_allows_something", condition=Q(can_read=True) | Q(can_book=True) | Q(can_export=True)
            ),
            models.CheckConstraint(name="api_token_1_to_600_a_minute", condition=Q(per_minute__range=(1, 600))),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def allows(self, scope: str) -> bool:
        """Tell whether it opens `scope`: read, book or export."""
        return bool(getattr(self, f"can_{scope}"))

    def is_over(self, now: datetime) -> bool:
        """Tell whether its time has passed."""
        return now >= self.expires_at
