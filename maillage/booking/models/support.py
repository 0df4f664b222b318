"""Who can help at a distance, when, and what their help costs outside their hours. Written in the administration."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


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
                name="desk_hours_end_after_they_began", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            )
        ]

    def __str__(self) -> str:
        return self.name
