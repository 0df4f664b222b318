"""The door for paying. Today people pay at the point; an online service fits in by implementing `PaymentDoor`."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PaymentStart:
    """What happens next. `address` is where to send the payer, empty when they pay at the point."""

    code: str
    address: str = ""


class PaymentDoor(Protocol):
    """Where an amount is paid. An implementation tells the outcome through `services.receipts.record_payment`."""

    def start(self, *, cents: int, receipt: str, payer_email: str, return_address: str) -> PaymentStart:
        """Begin the payment of `cents` for the receipt numbered `receipt`."""
        ...


class PayOnSite:
    """Payment at the counter: nothing leaves the server."""

    def start(self, *, cents: int, receipt: str, payer_email: str, return_address: str) -> PaymentStart:
        """Say that it is paid at the point."""
        return PaymentStart(code="pay-on-site")


def payment_door() -> PaymentDoor:
    """Return the door in use."""
    return PayOnSite()
