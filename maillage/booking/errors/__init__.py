"""What booking refuses, by noun. Import from here: `from maillage.booking.errors import SlotTaken`."""
