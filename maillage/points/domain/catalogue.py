"""All bookable rooms in a few arrays, to find the nearest ones at once. No clock, no database."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.points.errors import UnknownNeed
from maillage.territory.domain.distance import great_circle_km

NEEDS: Final = (
    "camera",
    "screen",
    "second-screen",
    "document-camera",
    "projector",
    "sip-terminal",
    "speakerphone",
    "station",
    "hearing-loop",
    "scanner",
    "step-free",
    "parking",
    "staff",
)
"""What a party may ask for: an equipment of the room, or a convenience of its point. One bit each, in this order."""

_BIT: Final = {need: 1 << position for position, need in enumerate(NEEDS)}


_FEW: Final = 1_000
"""Rooms among which looking at all of them costs nothing."""

_FIRST_REACH: Final = 0.3
"""Half of the first band, in degrees of latitude: 33 km."""


@dataclass(frozen=True, slots=True)
class RoomOffer:
    """A bookable room as the slot search sees it. `distance_km` is the great circle from where it was asked."""

    room_id: int
    point_id: int
    room_name: str
    point_name: str
    point_slug: str
    commune_insee: str
    latitude: float
    longitude: float
    capacity: int
    hours: str
    time_zone: str
    settle_quarters: int
    reset_quarters: int
    notice_minutes: int
    assisted_notice_minutes: int | None = None
    multipoint_notice_minutes: int | None = None
    is_station_ready: bool | None = None
    audience: str = "everyone"
    is_listed: bool = True
    priority_group: str = ""
    priority_days: int = 0
    request_hours: str = ""
    needs_answer: bool = False
    house_rules_id: int | None = None
    distance_km: float = 0.0

    @property
    def is_public(self) -> bool:
        """Tell whether the search offers it to everybody."""
        return self.is_listed and self.audience == "everyone"


@dataclass(frozen=True)
class Catalogue:
    """Room offers and, in the same order, what filters them: needs as bits."""

    offers: Sequence[RoomOffer]
    needs: NDArray[np.int64]

    @cached_property
    def _position(self) -> Mapping[int, int]:
        return {offer.room_id: index for index, offer in enumerate(self.offers)}

    @cached_property
    def _capacity(self) -> NDArray[np.int64]:
        return np.array([offer.capacity for offer in self.offers], dtype=np.int64)

    @cached_property
    def _public(self) -> NDArray[np.bool_]:
        return np.array([offer.is_public for offer in self.offers], dtype=bool)

    @cached_property
    def _latitude(self) -> NDArray[np.float64]:
        return np.array([offer.latitude for offer in self.offers], dtype=float)

    @cached_property
    def _longitude(self) -> NDArray[np.float64]:
        return np.array([offer.longitude for offer in self.offers], dtype=float)

    @cached_property
    def _directions(self) -> NDArray[np.float64]:
        """Unit vectors to the rooms: shape (rooms, 3)."""
        return _direction(self._latitude, self._longitude)

    @cached_property
    def _northward(self) -> NDArray[np.intp]:
        """The rooms from south to north."""
        return np.argsort(self._latitude, kind="stable")

    @cached_property
    def _latitudes_northward(self) -> NDArray[np.float64]:
        return self._latitude[self._northward]

    def nearest(self, latitude: float, longitude: float, *, head_count: int, needs: int, limit: int) -> list[RoomOffer]:
        """Return the `limit` nearest rooms that hold `head_count` people and have all of `needs` (bits).

        At the same place the smallest sufficient room comes first, since groups are small and rooms large.
        """
        chosen = self.nearest_positions(latitude, longitude, head_count=head_count, needs=needs, limit=limit)
        if not len(chosen):
            return []
        distances = great_circle_km(latitude, longitude, self._latitude[chosen], self._longitude[chosen])
        return [replace(self.offers[i], distance_km=float(km)) for i, km in zip(chosen, distances, strict=True)]

    def nearest_positions(
        self, latitude: float, longitude: float, *, head_count: int, needs: int, limit: int
    ) -> NDArray[np.intp]:
        """Return where in `offers` the rooms of `nearest` are, in the same order. Only what is offered to everybody.

        Bands of latitude around the place are looked at, wider and wider, until no room outside can be nearer: so a
        country costs little more than a region.
        """
        place = _direction(np.array([latitude]), np.array([longitude]))[0]
        fits = np.zeros(0, dtype=np.intp)
        for near, furthest in self._around(latitude):
            fits = near[self._public[near] & (self._capacity[near] >= head_count) & (self.needs[near] & needs == needs)]
            closeness = self._directions[fits] @ place
            if len(fits) > limit:
                threshold = np.partition(closeness, len(fits) - limit)[len(fits) - limit]
                nearest = closeness >= threshold - 1e-12
                fits, closeness = fits[nearest], closeness[nearest]
            order = np.lexsort((fits, self._capacity[fits], -np.round(closeness, 12)))[:limit]
            fits = fits[order]
            if len(fits) == limit and closeness[order[-1]] > furthest:
                break
        return fits

    def _around(self, latitude: float) -> Iterator[tuple[NDArray[np.intp], float]]:
        """Give the rooms of wider and wider bands of latitude, each with the cosine of its half-width; at last all."""
        reach = _FIRST_REACH if len(self.offers) > _FEW else 180.0
        while reach < 90:
            first, end = np.searchsorted(self._latitudes_northward, [latitude - reach, latitude + reach])
            yield self._northward[first:end], float(np.cos(np.radians(reach))) + 1e-12
            reach *= 3
        yield np.arange(len(self.offers)), -2.0

    def find(self, room_id: int) -> RoomOffer | None:
        """Return the offer of a room, low-profile or reserved ones too, None if it is not in service."""
        position = self._position.get(room_id)
        return None if position is None else self.offers[position]

    def of_point(self, point_id: int, *, head_count: int, needs: int) -> list[RoomOffer]:
        """Return the rooms of a point that hold `head_count` people and have all of `needs`, the smallest first.

        Its low-profile rooms only if it has no other: whoever names a point that is not shown knows what is in it.
        """
        rows = self._rows_of_point.get(point_id, ())
        fits = [
            self.offers[row]
            for row in rows
            if self.offers[row].capacity >= head_count and int(self.needs[row]) & needs == needs
        ]
        shown = [offer for offer in fits if offer.is_listed]
        return sorted(shown or fits, key=lambda offer: (offer.capacity, offer.room_id))

    @cached_property
    def _rows_of_point(self) -> Mapping[int, Sequence[int]]:
        rows: dict[int, list[int]] = {}
        for row, offer in enumerate(self.offers):
            rows.setdefault(offer.point_id, []).append(row)
        return rows


def need_bits(needs: Collection[str]) -> int:
    """Return `needs` as bits. Raises UnknownNeed, naming those that no room can have."""
    if unknown := sorted(set(needs) - set(NEEDS)):
        raise UnknownNeed(needs=", ".join(unknown))
    return sum(_BIT[need] for need in set(needs))


def _direction(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.float64]:
    phi, lam = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)
