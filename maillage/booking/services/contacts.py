"""Signing a booking: its organiser, and the addresses of its parties."""

from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from maillage.booking.domain.contacts import Contact
from maillage.booking.errors import ContactIncomplete
from maillage.booking.errors.support import NobodyToHelp
from maillage.booking.models import Booking, Category, Party, TravelMode
from maillage.booking.selectors.support import support_for
from maillage.core.sms import can_text, is_mobile

HELP_AT_THE_START: Final = 2
"""Quarters during which help at the start must be there."""


def check_contact(contact: Contact, *, must_be_reachable: bool = True) -> None:
    """Raises ContactIncomplete unless there is a name, an e-mail or a mobile number, and answers among the choices."""
    texts = (contact.name, contact.email, contact.phone, contact.title, *contact.guests)
    is_plain = all(text.isprintable() for text in texts)
    is_short = len(contact.name) <= 120 and len(contact.title) <= 120 and len(contact.phone) <= 20
    is_known = contact.category in {"", *Category.values} and contact.travel_mode in TravelMode.values
    addresses = list(filter(None, [contact.email, *contact.guests]))
    is_reachable = bool(contact.email) or (can_text() and is_mobile(contact.phone))
    if not (contact.name.strip() and is_plain and is_short and is_known and all(map(_is_address, addresses))):
        raise ContactIncomplete
    if must_be_reachable and not is_reachable:
        raise ContactIncomplete


def sign_booking(booking: Booking, contact: Contact) -> None:
    """Write the organiser's answers on `booking`, not saved. One query if help is asked for. Raises NobodyToHelp."""
    booking.title = contact.title.strip()
    booking.organiser_name = contact.name.strip()
    booking.organiser_email = contact.email
    booking.organiser_phone = contact.phone
    booking.category = contact.category
    booking.wants_help = contact.wants_help or contact.is_accompanied
    booking.is_accompanied = contact.is_accompanied
    booking.support_cents = support_fee(booking)


def support_fee(booking: Booking) -> int:
    """Return what the desk asks for the help this booking wants, at its hours. Raises NobodyToHelp.

    Help at the start only needs somebody then, a first session during all of it.
    """
    if not booking.wants_help:
        return 0
    length = booking.length if booking.is_accompanied else min(booking.length, HELP_AT_THE_START)
    support = support_for(booking.first_quarter, length)
    if not support.is_possible:
        raise NobodyToHelp
    return support.fee_cents


def sign_party(party: Party, contact: Contact) -> None:
    """Write on `party`, not saved, its address and how its people would have come: one answer for the meeting."""
    emails = contact.emails
    party.email = emails[party.position] if party.position < len(emails) else ""
    party.travel_mode = contact.travel_mode


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
