"""The pages and acts of the desk, by noun."""
