"""What people fill in: the sentence of the search, the form of a booking. Import from here."""

from maillage.booking.forms.cancel import CancelForm
from maillage.booking.forms.contact import ContactForm
from maillage.booking.forms.offers import Offer, OfferUnreadable, read_offer, sign_offer
from maillage.booking.forms.places import PartyRow
from maillage.booking.forms.search import SlotSearchForm
from maillage.booking.forms.window import WindowForm

__all__ = [
    "CancelForm",
    "ContactForm",
    "Offer",
    "OfferUnreadable",
    "PartyRow",
    "SlotSearchForm",
    "WindowForm",
    "read_offer",
    "sign_offer",
]
