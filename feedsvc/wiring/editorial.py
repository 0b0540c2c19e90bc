"""Settings → what editors use, for the API and the commands that change single articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from feedsvc.wiring.process import now

if TYPE_CHECKING:
    from feedsvc.config import Settings
    from feedsvc.editorial import Editorial


def sections_of(settings: Settings) -> tuple[tuple[str, str], ...]:
    """(slug, key) of every section."""
    return tuple((spec.slug, spec.key) for spec in settings.lists if spec.kind == "section")


def open_editorial(
    store_url: str,
    sections: tuple[tuple[str, str], ...],
    namespace: str,
    zone: str,
    clock: Callable[[], datetime] = now,
) -> Editorial:
    """Open a store for the API and the commands that change single articles. Raises StoreError."""
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from feedsvc import curate
    from feedsvc.editorial import Editorial
    from feedsvc.store.articles.editorial import SqlEditorial
    from feedsvc.store.engine import Database

    settle = partial(curate.release, namespace=UUID(namespace), zone=ZoneInfo(zone))
    return Editorial(
        SqlEditorial(Database(store_url)),
        sections=dict(sections),
        settle=lambda moment: partial(settle, now=moment),
        now=clock,
    )


class ApiEditorial:
    """What editors do, as the API asks for it: plain values in, plain values out."""

    def __init__(self, inner: Editorial, base_url: str) -> None:
        self._inner = inner
        self._base_url = base_url
        self.who, self.find, self.withdraw = inner.who, inner.find, inner.withdraw
        self.reserve, self.remember, self.forget = inner.reserve, inner.remember, inner.forget

    def publish(self, newsroom: str, values: Mapping[str, Any]) -> Any:
        from feedsvc.editorial import Submission
        from feedsvc.model import Enclosure, Image

        image = values["image"]
        fields = {
            **values,
            "url": values["url"] or "",
            "authors": tuple(values["authors"]),
            "sections": tuple(values["sections"]),
            "tags": tuple(values["tags"]),
            "image": Image(**image) if image else None,
            "enclosures": tuple(Enclosure(**one) for one in values["enclosures"]),
        }
        return self._inner.publish(newsroom, Submission(**fields))

    def tell(self, number: int) -> dict[str, Any]:
        return self._inner.tell(number, self._base_url)
