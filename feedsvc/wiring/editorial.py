"""Settings → what editors use, for the API and the commands that change single articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from feedsvc.wiring.process import now

if TYPE_CHECKING:
    from feedsvc.editorial import Editorial
    from feedsvc.model import Expected, ListSpec, Newsroom, Site


def open_editorial(
    store_url: str, lists: Sequence[ListSpec], site: Site, clock: Callable[[], datetime] = now
) -> Editorial:
    """Open a store for the API and the commands that change single articles. Raises StoreError."""
    from uuid import UUID

    from feedsvc import curate
    from feedsvc.editorial import Editorial
    from feedsvc.store.articles.editorial import SqlEditorial
    from feedsvc.store.engine import Database

    settle = partial(curate.release, namespace=UUID(site.namespace), zone=site.zone)
    sections = [spec for spec in lists if spec.kind == "section"]
    return Editorial(
        SqlEditorial(Database(store_url)),
        sections={spec.slug: spec.key for spec in sections},
        languages={spec.slug: spec.language or site.language for spec in sections},
        site_url=site.url,
        settle=lambda moment: partial(settle, now=moment),
        now=clock,
    )


class ApiEditorial:
    """What editors do, as the API asks for it: plain values in, plain values out."""

    def __init__(self, inner: Editorial, base_url: str) -> None:
        self._inner = inner
        self._base_url = base_url
        self.who, self.find_own, self.seek_own = inner.who, inner.find_own, inner.seek_own
        self.withdraw = inner.withdraw
        self.reserve, self.remember, self.forget = inner.reserve, inner.remember, inner.forget

    def publish(
        self,
        newsroom: Newsroom,
        values: Mapping[str, Any],
        *,
        number: int | None = None,
        expected: Expected | None = None,
    ) -> Any:
        from feedsvc.editorial import Submission
        from feedsvc.errors import Code, EditorialError
        from feedsvc.model import Enclosure, Image
        from feedsvc.render.language import is_language

        if values["language"] and not is_language(values["language"]):
            raise EditorialError(Code.BAD_VALUE, f"language: {values['language']!r} is not known")
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
        return self._inner.publish(newsroom, Submission(**fields), number=number, expected=expected)

    def describe(self, number: int, *, whole: bool = False) -> dict[str, Any]:
        return self._inner.describe(number, self._base_url, whole=whole)
