"""Who is who: the keys under which an article is known, and the public id that it is given once.

docs/decisions/0007-identity-is-minted-once.md; RFC 4287 4.2.6 (ids), RFC 9562 5.5 (name-based UUIDs).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedsvc import urls
from feedsvc.curate.merge import heard
from feedsvc.model import Draft, Key, Statement

MAX_KEY = 2000  #: longer guids are no keys: they are texts in the wrong element


def keys_of(draft: Draft, scope: str) -> tuple[Key, ...]:
    """Every name that `draft` gives its article, the strongest first.

    Row ids and guids count inside their source (`scope`) only; addresses count everywhere. An address with a
    fragment is two names: the place in the page, and the page.
    """
    found = []
    if draft.row:
        found.append(Key("row", scope, draft.row[:MAX_KEY]))
    if draft.guid and len(draft.guid) <= MAX_KEY:
        found.append(Key("guid", scope, draft.guid))
    for url in filter(None, (draft.url, *draft.also)):
        if spot := urls.fragment(url):
            found.append(Key("address", "", urls.place(urls.key(url), f"#{spot}")))
        found.append(Key("address", "", urls.key(url)))
    return tuple(dict.fromkeys(found))


def apart(one: Draft, other: Draft) -> bool:
    """Whether one upstream calls two articles by different names, though they may share a page.

    The strongest name that both have decides: the row, the guid, the fragment of the address.
    """
    for mine, theirs in (
        (one.row, other.row),
        (one.guid, other.guid),
        (urls.fragment(one.url), urls.fragment(other.url)),
    ):
        if mine and theirs:
            return mine != theirs
    return False


def without_shared(keys: Iterable[Key], shared: Collection[Key], draft: Draft) -> tuple[Key, ...]:
    """`keys` where an address that several articles share names none of them.

    Beside their own names, which count in their source, they are known by their place in the page: so a
    second source that names the same article in the same way still means the same one.
    """
    name = draft.row or draft.guid
    found = []
    for key in keys:
        if key not in shared:
            found.append(key)
        elif name:
            found.append(Key("address", "", urls.place(key.value, f" {name}")))
    return tuple(dict.fromkeys(found)) or tuple(keys)


@dataclass(frozen=True, slots=True)
class MintedIds:
    """The public ids that an article may be given, the preferred one first; nobody else has the last.

    An upstream's own id is kept verbatim where it is an absolute IRI. Otherwise the id is made from what the
    article is called: a row, a guid, or its address. Addresses belong to no source, so that the same article
    gets the same id whichever list names it first, also in an emptied database.

    They are made one by one as they are asked for: nearly every article gets its first.
    """

    namespace: UUID
    statements: Sequence[Statement]
    keys: Collection[Key]
    url: str
    published: datetime
    number: int = 0  #: of the article's row

    def __iter__(self) -> Iterator[str]:
        for said in heard(self.statements):
            if said.draft.guid and urls.is_iri(said.draft.guid):
                yield said.draft.guid
        for kind in ("row", "guid"):
            for key in sorted(self.keys):
                if key.kind == kind:
                    yield _urn(self.namespace, f"{key.scope}\0{key.value}")
        page = urls.key(self.url)
        addresses = sorted(key.value for key in self.keys if key.kind == "address")
        if page not in addresses:  # it shares the page with others
            page = next((one for one in addresses if one.startswith((f"{page}#", f"{page} "))), page)
        yield _urn(self.namespace, f"\0{page}")
        # an address that is used again for another story, whose first one keeps the id
        yield _urn(self.namespace, f"\0{page}\0{self.published.isoformat()}")
        yield _urn(self.namespace, f"\0{page}\0{self.published.isoformat()}\0{sorted(self.keys)}")
        # without a key (another article has all of its names by now), two may be alike in all this
        yield _urn(self.namespace, f"\0{page}\0{self.published.isoformat()}\0{self.number}")


def _urn(namespace: UUID, name: str) -> str:
    # uuid5 (RFC 9562 5.5), written out: an import mints hundreds of thousands
    digest = bytearray(hashlib.sha1(namespace.bytes + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
