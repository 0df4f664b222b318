"""The nearest misses against a brute-force oracle: each works under its condition, and none better is skipped."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.booking.domain.ground import Ground, Question
from maillage.booking.domain.hours import discomfort, within_part_of_day
from maillage.booking.domain.misses import SHORTEST, Change, Leeway, Miss, nearest_misses
from maillage.booking.domain.search import PER_MINUTE, Choices, cost_of
from maillage.booking.domain.starts import RoomRule, ranges

WIDTH, FIRST = 24, 1000
Seated = tuple[int, ...]


@st.composite
def grounds(draw: st.DrawFn) -> Ground:
    """Draw two to five rooms over six hours, from 8:00 on a Monday."""
    rooms = draw(st.integers(2, 5))

    def grid(chance: float) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        cells = draw(st.lists(st.integers(0, 99), min_size=rooms * WIDTH, max_size=rooms * WIDTH))
        return np.array([cell < chance * 100 for cell in cells], dtype=bool).reshape(rooms, WIDTH)

    euros = draw(st.lists(st.sampled_from([0, 20, 45]), min_size=rooms, max_size=rooms))
    spans = draw(
        st.lists(st.tuples(st.integers(0, rooms - 1), st.integers(0, WIDTH - 1), st.integers(1, 6)), max_size=4)
    )
    shut = draw(
        st.lists(st.tuples(st.integers(0, rooms - 1), st.integers(0, WIDTH - 1), st.integers(1, 6)), max_size=1)
    )
    return Ground(
        first=FIRST,
        open_=grid(draw(st.sampled_from([0.3, 0.6, 0.9]))),
        on_request=grid(draw(st.sampled_from([0.0, 0.5, 1.0]))),
        euros=np.repeat(np.array(euros, dtype=np.int64)[:, np.newaxis], WIDTH, axis=1),
        rules=[
            RoomRule(draw(st.integers(0, 1)), draw(st.integers(0, 1)), FIRST + draw(st.integers(0, 4)))
            for _ in range(rooms)
        ],
        taken=ranges((room, FIRST + at, FIRST + at + size) for room, at, size in spans),
        closed=ranges((room, FIRST + at, FIRST + at + size) for room, at, size in shut),
        local=np.arange(WIDTH, dtype=np.int64) + 32,
    )


def drawn_rule(draw: st.DrawFn) -> RoomRule:
    return RoomRule(draw(st.integers(0, 1)), draw(st.integers(0, 1)), FIRST + draw(st.integers(0, 4)))


def drawn_choices(draw: st.DrawFn, rooms: int, minutes: Sequence[int]) -> Choices:
    mine = draw(st.lists(st.integers(0, rooms - 1), min_size=1, max_size=rooms, unique=True))
    order = sorted(mine, key=lambda row: cost_of(minutes[row], 4))
    return Choices(np.array(order), np.array([cost_of(minutes[row], 4) for row in order], dtype=np.int64))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Ground, Question, Leeway]:
    ground = draw(grounds())
    rooms, parties = len(ground.rules), draw(st.integers(1, 3))
    ways = [draw(st.lists(st.integers(0, 3), min_size=rooms, max_size=rooms)) for _ in range(parties)]
    first = FIRST + draw(st.integers(0, 8))
    end = first + draw(st.integers(4, 12))
    length = draw(st.integers(2, 4))

    def choices() -> tuple[Choices | None, ...]:
        return tuple(drawn_choices(draw, rooms, way) for way in ways)

    asked = Question(first, end, length, draw(st.sampled_from(["any", "morning", "afternoon"])), choices())
    leeway = Leeway(
        windows=[(FIRST + low, FIRST + low + 8) for low in draw(st.lists(st.integers(0, WIDTH - 8), max_size=3))],
        wider=draw(st.one_of(st.none(), st.just(choices()))),
        with_fewer_needs=[((f"need-{n}",), choices()) for n in range(draw(st.integers(0, 2)))],
        people=[draw(st.integers(1, 5)) for _ in range(parties)],
    )
    return ground, asked, leeway


def can_start(ground: Ground, room: int, at: int, question: Question, *, opened: bool) -> bool:
    """Look at every quarter of one meeting in one room, as somebody with a paper diary would."""
    rule, quarters = ground.rules[room], range(at, at + question.length)
    busy = {q for row, low, high in ground.taken.tolist() if row == room for q in range(low, high)}
    shut = {q for row, low, high in ground.closed.tolist() if row == room for q in range(low, high)}
    usable = ground.open_[room] | (ground.on_request[room] if opened else False)
    return (
        at >= rule.earliest
        and all(usable[q - ground.first] for q in quarters)
        and not shut & set(quarters)
        and not busy & set(range(at - rule.settle, at + question.length + rule.reset))
    )


def every_answer(ground: Ground, question: Question, *, opened: bool = False) -> Iterator[tuple[int, Seated]]:
    """Yield each start and each way of seating everybody."""
    for at in range(question.first, question.end - question.length + 1):
        local = ground.local[at - ground.first : at - ground.first + 1]
        if not within_part_of_day(local, question.length, question.part_of_day)[0]:
            continue
        for seated in product(*(choice.rooms.tolist() for choice in question.seated)):
            if len(set(seated)) == len(seated) and all(
                can_start(ground, room, at, question, opened=opened) for room in seated
            ):
                yield at, seated


def travel(question: Question, seated: Seated) -> int:
    return sum(
        int(choice.costs[choice.rooms.tolist().index(room)]) // PER_MINUTE
        for choice, room in zip(question.seated, seated, strict=True)
    )


def uneasy_at(ground: Ground, question: Question, at: int) -> int:
    low = question.first - ground.first
    return int(discomfort(ground.local[low : low + (at - question.first) + 1], question.length)[-1])


def rank(ground: Ground, question: Question, at: int, seated: Seated) -> tuple[int, int, int]:
    return travel(question, seated), uneasy_at(ground, question, at), at


def outside(ground: Ground, room: int, at: int, length: int) -> int:
    return int((~ground.open_[room, at - ground.first : at - ground.first + length]).sum())


def rank_opened(ground: Ground, question: Question, at: int, seated: Seated) -> tuple[int, ...]:
    away = {room: outside(ground, room, at, question.length) for room in seated}
    euros = sum(int(ground.euros[room, at - ground.first]) for room, quarters in away.items() if quarters)
    return travel(question, seated), euros, sum(away.values()), uneasy_at(ground, question, at), at


def told(misses: Sequence[Miss], change: Change) -> Miss | None:
    return next((miss for miss in misses if miss.change is change), None)


def start_of(miss: Miss) -> int:
    return miss.question.first + miss.answer.column


@settings(max_examples=250, deadline=None)
@given(case=cases())
def test_every_miss_works_under_its_condition_and_is_the_best_answer_to_it(
    case: tuple[Ground, Question, Leeway],
) -> None:
    ground, asked, leeway = case
    for miss in nearest_misses(ground, asked, leeway, most=9):
        at = start_of(miss)
        answers = list(every_answer(ground, miss.question, opened=miss.change is Change.OPENING))
        assert (at, miss.answer.rooms) in answers
        if miss.change is not Change.OPENING:
            assert min(rank(ground, miss.question, *answer) for answer in answers) == rank(
                ground, miss.question, at, miss.answer.rooms
            )


@settings(max_examples=250, deadline=None)
@given(case=cases())
def test_the_opening_told_is_the_least_travel_then_the_least_cost_of_all(case: tuple[Ground, Question, Leeway]) -> None:
    ground, asked, leeway = case
    miss = told(nearest_misses(ground, asked, leeway, most=9), Change.OPENING)
    outside_hours = {
        answer: rank_opened(ground, asked, *answer)
        for answer in every_answer(ground, asked, opened=True)
        if any(outside(ground, room, answer[0], asked.length) for room in answer[1])
    }
    if next(every_answer(ground, asked), None) is not None:
        return  # the question has an answer: nobody asks for what would be missing
    if miss is None:
        assert outside_hours == {}
        return
    assert miss.opened is not None
    at, rooms = start_of(miss), miss.answer.rooms
    assert outside_hours[at, rooms] == min(outside_hours.values())
    assert set(miss.opened.rooms) == {room for room in rooms if outside(ground, room, at, asked.length)}
    assert (miss.answer.minutes, miss.opened.euros, miss.opened.quarters) == outside_hours[at, rooms][:3]


def has_answer(ground: Ground, question: Question) -> bool:
    return next(every_answer(ground, question), None) is not None


@settings(max_examples=250, deadline=None)
@given(case=cases())
def test_no_lesser_change_of_the_same_kind_would_have_worked(case: tuple[Ground, Question, Leeway]) -> None:
    ground, asked, leeway = case
    misses = nearest_misses(ground, asked, leeway, most=9)

    lengths = [n for n in range(SHORTEST, asked.length) if has_answer(ground, replace(asked, length=n))]
    shorter = told(misses, Change.SHORTER)
    assert (shorter.question.length if shorter else None) == max(lengths, default=None)

    windows = [
        n for n, (low, high) in enumerate(leeway.windows) if has_answer(ground, replace(asked, first=low, end=high))
    ]
    days = told(misses, Change.OTHER_DAYS)
    assert (days.window if days else None) == min(windows, default=None)

    parties = range(len(asked.choices))
    groups = [
        g for n in range(1, len(parties)) for g in combinations(parties, n) if has_answer(ground, asked.without(g))
    ]
    least = min(((len(g), sum(leeway.people[p] for p in g)) for g in groups), default=None)
    away = told(misses, Change.ELSEWHERE)
    assert (away and (len(away.parties), sum(leeway.people[p] for p in away.parties))) == least

    given_up = [up for up, left in leeway.with_fewer_needs if has_answer(ground, replace(asked, choices=left))]
    needs = told(misses, Change.FEWER_NEEDS)
    assert (needs.needs if needs else None) == (given_up[0] if given_up else None)

    freely = asked.part_of_day != "any" and has_answer(ground, replace(asked, part_of_day="any"))
    assert (told(misses, Change.ANY_HOUR) is not None) == freely
    wider = leeway.wider is not None and has_answer(ground, replace(asked, choices=leeway.wider))
    assert (told(misses, Change.OTHER_ROOMS) is not None) == wider


@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_all_changes_together_are_told_only_when_no_single_one_works_and_never_for_nothing(
    case: tuple[Ground, Question, Leeway],
) -> None:
    ground, asked, leeway = case
    misses = nearest_misses(ground, asked, leeway, most=9)
    together = told(misses, Change.ALL_TOGETHER)
    if together is not None:
        assert misses == [together]
        assert has_answer(ground, together.question)
    if not misses:
        for low, high in leeway.windows:
            freely = replace(asked, first=low, end=high, part_of_day="any")
            assert not has_answer(ground, freely)
            assert not has_answer(ground, replace(freely, length=max(SHORTEST, asked.length // 2)))
