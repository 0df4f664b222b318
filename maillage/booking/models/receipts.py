"""Receipts, numbered without gaps for each host and year, as an accountant expects."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PaymentMethod(models.TextChoices):
    """How it was paid. Online payment will add its own."""

    NONE = "", _("not paid yet")
    CASH = "cash", _("cash")
    CHEQUE = "cheque", _("cheque")
    CARD = "card", _("card, at the counter")
    TRANSFER = "transfer", _("transfer, on an invoice")


class ReceiptCounter(models.Model):
    """The last number given by a host in a year. Its row is locked while a number is taken."""

    host = models.ForeignKey("actors.Organisation", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "year"], name="receipt_counter_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Receipt(models.Model):
    """What a host asked for a booking. Never changed nor deleted: a credit note cancels it with the next number.

    `lines` and the names are a copy made when it was issued: a receipt says what was true that day.
    """

    host = models.ForeignKey("actors.Organisation", models.PROTECT, related_name="receipts")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    booking = models.ForeignKey("booking.Booking", models.PROTECT, related_name="receipts")
    cancels = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="cancelled_by")
    issuer = models.CharField(_("issued by"), max_length=160)
    issuer_siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    payer = models.CharField(_("issued to"), max_length=160)
    cents = models.IntegerField(_("amount, in cents"), help_text=_("below zero on a credit note"))
    lines = models.JSONField(default=list)
    reason = models.CharField(_("why it is cancelled"), max_length=160, blank=True)
    issued_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    method = models.CharField(_("paid by"), max_length=8, choices=PaymentMethod, blank=True)

    class Meta:
        ordering = ["host", "year", "number"]
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.UniqueConstraint(fields=["host", "year", "number"], name="receipt_number_once"),
            models.CheckConstraint(
                name="receipt_positive_credit_negative",
                condition=Q(cancels__isnull=True, cents__gt=0) | Q(cancels__isnull=False, cents__lt=0),
            ),
            models.CheckConstraint(name="receipt_paid_has_a_method", condition=Q(paid_at__isnull=True) | ~Q(method="")),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number people read: 2026-0007."""
        return f"{self.year}-{self.number:04d}"
