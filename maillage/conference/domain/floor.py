"""Who has the floor. Sites raise hands, not people; times are seconds on any one clock, given by the caller.

A Floor is a value: `after(floor, act)` returns the next one or raises why the act is refused, and nothing has changed.
The browser mirrors these rules to show at once what the server will decide; the server decides.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from maillage.conference.errors import FloorMisused, NotInChair, NotPresent

Site = int
"""A party's number."""


class Mode(StrEnum):
    """FREE: microphones are everyone's own, the queue is a courtesy. STRICT: only the holder and the chair are heard.
    ROUND: as strict, each site in turn."""

    FREE = "free"
    STRICT = "strict"
    ROUND = "round"


@dataclass(frozen=True, slots=True)
class Hand:
    """A raised hand. A reply answers the one who speaks, and comes before the others."""

    site: Site
    raised_at: float
    is_reply: bool = False


@dataclass(frozen=True, slots=True)
class Floor:
    """`present` by arrival; `leads` are those who inherit the chair first (the concierge, then rooms with a host)."""

    mode: Mode = Mode.FREE
    present: tuple[Site, ...] = ()
    leads: frozenset[Site] = frozenset()
    chair: Site | None = None
    holder: Site | None = None
    held_since: float = 0.0
    interrupted: Site | None = None
    queue: tuple[Hand, ...] = ()
    round_left: tuple[Site, ...] = ()
    mode_after_round: Mode = Mode.FREE
    box_seconds: int | None = None
    spoken: dict[Site, float] = field(default_factory=dict)
    replied: frozenset[Site] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """Return it as the protocol writes it."""
        plain = {name: getattr(self, name) for name in ("chair", "holder", "held_since", "interrupted", "box_seconds")}
        return plain | {
            "mode": str(self.mode),
            "present": list(self.present),
            "queue": [{"site": h.site, "raised_at": h.raised_at, "is_reply": h.is_reply} for h in self.queue],
            "round_left": list(self.round_left),
            "spoken": {str(site): round(seconds, 1) for site, seconds in sorted(self.spoken.items())},
            "leads": sorted(self.leads),
            "replied": sorted(self.replied),
            "mode_after_round": str(self.mode_after_round),
        }


class Verb(StrEnum):
    """What may be done. Those of CHAIR_ONLY are the chair's."""

    ARRIVE = "arrive"
    LEAVE = "leave"
    ASK = "ask"
    ASK_REPLY = "ask-reply"
    LOWER = "lower"
    RELEASE = "release"
    GRANT = "grant"
    WITHDRAW = "withdraw"
    REORDER = "reorder"
    SET_MODE = "set-mode"
    START_ROUND = "start-round"
    SET_BOX = "set-box"
    GIVE_CHAIR = "give-chair"


CHAIR_ONLY = {
    Verb.GRANT,
    Verb.WITHDRAW,
    Verb.REORDER,
    Verb.SET_MODE,
    Verb.START_ROUND,
    Verb.SET_BOX,
    Verb.GIVE_CHAIR,
}


@dataclass(frozen=True, slots=True)
class Act:
    """`by` does `verb` at `at`. The other fields are what it is about."""

    verb: Verb
    by: Site
    at: float
    site: Site | None = None
    order: tuple[Site, ...] = ()
    mode: Mode = Mode.FREE
    seconds: int | None = None
    leads: bool = False


def after(floor: Floor, act: Act) -> Floor:
    """Return the floor after `act`. Raises NotPresent, NotInChair or FloorMisused."""
    if act.verb is not Verb.ARRIVE and act.by not in floor.present:
        raise NotPresent
    if act.verb in CHAIR_ONLY and act.by != floor.chair:
        raise NotInChair
    return _RULES[act.verb](floor, act)


def may_speak(floor: Floor, site: Site) -> bool:
    """Tell whether a site's microphone is let through. The chair always may: it leads."""
    if site not in floor.present:
        return False
    return floor.mode is Mode.FREE or site in {floor.holder, floor.chair}


def spoken_seconds(floor: Floor, site: Site, now: float) -> float:
    """Return how long a site has held the floor in all."""
    present_turn = max(0.0, now - floor.held_since) if site == floor.holder else 0.0
    return floor.spoken.get(site, 0.0) + present_turn


def overtime_seconds(floor: Floor, now: float) -> float:
    """Return by how much the holder is over the time agreed, negative while within; 0 without one. Nobody is cut."""
    if floor.holder is None or floor.box_seconds is None:
        return 0.0
    return now - floor.held_since - floor.box_seconds


def quietest_first(floor: Floor, now: float) -> tuple[Site, ...]:
    """Return the waiting sites in the order that lets the least heard speak first, for the chair to take up."""
    waiting = sorted(floor.queue, key=lambda h: (not h.is_reply, spoken_seconds(floor, h.site, now), h.raised_at))
    return tuple(hand.site for hand in waiting)


def _arrive(floor: Floor, act: Act) -> Floor:
    present = floor.present if act.by in floor.present else (*floor.present, act.by)
    leads = floor.leads | {act.by} if act.leads else floor.leads - {act.by}
    takes_it = floor.chair is None or (act.leads and floor.chair not in leads)
    return replace(floor, present=present, leads=leads, chair=act.by if takes_it else floor.chair)


def _leave(floor: Floor, act: Act) -> Floor:
    site = act.by
    if floor.interrupted == site:
        floor = replace(floor, interrupted=None)
    if floor.holder == site:
        floor = _released(floor, act.at)
    present = tuple(other for other in floor.present if other != site)
    floor = replace(
        floor,
        present=present,
        leads=floor.leads - {site},
        queue=tuple(hand for hand in floor.queue if hand.site != site),
        round_left=tuple(other for other in floor.round_left if other != site),
        replied=floor.replied - {site},
    )
    if floor.chair == site:
        floor = replace(floor, chair=_heir(floor))
    return floor if present else Floor(spoken=floor.spoken)


