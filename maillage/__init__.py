"""Maillage: a territory's network of public videoconference points."""

__version__ = "0.1.0"
