"""Where no feed stands: redirects from former slugs, the newsroom's old addresses, feeds that have ended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from feedsvc.model import Format, ListSpec, Snapshot
from feedsvc.store.publishing.documents import NewDocument


def redirects(lists: Iterable[ListSpec], base_url: str, now: datetime) -> list[NewDocument]:
    """What is answered at those addresses."""
    made: list[NewDocument] = []
    for spec in lists:
        targets = _paths_of(spec, spec.slug)
        if spec.retired or (spec.taker is not None and spec.taker.over(now)):
            made += [_redirect(path, spec.key, now, status=410) for path in targets]
            continue
        for slug in spec.was:
            made += [
                _redirect(old, spec.key, now, status=301, location=f"{base_url}{path}")
                for old, path in zip(_paths_of(spec, slug), targets, strict=True)
            ]
        for alias in spec.aliases:
            path = alias.partition("?")[0]
            form = next((form for form in Format if path.endswith(f".{form}")), Format.RSS)
            target = f"/feeds/{spec.slug}.{form}"
            made.append(_redirect(alias, spec.key, now, status=200, location=target))
    return made


def wanted_paths(lists: Iterable[ListSpec]) -> list[str]:
    """Every path of lists that the configuration wants served."""
    wanted: list[str] = []
    for spec in lists:
        for slug in (spec.slug, *spec.was):
            wanted += _paths_of(spec, slug)
        wanted += spec.aliases
    return wanted


def _paths_of(spec: ListSpec, slug: str) -> list[str]:
    """Every ready address of a list, under a slug of its own; a taker's has no page."""
    if spec.taker is not None:
        return [f"/feeds/for/{slug}.{form}" for form in Format]
    return [f"/feeds/{slug}", *(f"/feeds/{slug}.{form}" for form in Format), f"/embed/{slug}"]


def _redirect(path: str, key: str, now: datetime, *, status: int, location: str = "") -> NewDocument:
    about = f"{status} {location}".encode()
    snapshot = Snapshot(
        path=path,
        media_type="text/plain",
        etag=hashlib.sha256(about).hexdigest()[:24],
        last_modified=now.replace(microsecond=0),
        max_age=3600,
        identity=b"",
        status=status,
        location=location,
    )
    return NewDocument(snapshot, key, hashlib.blake2b(about, digest_size=16).digest())
