"""Organisations and people's parts in them, in the administration."""

from typing import Any

from django import forms
from django.contrib import admin

from maillage.actors.models import Organisation, Role


class OrganisationForm(forms.ModelForm[Any]):
    website = forms.URLField(required=False, assume_scheme="https")


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    form = OrganisationForm
    list_display = ("name", "kind", "commune", "source")
    list_filter = ("kind",)
    search_fields = ("name", "siret")
    list_select_related = ("commune",)
    autocomplete_fields = ("commune",)


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin[Role]):
    list_display = ("user", "part", "organisation")
    list_filter = ("part",)
    list_select_related = ("user", "organisation")
    autocomplete_fields = ("organisation",)
