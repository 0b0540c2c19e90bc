"""How WebSub is set up here: plain values, as the configuration gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedsvc.model import Format, ListSpec

PATH = "/websub"  #: of our hub


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Hub, publisher and subscriber. Leases are seconds."""

    hub: bool = True  #: whether this service is a hub for its own feeds
    hubs: tuple[str, ...] = ()  #: outside hubs that are told of news
    hub_agents: tuple[str, ...] = ()  #: further words in a User-Agent by which they are known
    signature: str = "sha256"
    lease_min: int = 300
    lease_max: int = 30 * 86400
    lease_default: int = 10 * 86400
    networks: tuple[str, ...] = ()  #: private ones in which subscribers and upstream hubs may be
    per_host: int = 8  #: deliveries to one host at once
    quota: int = 5000  #: subscriptions of one host, and of one address
    verify_rate: float = 2.0  #: questions a second to one address
    follows: bool = False  #: whether upstream feeds that push are subscribed to

    def lease(self, wanted: int | None) -> int:
        """The lease that a subscriber gets."""
        if wanted is None:
            return self.lease_default
        return min(max(wanted, self.lease_min), self.lease_max)

    def advertised(self, base_url: str) -> tuple[str, ...]:
        """The hubs that feeds name: ours first."""
        return (f"{base_url}{PATH}", *self.hubs) if self.hub else self.hubs


def topics(base_url: str, lists: Iterable[ListSpec]) -> frozenset[str]:
    """The addresses that can be subscribed to: the plain ones of the feeds that are always ready.

    Variants, archives, derived feeds and pages are none; nor is an address that is written otherwise.
    """
    return frozenset(
        f"{base_url}{spec.path}.{form}"
        for spec in lists
        if not spec.retired and not (spec.taker is not None and spec.taker.private)
        for form in Format
    )
