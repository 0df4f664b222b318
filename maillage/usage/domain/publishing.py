"""What may be published of small numbers: no cell from which a person could be told. Pure."""

from collections.abc import Mapping

MINIMUM_PEOPLE = 3
"""Fewer people than this in a category at a point are never shown by themselves."""

UNDETAILED = ""
"""The key under which small cells are published together."""


def publishable(people: Mapping[str, int], *, minimum: int = MINIMUM_PEOPLE) -> dict[str, int]:
    """Return `people` by category with each cell below `minimum` merged under UNDETAILED.

    The merged cell would give a small one away by itself, so it takes the next smallest cells until it counts
    `minimum` people too; if all together are fewer, nothing is published. Zero cells are left out.
    """
    cells = sorted(((count, key) for key, count in people.items() if count > 0), reverse=True)
    merged = 0
    while cells and (cells[-1][0] < minimum or 0 < merged < minimum):
        merged += cells.pop()[0]
    shown = {key: count for count, key in cells}
    if merged >= minimum:
        shown[UNDETAILED] = merged
    return shown
