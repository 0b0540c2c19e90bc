"""Private feeds: who asks, and whether they may read. Nothing here is logged.

Two ways (docs/takers.md): a name and a password (Basic, RFC 7617), or an address of one's
own that nobody can guess. Secrets are random, 128 bits or more; the store keeps their hashes.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from feedsvc.errors import Code, StoreError
from feedsvc.model import Absent, Access, BuiltDocument, FeedOptions, Format, ListSpec, Member, ReadyDocument
from feedsvc.serve.answers import StartResponse, later, text
from feedsvc.serve.on_demand import Builder, Wanted

FRESH = 2.0  #: seconds that an answer of the store is taken for true: so long a revoked member still reads
AT_ONCE = 4  #: questions to the store, of one process
PATIENCE = 0.25  #: seconds that a request waits to ask
PAUSE = 2.0  #: seconds without questions after a fault of the store
KEPT = 4096  #: members that a process remembers, for times when the store cannot be read
COUNTED = 10_000  #: clients and names whose wrong passwords are counted
FREE = 5  #: wrong passwords before the first wait
LONGEST = 300.0  #: seconds that a client waits at most …
LONGEST_OF_NAME = 30.0  #: … and others than known clients under one name: nobody locks a member out for long
FORGOTTEN = 900.0  #: seconds after which wrong passwords no longer count

_ADDRESS = re.compile(
    r"/feeds/for/(?P<slug>[a-z0-9][a-z0-9-]{0,59})(?:/(?P<token>[A-Za-z0-9_-]{22,64}))?"
    r"(?:/archive/(?P<archive>[1-9]\d{0,8}))?\.(?P<form>rss|atom|json|ninjs)"
)

_NOT_QUOTED = {ord('"'): None, ord("\\"): None}


class Refusal(Enum):
    """Why a private feed is not given."""

    UNKNOWN = 404  #: no such address
    NO_PASSWORD = 401
    REVOKED = 410


@dataclass(frozen=True, slots=True)
class Slower:
    """Too many wrong passwords: come back later."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address below /feeds/for/ names."""

    spec: ListSpec
    token: str
    archive: int  #: 0: the feed itself
    form: Format
    ninjs: bool = False  #: the feed in JSON, built anew

    @property
    def path(self) -> str:
        """The address without what is a member's own."""
        archive = f"/archive/{self.archive}" if self.archive else ""
        return f"{self.spec.path}{archive}.{'ninjs' if self.ninjs else self.form}"


class Reader(Protocol):
    """Finds members; see store.web.members. Raises StoreError."""

    def find(self, feed: str, secret: str, /) -> Member | None: ...


class Throttle:
    """Makes whoever gives wrong passwords wait: after a few, each further one twice as long."""

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()  # how many, the last when
        self._lock = threading.Lock()

    def wait(self, who: str, now: float) -> float:
        """The seconds that are still to be waited."""
        count, last = self._failures.get(who, (0, 0.0))
        if count < FREE or now - last > FORGOTTEN:
            return 0.0
        return max(0.0, last + min(self._longest, 2.0 ** (count - FREE)) - now)

    def failed(self, who: str, now: float) -> None:
        """A wrong password was given."""
        with self._lock:
            count, last = self._failures.pop(who, (0, now))
            self._failures[who] = (count + 1 if now - last <= FORGOTTEN else 1, now)
            while len(self._failures) > COUNTED:
                self._failures.popitem(last=False)


