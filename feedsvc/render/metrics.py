"""The text form of /metrics, for Prometheus and what reads the same. No label names an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

KIND = CONTENT_TYPE_LATEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One metric with its values by labels."""

    name: str  #: a counter's without `_total`
    about: str
    values: Mapping[tuple[str, ...], float]
    labels: tuple[str, ...] = ()
    counts: bool = field(default=False)  #: a counter: it only rises


class _Read(Collector):
    def __init__(self, families: Iterable[Family]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        for one in self._families:
            kind = CounterMetricFamily if one.counts else GaugeMetricFamily
            metric = kind(one.name, one.about, labels=one.labels)
            for labels, value in one.values.items():
                metric.add_metric(labels, value)
            yield metric


def exposition(families: Iterable[Family]) -> bytes:
    """The metrics as text."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Read(families))
    return generate_latest(registry)
