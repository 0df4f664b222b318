"""Points and rooms with fixed values. The catalogue is renewed, so that the slot search sees them."""

from django.utils.text import slugify

from maillage.actors.models import Organisation
from maillage.actors.tests.factories import make_organisation
from maillage.points.models import Equipment, Point, Room
from maillage.points.services import renew_catalogue
from maillage.territory.domain.folding import fold
from maillage.territory.models import Commune
from maillage.territory.tests.factories import make_commune

OFFICE_HOURS = "Mo-Fr 09:00-12:30,13:30-17:30; PH off"


def make_point(name: str = "", *, commune: Commune | str = "Callac", **fields: object) -> Point:
    """Make a point open to everyone in office hours, at its commune's position."""
    where = make_commune(commune) if isinstance(commune, str) else commune
    called = name or f"Point de {where.name}"
    host: object = fields.pop("host", None)
    values: dict[str, object] = {
        "name": called,
        "folded": fold(called),
        "host": host if isinstance(host, Organisation) else make_organisation(f"Mairie de {where.name}", commune=where),
        "commune": where,
        "latitude": where.latitude,
        "longitude": where.longitude,
        "hours": OFFICE_HOURS,
        **fields,
    }
    point = Point.objects.update_or_create(slug=slugify(called), defaults=values)[0]
    renew_catalogue()
    return point


def make_room(
    point: Point | None = None, name: str = "Salle de visioconférence", *, needs: tuple[str, ...] = (), **fields: object
) -> Room:
    """Make a room of 8 places with a quarter to settle in; `needs` are equipment kinds."""
    where = point or make_point()
    values: dict[str, object] = {"capacity": 8, **fields}
    room = Room.objects.update_or_create(point=where, name=name, defaults=values)[0]
    for kind in needs:
        Equipment.objects.get_or_create(room=room, kind=kind)
    renew_catalogue()
    return room
