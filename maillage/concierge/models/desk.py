"""Whom the desk calls when something breaks, and what one shift tells the next. Its hours are `booking`'s."""

from django.conf import settings
from django.db import models
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
