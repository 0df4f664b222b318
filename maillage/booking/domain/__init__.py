"""The rules of booking, pure: no Django, no clock, no network."""
