"""Whom a host favours, in the administration: its packages, and the organisations known by their e-mail.

What a point asks of all is on its own page, see `views.tariffs`.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.tariffs import check_package
from maillage.booking.models import Beneficiary, Package
from maillage.booking.selectors.tariffs import package_rules
from maillage.core.errors import DomainError
from maillage.core.journal import record


class PackageForm(forms.ModelForm[Any]):
    """Refuses a package that cannot be meant, in the words of the refusal."""

    def clean(self) -> dict[str, Any]:
        """Return the fields. Raises ValidationError."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("monthly_quarters") is None:
            return cleaned
        names = ("name", "monthly_quarters", "overage_cents")
        try:
            check_package(package_rules(Package(**{name: cleaned.get(name) for name in names})))
        except DomainError as refusal:
            raise forms.ValidationError(f"{refusal.sentence()} {refusal.advice()}", code=refusal.code) from refusal
        return cleaned


class BeneficiaryForm(forms.ModelForm[Any]):
    """Takes an address, or a domain written @example.org, whatever its capitals; a package of the same host alone."""

    def clean_email(self) -> str:
        """Return it in lower case. Raises ValidationError if it is neither."""
        typed = str(self.cleaned_data["email"]).strip().lower()
        if typed.count("@") != 1 or typed.endswith("@"):
            raise forms.ValidationError(_("Write a whole address, or a domain as in @example.org."), code="no-address")
        return typed

    def clean(self) -> dict[str, Any]:
        """Return the fields. Raises ValidationError for another host's package."""
        cleaned: dict[str, Any] = super().clean() or {}
        package, host = cleaned.get("package"), cleaned.get("host")
        if package is not None and host is not None and package.host_id != host.pk:
            raise forms.ValidationError(_("This package is another host's: choose one of its own."), code="other-host")
        return cleaned


class Journalled(admin.ModelAdmin[Any]):
    """Writes each act in the journal, by number: names and addresses stay out of it."""

    list_select_related: ClassVar[tuple[str, ...]] = ("host",)
    list_filter = ("host",)
    autocomplete_fields = ("host",)

    def save_model(self, request: HttpRequest, obj: Any, form: BaseModelForm[Any], change: bool) -> None:
        super().save_model(request, obj, form, change)
        _journal(request, "edited", obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        _journal(request, "removed", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            _journal(request, "removed", obj)
        super().delete_queryset(request, queryset)


@admin.register(Package)
class PackageAdmin(Journalled):
    form = PackageForm
    list_display = ("name", "host", "monthly_quarters", "overage_cents")
    search_fields = ("name",)


@admin.register(Beneficiary)
class BeneficiaryAdmin(Journalled):
    form = BeneficiaryForm
    list_display = ("name", "host", "group", "package")
    search_fields = ("name", "email")
    list_select_related = ("host", "package")


def _journal(request: HttpRequest, act: str, obj: Any) -> None:
    kind = obj._meta.model_name
    record(f"{kind}.{act}", f"{kind}:{obj.pk}", through="agent", agent_id=request.user.pk)
