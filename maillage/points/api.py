"""Points as open data: JSON, GeoJSON and CSV, without a key. Licence Ouverte 2.0."""

import csv
import io
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from ninja import Query, Router, Schema
from ninja.decorators import decorate_view
from pydantic import Field

from maillage.points.selectors import find_points, point_by_slug, points_of_the_map

router = Router(tags=["points"])
_PUBLIC = cache_control(public=True, max_age=300)


class RoomOut(Schema):
    """A room of a point."""

    id: int
    name: str
    capacity: int
    capacity_is_assumed: bool
    hours: str
    equipment: list[str]
    notice_minutes: int

    @staticmethod
    def resolve_equipment(room: Any) -> list[str]:
        """Return the kinds."""
        return [item.kind for item in room.equipment.all()]


class PointOut(Schema):
    """A point. `hours` are in OpenStreetMap syntax, local to `time_zone`."""

    slug: str
    name: str
    commune: str
    insee: str = Field(alias="commune_id")
    address: str
    latitude: float
    longitude: float
    position_accuracy: str
    status: str
    audience: str
    is_bookable: bool
    hours: str
    hours_are_assumed: bool
    time_zone: str
    is_demonstration: bool
    source: str
    source_date: date | None
    updated_at: datetime
    rooms: list[RoomOut]

    @staticmethod
    def resolve_commune(point: Any) -> str:
        """Return its name."""
        return str(point.commune.name)

    @staticmethod
    def resolve_rooms(point: Any) -> list[Any]:
        """Return the rooms in use."""
        return list(point.rooms.all())


class NearbyOut(Schema):
    """A point, with the way to it if a town was asked for."""

    point: PointOut
    distance_km: float | None
    minutes: int | None
    method: str | None


class DirectoryOut(Schema):
    """What a search of the directory gives."""

    total: int
    origin: str | None = Field(description="INSEE code of the town from which distances are counted")
    points: list[NearbyOut]


class DirectoryQuery(Schema):
    """A town or a name, a number of people, needs apart by commas."""

    q: str = Field("", max_length=80)
    people: int = Field(1, ge=1, le=500)
    needs: str = Field("", max_length=200, description="apart by commas, as in step-free,scanner")
    limit: int = Field(60, ge=1, le=500)


@router.get("/points", response=DirectoryOut, operation_id="find_points", summary="Find points")
def points(request: HttpRequest, query: Query[DirectoryQuery]) -> dict[str, Any]:
    """Find the listed points, nearest first if `q` is a town. 422 `unknown-need` for a need no room can have."""
    needs = [need.strip() for need in query.needs.split(",") if need.strip()]
    found = find_points(query.q, head_count=query.people, needs=needs, limit=query.limit)
    told = [
        {
            "point": nearby.point,
            "distance_km": round(nearby.travel.distance_km, 1) if nearby.travel else None,
            "minutes": nearby.travel.minutes if nearby.travel else None,
            "method": nearby.travel.method if nearby.travel else None,
        }
        for nearby in found.found
    ]
    return {"total": found.total, "origin": found.origin.pk if found.origin else None, "points": told}


@router.get(
    "/points.geojson", operation_id="points_geojson", summary="All points as GeoJSON", url_name="points_geojson"
)
@decorate_view(_PUBLIC)
def points_geojson(request: HttpRequest) -> HttpResponse:
    """Answer every listed point with its position, status and page: what the map draws."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": {
                "slug": row["slug"],
                "name": row["name"],
                "commune": row["commune__name"],
                "bookable": row["status"] == "open" and row["audience"] == "everyone",
                "url": reverse("points:point", args=[row["slug"]]),
            },
        }
        for row in points_of_the_map()
    ]
    body = {"type": "FeatureCollection", "features": features}
    return JsonResponse(body, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})


@router.get("/points.csv", operation_id="points_csv", summary="All points as CSV", url_name="points_csv")
@decorate_view(_PUBLIC)
def points_csv(request: HttpRequest) -> HttpResponse:
    """Answer every listed point as a line, in UTF-8, for a spreadsheet."""
    text = io.StringIO()
    rows = points_of_the_map()
    if rows:
        writer = csv.DictWriter(text, rows[0].keys())
        writer.writeheader()
        writer.writerows({key: _harmless(value) for key, value in row.items()} for row in rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="points.csv"'
    return response


@router.get("/points/{slug}", response=PointOut, operation_id="point", summary="One point")
def point(request: HttpRequest, slug: str) -> Any:
    """Answer a listed point and its rooms. 404 `unknown-point`."""
    return point_by_slug(slug)


def _harmless(value: object) -> object:
    """Keep a spreadsheet from running a text as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@"} else value
