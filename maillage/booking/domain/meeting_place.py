"""Where all would have met without the videoconference, and the way that is saved by not going there."""

from collections.abc import Sequence


def meeting_place(distances: Sequence[Sequence[float]], travels: Sequence[bool]) -> int:
    """Return the party at whose place all would have met.

    distances: one way in km, `distances[i][j]` from party i to party j; the organiser's party is 0.
    travels: whether each party would have come; one that would not is the host of a tie.
    The host is the one with the least total distance over all parties. A tie goes first to a party that would not
    travel, then to the lowest position, so to the organiser. Raises ValueError without a party.
    """
    if not distances:
        raise ValueError("a meeting without a party has no place")
    totals = [round(sum(row[host] for row in distances), 3) for host in range(len(distances))]
    return min(range(len(totals)), key=lambda host: (totals[host], travels[host], host))


def saved_by_staying(ways: Sequence[Sequence[float]], host: int, access: Sequence[float]) -> float:
    """Return what the guests of `host` save together, there and back: their way to it less their way to their room.

    ways: one way from party to party, km or minutes; access: one way from each party to its room. Never negative.
    """
    guests = [party for party in range(len(ways)) if party != host]
    return max(0.0, 2 * sum(ways[party][host] - access[party] for party in guests))
