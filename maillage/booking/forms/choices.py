"""The words people choose from when they say how long, when, and how they take part."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.booking.models import PartyKind
from maillage.points.models import EquipmentKind

MINUTES = (30, 45, 60, 90, 120, 150, 180, 240, 360, 480)
WHEN = [
    ("now", _("as soon as possible")),
    ("today", _("today")),
    ("tomorrow", _("tomorrow")),
    ("this-week", _("this week")),
    ("next-week", _("next week")),
    ("fortnight", _("within a fortnight")),
    ("month", _("within a month")),
    ("date", _("on a day…")),
]
PART = [
    ("any", _("at any hour")),
    ("morning", _("rather in the morning")),
    ("afternoon", _("rather in the afternoon")),
    ("evening", _("rather in the evening")),
]
KINDS = [
    (PartyKind.ROOM.value, pgettext_lazy("3 people … Callac", "in")),
    (PartyKind.BROWSER.value, pgettext_lazy("3 people … Callac", "online, in")),
    (PartyKind.SIP.value, pgettext_lazy("3 people … Callac", "on their videoconference terminal, in")),
    (PartyKind.PHONE.value, pgettext_lazy("3 people … Callac", "by telephone, from")),
]
HELP = "help"
"""Not of the room: somebody comes at the start."""
NEEDS = [
    ("step-free", _("step-free entrance")),
    ("parking", _("parking")),
    (HELP, _("someone to help us at the start")),
    (EquipmentKind.SECOND_SCREEN.value, EquipmentKind.SECOND_SCREEN.label),
    (EquipmentKind.DOCUMENT_CAMERA.value, EquipmentKind.DOCUMENT_CAMERA.label),
    (EquipmentKind.HEARING_LOOP.value, EquipmentKind.HEARING_LOOP.label),
    (EquipmentKind.SCANNER.value, EquipmentKind.SCANNER.label),
]
