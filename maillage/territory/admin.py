"""Territory in the administration: read and corrected here, loaded by `import_communes`."""

from django.contrib import admin

from maillage.territory.models import Commune, DistanceOverride, FormerName, Grouping, Island


class FormerNameInline(admin.TabularInline[FormerName, Commune]):
    model = FormerName
    extra = 0
    readonly_fields = ("name",)
    can_delete = False


@admin.register(Commune)
class CommuneAdmin(admin.ModelAdmin[Commune]):
    list_display = ("name", "insee", "department", "population", "position_source", "island")
    list_filter = ("position_source", "region")
    search_fields = ("folded", "insee", "postcodes")
    list_select_related = ("island",)
    autocomplete_fields = ("grouping",)
    readonly_fields = ("insee", "name", "population")
    inlines = (FormerNameInline,)

    def has_add_permission(self, request: object) -> bool:
        """Communes come from the official code, by import."""
        return False


@admin.register(Grouping)
class GroupingAdmin(admin.ModelAdmin[Grouping]):
    list_display = ("name", "kind", "siren")
    list_filter = ("kind",)
    search_fields = ("name", "siren")


@admin.register(Island)
class IslandAdmin(admin.ModelAdmin[Island]):
    list_display = ("name", "port_name", "crossing_minutes", "source")


@admin.register(DistanceOverride)
class DistanceOverrideAdmin(admin.ModelAdmin[DistanceOverride]):
    list_display = ("first", "second", "distance_km", "minutes", "source")
    list_select_related = ("first", "second")
    autocomplete_fields = ("first", "second")
