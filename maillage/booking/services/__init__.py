"""Writes, by noun: one function, one transaction, one business verb. Import from here."""
