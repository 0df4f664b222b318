"""Suppliers and the hours of desks in the administration."""

from django.contrib import admin

from maillage.booking.models import DeskHours
from maillage.concierge.models import Supplier


@admin.register(Supplier)
class SupplierAdmin(admin.ModelAdmin[Supplier]):
    list_display = ("name", "kind", "phone", "answers_within_hours", "repairs_within_hours")
    list_filter = ("kind",)
    search_fields = ("name",)


@admin.register(DeskHours)
class DeskHoursAdmin(admin.ModelAdmin[DeskHours]):
    list_display = ("name", "provider", "hours", "on_call_hours", "on_call_fee_cents", "email", "since", "until")
