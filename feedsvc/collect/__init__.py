"""One unit of work: one fetch and all that it means."""

from feedsvc.collect.unit import Collector

__all__ = ["Collector"]
