"""Two points that are always open, in two real communes: enough for a meeting at any hour."""

from maillage.actors.models import Organisation
from maillage.points.models import Equipment, EquipmentKind, Point, Room
from maillage.territory.models import Commune

_PLACES = (
    ("Callac", "22025", "22160", 48.40367, -3.42778),
    ("Rennes", "35238", "35000", 48.11134, -1.68178),
)


def prepare_network() -> None:
    """Create the two points, in a database that has no network yet."""
    for name, insee, postcode, latitude, longitude in _PLACES:
        commune, _ = Commune.objects.get_or_create(
            insee=insee,
            defaults={
                "name": name, "folded": name.lower(), "postcodes": postcode, "department": insee[:2], "region": "53",
                "latitude": latitude, "longitude": longitude,
            },
        )  # fmt: skip
        host, _ = Organisation.objects.get_or_create(name=f"Mairie de {name}", defaults={"commune": commune})
        point, created = Point.objects.get_or_create(
            slug=f"repetition-{name.lower()}",
            defaults={
                "name": f"Mairie de {name}", "host": host, "commune": commune, "hours": "24/7",
                "latitude": latitude, "longitude": longitude,
            },
        )  # fmt: skip
        if created:
            room = Room.objects.create(point=point, name="Salle de visioconférence", capacity=8, settle_quarters=0)
            Equipment.objects.create(room=room, kind=EquipmentKind.CAMERA)
