"""What the call itself costs: one device for each party, for the time it was really there. Pure.

Source: ADEME, publicodes-acv-numerique 2.1.0 (NégaOctet data), kgCO2e per hour and connected device: making the
device, running it, network and data centre. A room is one device however many people sit in it.
"""

from collections.abc import Mapping

SECONDS_PER_HOUR = 3600
_DEVICES = {"room": "screen", "sip": "screen", "browser": "laptop", "phone": "phone"}


def device_factor(kind: str, image: str = "hd") -> str:
    """Return the code of the factor of a party of `kind` receiving `image`: "hd", "sd" or "audio".

    HD unless the call is known to have run lower: the highest, so the footprint is never flattered.
    """
    device = _DEVICES[kind]
    return "phone-audio" if device == "phone" else f"{device}-{image}"


def footprint_kg(seconds: float, *, factor: str, rates: Mapping[str, float]) -> float:
    """Return the kgCO2e of one device connected for `seconds`."""
    return max(seconds, 0.0) / SECONDS_PER_HOUR * rates[factor]
