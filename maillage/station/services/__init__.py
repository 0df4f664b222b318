"""What is written about stations: pairing, identity, health."""

from maillage.station.services.health import hear_stations, record_self_test, waive
from maillage.station.services.identity import change_key, identify, withdraw
from maillage.station.services.offers import follow_all_stations, follow_station
from maillage.station.services.orders import give_order, take_orders
from maillage.station.services.pairing import end_loans, forget_expired_requests, pair_station, request_pairing
from maillage.station.services.telling import tell_rooms_of, tell_stations, wire_of
from maillage.station.services.walk_in import call_counterpart, call_room, give_back, use_room

__all__ = [
    "call_counterpart",
    "call_room",
    "change_key",
    "end_loans",
    "follow_all_stations",
    "follow_station",
    "forget_expired_requests",
    "give_back",
    "give_order",
    "hear_stations",
    "identify",
    "pair_station",
    "record_self_test",
    "request_pairing",
    "take_orders",
    "tell_rooms_of",
    "tell_stations",
    "use_room",
    "waive",
    "wire_of",
    "withdraw",
]
