"""The writes of the counting, by noun. Import them from here: `from maillage.usage.services import compute_use`."""

from maillage.usage.services.counting import compute_use, count_missing, recompute_use, recompute_uses, record_use
from maillage.usage.services.factors import load_factors
from maillage.usage.services.history import load_disagreements, load_history

__all__ = [
    "compute_use",
    "count_missing",
    "load_disagreements",
    "load_factors",
    "load_history",
    "recompute_use",
    "recompute_uses",
    "record_use",
]