class Members:
    """Judges who asks for private feeds, for one process."""

    def __init__(
        self,
        takers: Sequence[ListSpec],
        reader: Reader,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._takers = {spec.slug: spec for spec in takers}
        self._reader = reader
        self._clock = clock
        self._known: OrderedDict[bytes, tuple[float, Member]] = OrderedDict()
        self._clients = Throttle(LONGEST)
        self._names = Throttle(LONGEST_OF_NAME)
        self._lock = threading.Lock()
        self._asking = threading.BoundedSemaphore(AT_ONCE)
        self._again = -math.inf  # when the store may be asked after a fault
        #: paths of documents that everybody may have
        self.open = frozenset(
            f"{spec.path}.{form}"
            for spec in takers
            if spec.taker is not None and not spec.taker.private
            for form in Format
        )

    def asked(self, path: str) -> Asked | None:
        """What an address names; None where it names nothing."""
        match = _ADDRESS.fullmatch(path)
        spec = self._takers.get(match["slug"]) if match else None
        if match is None or spec is None or spec.taker is None:
            return None
        wants_token = spec.taker.access is Access.TOKEN
        if bool(match["token"]) is not wants_token:
            return None
        token, number = match["token"] or "", int(match["archive"] or 0)
        if match["form"] == "ninjs":
            return None if number else Asked(spec, token, 0, Format.JSON, ninjs=True)
        return Asked(spec, token, number, Format(match["form"]))

    def judge(self, asked: Asked, authorization: str, client: str) -> Member | Refusal | Slower:
        """Whether a request may have what it asks for. Raises StoreError where that cannot be known."""
        feed = asked.spec.key
        if asked.token:
            member = self._find(feed, asked.token)
            if member is None:
                return Refusal.UNKNOWN
            return Refusal.REVOKED if member.revoked else member
        given = credentials(authorization)
        if given is None:
            return Refusal.NO_PASSWORD
        name = f"{feed} {given.partition(':')[0]}"
        now = self._clock()
        wait = self._clients.wait(client, now)
        home = _digest(feed, f"{client} {given}")
        with self._lock:
            at_home = home in self._known  # it read here before, from there
        if not at_home:
            wait = max(wait, self._names.wait(name, now))
            if wait:
                return Slower(wait)
        member = self._find(feed, given)
        if member is None or member.revoked:
            for throttle, who in ((self._clients, client), (self._names, name)):
                throttle.failed(who, now)
            return Refusal.NO_PASSWORD
        self._remember(home, member)
        return member

    def _find(self, feed: str, secret: str) -> Member | None:
        """Whose secret it is, as the store said a moment ago; or, where it says nothing, as it said last."""
        key = _digest(feed, secret)
        with self._lock:
            known = self._known.get(key)
        if known is not None and self._clock() - known[0] < FRESH:
            return known[1]
        try:
            member = self._looked_up(feed, secret)
        except StoreError:
            if known is not None:
                return known[1]
            raise
        if member is not None:  # strangers are not remembered: there are too many of them
            self._remember(key, member)
        return member

    def _looked_up(self, feed: str, secret: str) -> Member | None:
        """Ask the store: few at once, and after a fault nobody for a while. Its slowness must not take the
        threads that answer everybody else.
        """
        if self._clock() < self._again:
            raise StoreError(Code.STORE_BUSY, "the store could not be read a moment ago")
        if not self._asking.acquire(timeout=PATIENCE):
            raise StoreError(Code.STORE_BUSY, "too many members are looked up at once")
        try:
            return self._reader.find(feed, secret)
        except StoreError:
            self._again = self._clock() + PAUSE
            raise
        finally:
            self._asking.release()

    def _remember(self, key: bytes, member: Member) -> None:
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = (self._clock(), member)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)


def _digest(feed: str, secret: str) -> bytes:
    """What is kept in memory of a secret."""
    return hashlib.sha256(f"{feed} {secret}".encode()).digest()


def credentials(authorization: str) -> str | None:
    """`name:password` of a request (RFC 7617 2); None where it has none that can be read."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        given = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return given if ":" in given else None


def personal(document: bytes, base_url: str, spec: ListSpec, token: str) -> bytes:
    """A private feed with the addresses of one member in place of those that nobody can ask for."""
    place = f"{base_url}{spec.path}"
    own = f"{place}/{token}"
    for ending in (*(f".{form}" for form in Format), ".ninjs", "/archive/"):
        document = document.replace(f"{place}{ending}".encode(), f"{own}{ending}".encode())
    return document


def wanted_of_taker(asked: Asked, member: Member | None, feed: ReadyDocument, base_url: str) -> Wanted:
    """An archive of a taker's feed, or a member's own copy of feed or archive.

    Its name holds the member's number, never the address: names are logged.
    """
    spec, own = asked.spec, bool(asked.token)

    def build(builder: Builder) -> BuiltDocument | Absent:
        built: BuiltDocument | Absent
        if asked.archive:
            built = builder.feeds.archive_for(spec.slug, asked.archive, asked.form)
        elif asked.ninjs:
            built = builder.feeds.ninjs(feed, FeedOptions())
        else:
            built = BuiltDocument(
                identity=gzip.decompress(feed.gzip),
                media_type=feed.media_type,
                last_modified=feed.last_modified,
                max_age=feed.max_age,
                links=(),
                private=True,
            )
        if isinstance(built, Absent) or not own:
            return built
        return replace(built, identity=personal(built.identity, base_url, spec, asked.token))

    name = f"{asked.path}?member={member.no}" if own and member is not None else asked.path
    return Wanted(name, build, quick=not (asked.archive or asked.ninjs))


def turned_away(
    start_response: StartResponse, why: Refusal | Slower | None, spec: ListSpec, method: str
) -> Iterable[bytes]:
    """The answer to who may not read, or not now."""
    if isinstance(why, Slower):
        after = ("Retry-After", str(math.ceil(why.seconds)))
        words = f"Too many wrong passwords; try again in {math.ceil(why.seconds)} seconds.\n"
        return text(start_response, "429 Too Many Requests", words, method, after)
    if why is Refusal.NO_PASSWORD:
        title = spec.title.translate(_NOT_QUOTED).encode("ascii", "ignore").decode() or "feed"
        wanted = ("WWW-Authenticate", f'Basic realm="{title}", charset="UTF-8"')  # RFC 7617 2.1
        return text(
            start_response, "401 Unauthorized", "This feed wants a name and a password.\n", method, wanted
        )
    if why is Refusal.REVOKED:
        words = "This address was revoked. Ask whoever gave it to you for another one.\n"
        return text(start_response, "410 Gone", words, method)
    if why is Refusal.UNKNOWN:
        return text(start_response, "404 Not Found", "There is no such address.\n", method)
    return later(start_response, "Members cannot be looked up at the moment.\n", method)
