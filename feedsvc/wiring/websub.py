"""The hub, and our callbacks at other hubs, as a web process asks for them: plain values in."""

from __future__ import annotations

from collections.abc import Sequence

from feedsvc.protocols import Clock
from feedsvc.store.engine import Database
from feedsvc.store.push.following import SqlFollowing
from feedsvc.store.push.subscriptions import SqlHub
from feedsvc.websub.asking import read
from feedsvc.websub.retry import renewal
from feedsvc.websub.rules import Rules
from feedsvc.websub.signature import is_genuine


class StoredHub:
    """The hub as the web asks for it: plain values in."""

    def __init__(self, store_url: str, rules: Rules, clock: Clock) -> None:

        self._database = Database(store_url, create=False)
        self._hub = SqlHub(self._database)
        self._rules = rules
        self._clock = clock

    def ask(self, form: Sequence[tuple[str, str]]) -> None:
        """Take a request. Raises HubError, StoreError."""

        one = read(form, self._rules)
        self._hub.ask(
            mode=one.mode,
            callback=one.callback,
            topic=one.topic,
            host=one.host,
            secret=one.secret,
            lease_seconds=one.lease_seconds,
            quota=self._rules.quota,
            now=self._clock(),
        )

    def close(self) -> None:
        """Close the connections to the store."""
        self._database.close()


class StoredCallbacks:
    """Our callbacks at the hubs of upstream feeds: plain values in."""

    def __init__(self, store_url: str, clock: Clock) -> None:

        self._database = Database(store_url, create=False)
        self._store = SqlFollowing(self._database)
        self._clock = clock

    def knows(self, name: str) -> bool:
        """Whether there is such a callback. Raises StoreError."""
        return self._store.secret(name) is not None

    def confirm(self, name: str, *, mode: str, topic: str, lease_seconds: int) -> bool:
        """Whether we meant what a hub asks about. Raises StoreError."""

        now = self._clock()
        return self._store.confirm(
            name,
            mode=mode,
            topic=topic,
            lease_seconds=lease_seconds,
            renew=renewal(lease_seconds, now),
            now=now,
        )

    def receive(self, name: str, *, body: bytes, media_type: str, charset: str, signature: str) -> bool:
        """Take what a hub sends; False where there is no such callback. What is not signed by the hub is
        dropped without a word (W3C WebSub 8). Raises StoreError.
        """

        secret = self._store.secret(name)
        if secret is None:
            return False
        if is_genuine(signature, secret, body):
            self._store.keep(name, body=body, media_type=media_type, charset=charset, now=self._clock())
        return True

    def close(self) -> None:
        """Close the connections to the store."""
        self._database.close()
