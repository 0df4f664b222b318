"""The writes of the counting, by noun. Import them from here: `from maillage.usage.services import load_factors`."""

from maillage.usage.services.factors import load_factors
from maillage.usage.services.history import load_disagreements, load_history

__all__ = ["load_disagreements", "load_factors", "load_history"]
