"""What is known of the far ends before the day: who looks after their equipment, what their rehearsals found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.station.domain.verdict import Level


class FarEnd(models.Model):
    """The technical contact of one side, given by itself by a signed link. One a side; a later answer replaces it."""

    party = models.OneToOneField("booking.Party", models.CASCADE, related_name="far_end")
    asked_at = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(_("who looks after the equipment"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(
        _("address or number of the terminal"), max_length=200, blank=True, help_text=_("as in sip:salle@example.org")
    )
    firewall = models.TextField(_("what the network lets through"), max_length=1000, blank=True)
    test_on = models.DateTimeField(_("test on"), null=True, blank=True)

    class Meta:
        verbose_name = _("technical contact")
        verbose_name_plural = _("technical contacts")

    def __str__(self) -> str:
        return self.name or str(self.party_id)


class Trial(models.Model):
    """One rehearsal of a person alone: what it is worth goes to the desk. Without a party, nobody is known."""

    party = models.ForeignKey("booking.Party", models.CASCADE, null=True, blank=True, related_name="trials")
    at = models.DateTimeField(db_index=True)
    level = models.CharField(max_length=6, choices=[(level.value, level.value) for level in Level])
    causes = models.JSONField(default=list)
    measures = models.JSONField(default=dict)
    device = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")

    def __str__(self) -> str:
        return f"{self.level} ({self.at:%Y-%m-%d %H:%M})"
