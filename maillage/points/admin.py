"""Points in the administration: what is saved renews the catalogue; a status changes by adding a dated one."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import BaseModelForm
from django.http import HttpRequest

from maillage.core.errors import DomainError
from maillage.core.journal import record
from maillage.points.domain.hours import parse_hours
from maillage.points.models import Closure, Equipment, Point, Room, StatusChange
from maillage.points.services import renew_catalogue
from maillage.territory.domain.folding import fold


class HoursForm(forms.ModelForm[Any]):
    """Refuses hours that cannot be read, in the words of the refusal."""

    def clean_hours(self) -> str:
        """Return the hours. Raises ValidationError if they cannot be read."""
        return self._readable("hours")

    def clean_request_hours(self) -> str:
        """Return the hours on request. Raises ValidationError if they cannot be read."""
        return self._readable("request_hours")

    def _readable(self, name: str) -> str:
        hours = str(self.cleaned_data[name]).strip()
        if hours:
            try:
                parse_hours(hours)
            except DomainError as refusal:
                raise forms.ValidationError(f"{refusal.sentence()} {refusal.advice()}", code=refusal.code) from refusal
        return hours


class PointForm(HoursForm):
    website = forms.URLField(required=False, assume_scheme="https")


class RoomInline(admin.TabularInline[Room, Point]):
    model = Room
    form = HoursForm
    extra = 0
    show_change_link = True


class StatusChangeInline(admin.TabularInline[StatusChange, Point]):
    model = StatusChange
    extra = 0


class ClosureInline(admin.TabularInline[Closure, Point]):
    model = Closure
    extra = 0


class EquipmentInline(admin.TabularInline[Equipment, Room]):
    model = Equipment
    extra = 0


class RenewsCatalogue(admin.ModelAdmin[Any]):
    """Renews the catalogue and writes the journal once an object and what hangs from it are saved."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.after_save(form.instance)
        _journal(request, "edited", form.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        _journal(request, "removed", obj)

    def after_save(self, saved: Any) -> None:
        """Bring what depends on `saved` up to date."""


@admin.register(Point)
class PointAdmin(RenewsCatalogue):
    form = PointForm
    list_display = ("name", "commune", "status", "audience", "is_listed", "is_demonstration")
    list_filter = ("status", "audience", "is_listed", "is_demonstration")
    search_fields = ("folded", "name", "commune__folded", "source_reference")
    list_select_related = ("commune",)
    autocomplete_fields = ("commune", "host")
    readonly_fields = ("status", "updated_at")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (RoomInline, StatusChangeInline, ClosureInline)

    def save_model(self, request: HttpRequest, obj: Point, form: BaseModelForm[Point], change: bool) -> None:
        obj.folded = fold(obj.name)
        super().save_model(request, obj, form, change)

    def after_save(self, saved: Point) -> None:
        """Give the point the status of its latest dated change."""
        latest = saved.status_changes.order_by("-since").first()
        if latest is not None and latest.status != saved.status:
            Point.objects.filter(pk=saved.pk).update(status=latest.status)


@admin.register(Room)
class RoomAdmin(RenewsCatalogue):
    form = HoursForm
    list_display = ("name", "point", "capacity", "is_active", "is_listed", "withheld_since")
    list_filter = ("is_active", "is_listed", "audience")
    search_fields = ("name", "point__folded")
    list_select_related = ("point",)
    autocomplete_fields = ("point",)
    inlines = (EquipmentInline,)


def _journal(request: HttpRequest, act: str, thing: Any) -> None:
    slug = thing.slug if isinstance(thing, Point) else thing.point.slug
    record(f"{thing._meta.model_name}.{act}", f"point:{slug}"[:80], through="agent", agent_id=request.user.pk)
    renew_catalogue()
