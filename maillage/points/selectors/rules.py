"""The house rules of points, as they stand."""

from collections.abc import Collection

from maillage.points.models import HouseRules


def present_rules(point_ids: Collection[int]) -> list[HouseRules]:
    """Return the present version of the rules of each of these points that has some, by name. One query."""
    found: dict[int, HouseRules] = {}
    versions = HouseRules.objects.filter(point__in=point_ids).select_related("point")
    for rules in versions.order_by("point__name", "-version"):
        found.setdefault(rules.point_id, rules)
    return list(found.values())
