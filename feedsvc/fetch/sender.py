"""Requests that poll no source: deliveries to subscribers, verifications, pings, purges.

Like `client`, behind the address guard and bounded in time and bytes; no redirect is followed, and every
status is an answer. Connections are kept and used again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import urllib3
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from feedsvc.errors import FetchError
from feedsvc.fetch.brake import Brake
from feedsvc.fetch.connections import pools
from feedsvc.fetch.failures import failure, retry_after_seconds
from feedsvc.fetch.guard import Guard
from feedsvc.protocols import Answer, Message

HOSTS, PER_HOST = 256, 64  #: connections that are kept for later use


class Sender:
    """Sends messages for the whole process; safe to use from many threads.

    `user_agent` names the product and whom to ask; `now` is the wall clock.
    """

    def __init__(
        self, guard: Guard, *, user_agent: str, now: Callable[[], datetime], ca_bundle: str | None = None
    ) -> None:
        self.guard = guard
        self._brake = Brake()
        self._pools = pools(
            guard,
            self._brake,
            num_pools=HOSTS,
            maxsize=PER_HOST,
            cert_reqs="CERT_REQUIRED",
            ca_certs=ca_bundle or DEFAULT_CA_BUNDLE_PATH,
        )
        self._now = now
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "identity"}

    def send(self, message: Message) -> Answer:
        """The answer to `message`, whatever its status.

        Raises FetchError where none came: refused by the guard, not connected, not complete in time.
        """
        url = self.guard.admit(message.url)
        with self._brake.watching(time.monotonic() + message.seconds) as watch:
            try:
                try:
                    return self._exchange(url, message, watch.deadline)
                except urllib3.exceptions.ProtocolError:
                    if watch.expired:
                        raise
                    # a kept connection that the other side was about to close: a new one may do
                    return self._exchange(url, message, watch.deadline)
            except (urllib3.exceptions.HTTPError, FetchError, OSError, ValueError) as error:
                raise failure(error, url, message.seconds, expired=watch.expired) from error

    def close(self) -> None:
        """End what is being sent, and close the connections that are kept."""
        self._brake.cut()
        self._pools.clear()

    def _exchange(self, url: str, message: Message, deadline: float) -> Answer:
        response = self._pools.request(
            message.method,
            url,
            body=message.body or None,
            headers={**self._headers, **message.headers},
            redirect=False,
            retries=False,
            timeout=max(0.01, deadline - time.monotonic()),
            preload_content=False,
            decode_content=False,
        )
        try:
            body = response.read(message.limit, decode_content=False)
            wait = retry_after_seconds(response.headers.get("Retry-After"), self._now())
            if response.read(1, decode_content=False):
                response.close()  # more than anybody wants to know: the connection is of no further use
            return Answer(status=response.status, body=body, wait=wait)
        finally:
            response.release_conn()
