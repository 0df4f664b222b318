"""Who holds the desk, when, and whom it calls when something breaks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SupplierKind(models.TextChoices):
    """What a supplier looks after."""

    LINE = "line", _("line")
    EQUIPMENT = "equipment", _("room equipment")
    SOFTWARE = "software", _("server and software")
    OTHER = "other", _("other")


class Supplier(models.Model):
    """Who repairs what, how they are called, and the delays they promised."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("looks after"), max_length=9, choices=SupplierKind, default=SupplierKind.OTHER)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    contract = models.CharField(_("contract number"), max_length=60, blank=True)
    answers_within_hours = models.PositiveSmallIntegerField(_("answers within, in hours"), null=True, blank=True)
    repairs_within_hours = models.PositiveSmallIntegerField(_("repairs within, in hours"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")

    def __str__(self) -> str:
        return self.name


class DeskHours(models.Model):
    """A desk, who holds it from a day on, when it answers, and what answering outside these hours costs."""

    name = models.CharField(_("name"), max_length=120)
    provider = models.ForeignKey(
        "actors.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("held by")
    )
    hours = models.CharField(
        _("answers"), max_length=300, help_text=_("OpenStreetMap syntax: Mo-Fr 09:00-17:30; PH off")
    )
    on_call_hours = models.CharField(_("on call"), max_length=300, blank=True)
    on_call_fee_cents = models.PositiveIntegerField(_("fee on call, in cents"), default=0)
    time_zone = models.CharField(max_length=40, default="Europe/Paris")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("receives the weekly list of rooms to look at"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["-since", "name"]
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        constraints = [
            models.CheckConstraint(
                name="desk_ends_after_it_began", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            )
        ]

    def __str__(self) -> str:
        return self.name


class HandoverNote(models.Model):
    """What one shift tells the next. Written once, never changed."""

    at = models.DateTimeField(db_index=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("note"), max_length=4000)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("handover note")
        verbose_name_plural = _("handover notes")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
