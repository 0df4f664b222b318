"""The floor and the agenda as they are kept, and the floor brought up to who is in. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from maillage.conference.domain.agenda import Agenda, Item
from maillage.conference.domain.floor import Act, Floor, Hand, Mode, Site, Verb, after


def read_floor(kept: Mapping[str, Any]) -> Floor:
    """Return the floor that `Floor.as_json` wrote; an empty one for nothing."""
    if not kept:
        return Floor()
    return Floor(
        mode=Mode(kept["mode"]),
        present=tuple(kept["present"]),
        leads=frozenset(kept["leads"]),
        chair=kept["chair"],
        holder=kept["holder"],
        held_since=kept["held_since"],
        interrupted=kept["interrupted"],
        queue=tuple(Hand(hand["site"], hand["raised_at"], hand["is_reply"]) for hand in kept["queue"]),
        round_left=tuple(kept["round_left"]),
        mode_after_round=Mode(kept["mode_after_round"]),
        box_seconds=kept["box_seconds"],
        spoken={int(site): seconds for site, seconds in kept["spoken"].items()},
        replied=frozenset(kept["replied"]),
    )


def read_agenda(kept: Mapping[str, Any]) -> Agenda | None:
    """Return the agenda that `Agenda.as_json` wrote, None without one."""
    if not kept:
        return None
    items = tuple(Item(item["title"], item["planned_seconds"], item["spent_seconds"]) for item in kept["items"])
    return Agenda(items, kept["current"], kept["opened_at"], kept["is_over"])


def followed(floor: Floor, inside: Sequence[Site], *, leader: Site | None, at: float) -> Floor:
    """Return the floor once it knows who is in: those who left leave it, those who came arrive, by order of entry.

    `leader` is who leads whenever it is in. Unchanged if nobody came or went.
    """
    for site in floor.present:
        if site not in inside:
            floor = after(floor, Act(Verb.LEAVE, site, at))
    for site in inside:
        if site not in floor.present:
            floor = after(floor, Act(Verb.ARRIVE, site, at, leads=site == leader))
    return floor


def led_by(floor: Floor, site: Site) -> Floor:
    """Return the floor led by `site`, as the concierge may decide; who led before no longer takes it back."""
    return replace(floor, chair=site, leads=frozenset({site}))
