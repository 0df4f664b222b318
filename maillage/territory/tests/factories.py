"""Communes with fixed values. Plain functions: the same call makes the same row."""

from maillage.territory.domain.folding import fold
from maillage.territory.models import Commune, Grouping, GroupingKind, Island, PositionSource

KNOWN_PLACES: dict[str, tuple[str, str, float, float, int]] = {
    "Callac": ("22025", "22160", 48.40469, -3.42886, 2178),
    "Lannion": ("22113", "22300", 48.73189, -3.45804, 20_040),
    "Rennes": ("35238", "35000 35200 35700", 48.11198, -1.67429, 227_830),
    "Brest": ("29019", "29200", 48.39169, -4.48454, 139_619),
    "Quimper": ("29232", "29000", 47.99597, -4.09795, 64_530),
    "Vannes": ("56260", "56000", 47.65835, -2.76097, 54_420),
    "Saint-Brieuc": ("22278", "22000", 48.51387, -2.76438, 44_224),
    "Ouessant": ("29155", "29242", 48.45536, -5.09737, 860),
    "Crozon": ("29042", "29160", 48.24662, -4.48993, 7_500),
}


def make_commune(name: str = "Callac", **fields: object) -> Commune:
    """Make a commune: a known one by its name, or any with its `insee`, `latitude` and `longitude`."""
    insee, postcodes, latitude, longitude, population = KNOWN_PLACES.get(name, ("99001", "", 48.0, -3.0, 1000))
    values: dict[str, object] = {
        "name": name,
        "folded": fold(name),
        "postcodes": postcodes,
        "region": "53",
        "latitude": latitude,
        "longitude": longitude,
        "population": population,
        "position_source": PositionSource.TOWN_HALL,
        **fields,
    }
    code = str(values.pop("insee", insee))
    values.setdefault("department", code[:3] if code.startswith("97") else code[:2])
    return Commune.objects.update_or_create(insee=code, defaults=values)[0]


def make_island(name: str = "Ouessant", **fields: object) -> Island:
    """Make an island whose boat leaves from Le Conquet."""
    values: dict[str, object] = {
        "port_name": "Le Conquet",
        "port_latitude": 48.3602,
        "port_longitude": -4.7735,
        "landing_latitude": 48.4714,
        "landing_longitude": -5.0503,
        "crossing_minutes": 70,
        "source": "test",
        **fields,
    }
    return Island.objects.update_or_create(name=name, defaults=values)[0]


def make_grouping(siren: str = "200067981", name: str = "CA Guingamp-Paimpol") -> Grouping:
    """Make an EPCI."""
    return Grouping.objects.update_or_create(siren=siren, defaults={"name": name, "kind": GroupingKind.CA})[0]
