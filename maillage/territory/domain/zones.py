"""Which clock a commune lives by, and which land it stands on. From INSEE codes, of any French territory.

Time zones: IANA time zone database (tz 2026), file `zone1970.tab`. The Marquesas and Gambier islands, which have
their own, are given the zone of Tahiti: their communes are told by the importer's file, not by their code.
"""

from typing import Final

MAINLAND: Final = "mainland"
MAINLAND_ZONE: Final = "Europe/Paris"

_ZONES: Final = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}

_REGIONS: Final = {
    "11": "75 77 78 91 92 93 94 95",
    "24": "18 28 36 37 41 45",
    "27": "21 25 39 58 70 71 89 90",
    "28": "14 27 50 61 76",
    "32": "02 59 60 62 80",
    "44": "08 10 51 52 54 55 57 67 68 88",
    "52": "44 49 53 72 85",
    "53": "22 29 35 56",
    "75": "16 17 19 23 24 33 40 47 64 79 86 87",
    "76": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "84": "01 03 07 15 26 38 42 43 63 69 73 74",
    "93": "04 05 06 13 83 84",
    "94": "2A 2B",
    "01": "971",
    "02": "972",
    "03": "973",
    "04": "974",
    "06": "976",
}
_REGION_OF: Final = {department: region for region, all_of in _REGIONS.items() for department in all_of.split()}


def region_of(department: str) -> str:
    """Return the INSEE code of a department's region, the territory's own code for a collectivity overseas.

    Source: Insee, Code officiel géographique 2026.
    """
    return _REGION_OF.get(department, department)


def zone_of(insee: str) -> str:
    """Return the IANA time zone in which the people of a commune read hours."""
    return _ZONES.get(insee[:3], MAINLAND_ZONE)


def landmass_of(insee: str) -> str:
    """Return a code that two communes share if one can go by road, or by the ferry of an island, between them."""
    if insee.startswith(("97", "98")):
        return insee[:3]
    return "corsica" if insee[:2] in {"2A", "2B"} else MAINLAND
