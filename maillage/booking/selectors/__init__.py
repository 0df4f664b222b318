"""Reads, by noun, their number of queries pinned in tests. Import from here."""
