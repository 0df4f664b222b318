"""Communes, as open data."""

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from maillage.territory.models import Commune
from maillage.territory.selectors import find_communes

router = Router(tags=["territory"])


class CommuneOut(Schema):
    """A commune. `label` may be typed back in any form of the site."""

    insee: str
    name: str
    label: str
    postcodes: list[str]
    department: str
    region: str
    population: int
    latitude: float | None
    longitude: float | None
    time_zone: str

    @staticmethod
    def resolve_postcodes(commune: Commune) -> list[str]:
        """Return them apart."""
        return commune.postcodes.split()


class CommuneQuery(Schema):
    """What is typed, and how many answers are wanted."""

    q: str = Field("", max_length=80, description="start of a name, former name or postcode")
    limit: int = Field(8, ge=1, le=50)


@router.get("/communes", response=list[CommuneOut], operation_id="find_communes", summary="Find communes")
def communes(request: HttpRequest, query: Query[CommuneQuery]) -> list[Commune]:
    """Find communes by the start of a name, whatever its accents, or of a postcode: best first."""
    return find_communes(query.q, query.limit)
