"""Signing a booking: its organiser, and the addresses of its parties."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from maillage.booking.domain.contacts import Contact
from maillage.booking.errors import ContactIncomplete
from maillage.booking.models import Booking, Category, Party, TravelMode
from maillage.core.sms import can_text, is_mobile


def check_contact(contact: Contact) -> None:
    """Raises ContactIncomplete unless there is a name, an e-mail or a mobile number, and answers among the choices."""
    texts = (contact.name, contact.email, contact.phone, contact.title, *contact.guests)
    is_plain = all(text.isprintable() for text in texts)
    is_short = len(contact.name) <= 120 and len(contact.title) <= 120 and len(contact.phone) <= 20
    is_known = contact.category in {"", *Category.values} and contact.travel_mode in TravelMode.values
    addresses = list(filter(None, [contact.email, *contact.guests]))
    is_reachable = bool(contact.email) or (can_text() and is_mobile(contact.phone))
    if not (contact.name.strip() and is_plain and is_short and is_known and all(map(_is_address, addresses))):
        raise ContactIncomplete
    if not is_reachable:
        raise ContactIncomplete


def sign_booking(booking: Booking, contact: Contact) -> None:
    """Write the organiser's answers on `booking`, not saved."""
    booking.title = contact.title.strip()
    booking.organiser_name = contact.name.strip()
    booking.organiser_email = contact.email
    booking.organiser_phone = contact.phone
    booking.category = contact.category
    booking.wants_help = contact.wants_help


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
