"""The rules of a meeting, pure: no Django, no clock, no network."""
