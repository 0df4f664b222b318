"""Organisations and people's parts in them, in the administration."""

from typing import Any

from django import forms
from django.contrib import admin

from maillage.actors.domain.addresses import called_at
from maillage.actors.models import ApiToken, Organisation, Role, WayToCall
from maillage.core.errors import DomainError


class OrganisationForm(forms.ModelForm[Any]):
    website = forms.URLField(required=False, assume_scheme="https")


class WayForm(forms.ModelForm[Any]):
    """Writes an address in its one spelling, refuses what nobody could call."""

    def clean(self) -> dict[str, Any]:
        """Return the fields. Raises ValidationError in the words of the refusal."""
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            cleaned["address"] = called_at(cleaned.get("kind", ""), cleaned.get("address", ""))
        except DomainError as refusal:
            raise forms.ValidationError(f"{refusal.sentence()} {refusal.advice()}", code=refusal.code) from refusal
        return cleaned


class WayInline(admin.TabularInline[WayToCall, Organisation]):
    model = WayToCall
    form = WayForm
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    form = OrganisationForm
    list_display = ("name", "kind", "commune", "source")
    list_filter = ("kind",)
    search_fields = ("name", "siret")
    list_select_related = ("commune",)
    autocomplete_fields = ("commune",)
    inlines = (WayInline,)


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin[Role]):
    list_display = ("user", "part", "organisation")
    list_filter = ("part",)
    list_select_related = ("user", "organisation")
    autocomplete_fields = ("organisation",)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """To look at: tokens are made and revoked on the page of their organisation, which journals it."""

    list_display = ("name", "organisation", "prefix", "expires_at", "revoked_at", "last_used_on")
    list_select_related = ("organisation",)
    exclude = ("digest",)

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: ApiToken | None = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: ApiToken | None = None) -> bool:
        return False