def _heir(floor: Floor) -> Site | None:
    """Return who inherits the chair: the longest present of those who lead, else the longest present."""
    leading = [site for site in floor.present if site in floor.leads]
    return next(iter(leading or floor.present), None)


def _ask(floor: Floor, act: Act) -> Floor:
    if act.by == floor.holder or any(hand.site == act.by for hand in floor.queue):
        return floor
    return replace(floor, queue=(*floor.queue, Hand(act.by, act.at)))


def _ask_reply(floor: Floor, act: Act) -> Floor:
    if floor.holder is None or act.by == floor.holder:
        raise FloorMisused
    if act.by in floor.replied:
        raise FloorMisused
    others = [hand for hand in floor.queue if hand.site != act.by]
    replies = sum(hand.is_reply for hand in others)
    queue = (*others[:replies], Hand(act.by, act.at, is_reply=True), *others[replies:])
    return replace(floor, queue=queue, replied=floor.replied | {act.by})


def _lower(floor: Floor, act: Act) -> Floor:
    return replace(floor, queue=tuple(hand for hand in floor.queue if hand.site != act.by))


def _withdraw(floor: Floor, act: Act) -> Floor:
    """The chair takes the floor back from whoever holds it."""
    return _released(replace(floor, interrupted=None), act.at)


def _release(floor: Floor, act: Act) -> Floor:
    if floor.holder != act.by:
        raise FloorMisused
    return _released(floor, act.at)


def _released(floor: Floor, at: float) -> Floor:
    """End the present turn; then the interrupted speaks on, or the round goes on, or nobody holds the floor."""
    ended = _turn_ended(floor, at)
    if ended.interrupted is not None:
        return replace(ended, holder=ended.interrupted, held_since=at, interrupted=None)
    if ended.mode is Mode.ROUND:
        return _next_in_round(ended, at)
    return ended


def _turn_ended(floor: Floor, at: float) -> Floor:
    if floor.holder is None:
        return floor
    spoken = floor.spoken | {floor.holder: spoken_seconds(floor, floor.holder, at)}
    return replace(floor, holder=None, spoken=spoken, replied=frozenset())


def _next_in_round(floor: Floor, at: float) -> Floor:
    if not floor.round_left:
        return replace(floor, mode=floor.mode_after_round)
    first, *rest = floor.round_left
    return _given(replace(floor, round_left=tuple(rest)), first, at)


def _given(floor: Floor, site: Site, at: float) -> Floor:
    queue = tuple(hand for hand in floor.queue if hand.site != site)
    return replace(floor, holder=site, held_since=at, queue=queue)


def _grant(floor: Floor, act: Act) -> Floor:
    site = act.site
    if site not in floor.present or site is None:
        raise NotPresent
    if site == floor.holder:
        return floor
    is_reply = any(hand.site == site and hand.is_reply for hand in floor.queue)
    interrupted = floor.holder if is_reply and floor.interrupted is None else floor.interrupted
    ended = replace(_turn_ended(floor, act.at), interrupted=interrupted if is_reply else None)
    round_left = tuple(other for other in ended.round_left if other != site)
    return _given(replace(ended, round_left=round_left), site, act.at)


def _reorder(floor: Floor, act: Act) -> Floor:
    hands = {hand.site: hand for hand in floor.queue}
    if sorted(act.order) != sorted(hands):
        raise FloorMisused
    return replace(floor, queue=tuple(hands[site] for site in act.order))


def _set_mode(floor: Floor, act: Act) -> Floor:
    if act.mode is Mode.ROUND:
        return floor if floor.mode is Mode.ROUND else _start_round(floor, act)
    return replace(floor, mode=act.mode, round_left=())


def _start_round(floor: Floor, act: Act) -> Floor:
    """Give the floor to each site in turn, in `order` if given, else by arrival, the chair last."""
    order = act.order or tuple(sorted(floor.present, key=lambda site: site == floor.chair))
    if sorted(set(order)) != sorted(order) or not set(order) <= set(floor.present):
        raise FloorMisused
    before = floor.mode if floor.mode is not Mode.ROUND else floor.mode_after_round
    ended = replace(_turn_ended(floor, act.at), interrupted=None)
    return _next_in_round(replace(ended, mode=Mode.ROUND, round_left=order, mode_after_round=before), act.at)


def _set_box(floor: Floor, act: Act) -> Floor:
    if act.seconds is not None and not 10 <= act.seconds <= 3600:
        raise FloorMisused
    return replace(floor, box_seconds=act.seconds)


def _give_chair(floor: Floor, act: Act) -> Floor:
    if act.site not in floor.present:
        raise NotPresent
    return replace(floor, chair=act.site)


_RULES: dict[Verb, Callable[[Floor, Act], Floor]] = {
    Verb.ARRIVE: _arrive,
    Verb.LEAVE: _leave,
    Verb.ASK: _ask,
    Verb.ASK_REPLY: _ask_reply,
    Verb.LOWER: _lower,
    Verb.RELEASE: _release,
    Verb.GRANT: _grant,
    Verb.WITHDRAW: _withdraw,
    Verb.REORDER: _reorder,
    Verb.SET_MODE: _set_mode,
    Verb.START_ROUND: _start_round,
    Verb.SET_BOX: _set_box,
    Verb.GIVE_CHAIR: _give_chair,
}
