"""Figures for those who watch the servers, in the text format of Prometheus, counted when they are asked for.

An app gives its own in its `metrics.py`. They come from the database: the same whichever web process answers, and
none needs to remember anything. No name of a person, a place or a meeting is ever a label.
"""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

Source = Callable[[], Iterable[Metric]]

_registry = CollectorRegistry(auto_describe=False)


class _Collector:
    """What the library asks of a source."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def collect(self) -> Iterable[Metric]:
        return self._source()


def measured(source: Source) -> Source:
    """Register the decorated function: it returns the present figures each time they are asked for."""
    _registry.register(_Collector(source))
    return source


def gauge(name: str, meaning: str, value: float) -> Metric:
    """Return one figure."""
    return GaugeMetricFamily(f"maillage_{name}", meaning, value=value)


def gauges(name: str, meaning: str, label: str, values: dict[str, float]) -> Metric:
    """Return one figure for each value of `label`."""
    family = GaugeMetricFamily(f"maillage_{name}", meaning, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def exposition() -> bytes:
    """Return all figures, as text."""
    return generate_latest(_registry)
