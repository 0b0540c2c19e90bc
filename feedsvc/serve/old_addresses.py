"""Old addresses of a newsroom's with parameters (`/?feed=rss2`): which one a request means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from urllib.parse import parse_qsl

MAX_QUERY = 2000


class OldAddresses:
    """Those among the addresses of documents that have parameters, each spelt as urls.old_address does it."""

    def __init__(self, addresses: Iterable[str] = ()) -> None:
        self._known: dict[str, list[tuple[frozenset[tuple[str, str]], str]]] = {}
        for address in addresses:
            path, mark, query = address.partition("?")
            if mark:
                pairs = frozenset(parse_qsl(query, keep_blank_values=True))
                self._known.setdefault(path, []).append((pairs, address))
        for found in self._known.values():
            found.sort(key=lambda one: -len(one[0]))  # who names more parameters is meant rather

    def meant(self, path: str, query: str) -> str:
        """The address of a document: the old one all of whose parameters come, else the path alone.

        `path` is one of a WSGI environ: the bytes of the request, each as a character (PEP 3333).
        """
        if not path.isascii():
            path = unicodedata.normalize("NFC", path.encode("latin-1").decode("utf-8", "replace"))
        if query and path in self._known:
            given = set(parse_qsl(query[:MAX_QUERY], keep_blank_values=True))
            return next((address for pairs, address in self._known[path] if pairs <= given), path)
        return path
