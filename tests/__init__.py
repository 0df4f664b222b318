"""Journeys through the whole house, in a real browser, and the contracts that hold it together."""
