"""Where somebody who joins a meeting from elsewhere is called."""

from maillage.actors.domain.addresses import phone_number, sip_address
from maillage.booking.errors.wishes import AddressNotNeeded


def reached_at(kind: str, text: str) -> str:
    """Return the address of a party of that kind, "" if it calls by itself.

    Raises BadSipAddress, BadPhoneNumber, or AddressNotNeeded for a party that has no number to be called at.
    """
    if not text.strip():
        return ""
    if kind == "sip":
        return sip_address(text)
    if kind == "phone":
        return phone_number(text)
    raise AddressNotNeeded
