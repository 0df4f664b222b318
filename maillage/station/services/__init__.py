"""What is written about stations: pairing, identity, health."""

from maillage.station.services.health import hear_second, hear_stations, record_self_test, waive
from maillage.station.services.identity import change_key, identify, identify_second, withdraw
from maillage.station.services.offers import follow_all_stations, follow_station
from maillage.station.services.orders import give_order, take_orders
from maillage.station.services.pairing import (
    end_loans,
    forget_expired_requests,
    pair_screen,
    request_pairing,
    unlink_second_screen,
)
from maillage.station.services.telling import cut_relay, relay_of, tell_rooms_of, tell_stations, wire_of
from maillage.station.services.walk_in import call_counterpart, call_room, give_back, use_room

__all__ = [
    "call_counterpart",
    "call_room",
    "change_key",
    "cut_relay",
    "end_loans",
    "follow_all_stations",
    "follow_station",
    "forget_expired_requests",
    "give_back",
    "give_order",
    "hear_second",
    "hear_stations",
    "identify",
    "identify_second",
    "pair_screen",
    "record_self_test",
    "relay_of",
    "request_pairing",
    "take_orders",
    "tell_rooms_of",
    "tell_stations",
    "unlink_second_screen",
    "use_room",
    "waive",
    "wire_of",
    "withdraw",
]
