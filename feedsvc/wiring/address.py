"""The public address, asked from this machine as a reader asks it: for the worker and for `doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from feedsvc import urls
from feedsvc.config import Settings
from feedsvc.errors import Code, FetchError
from feedsvc.fetch.certificate import Certificate, certificate_of
from feedsvc.fetch.client import Client
from feedsvc.fetch.guard import Guard
from feedsvc.model import Trouble
from feedsvc.plugin_api import Request
from feedsvc.protocols import Clock
from feedsvc.watch.conditions import span_of
from feedsvc.watch.own import Fault
from feedsvc.wiring.setup import is_local

SECONDS = 10.0
RENEW = "look why it is not renewed by itself (certbot renew --dry-run), and that the proxy was reloaded"
TO_HERE = "let name and proxy lead here, or correct [serve] base_url (docs/operate.md, Behind a proxy)"


class PublicAddress:
    """Asks [serve] base_url what a reader would."""

    def __init__(self, settings: Settings, *, user_agent: str, now: Clock) -> None:
        self.base = settings.site.base_url
        self._ca_bundle = settings.ca_bundle
        self._now = now
        host = urlsplit(self.base).hostname or ""
        self._guard = Guard(own=frozenset({host, urls.host(self.base)}), ports=settings.ports)
        self.client = Client(
            self._guard, user_agent=user_agent, now=now, ca_bundle=settings.ca_bundle or None
        )

    def faults(self) -> list[Fault]:
        """What is wrong with it; nothing where it is an address of this machine alone."""
        return [] if is_local(self.base) else [*self.of_certificate(), *self.of_answers()]

    def certificate(self) -> Certificate | None:
        """What its server shows; None where it has no TLS. Raises FetchError."""
        parts = urlsplit(self.base)
        if parts.scheme != "https":
            return None
        return certificate_of(parts.hostname or "", parts.port or 443, self._guard, ca_bundle=self._ca_bundle)

    def of_certificate(self) -> Iterator[Fault]:
        """Whether readers can trust it, and for how long."""
        try:
            found = self.certificate()
        except FetchError:
            return  # `of_answers` says that nobody is there
        if found is None:
            return
        left = found.expires - self._now()
        names, until = ", ".join(found.names[:3]), f"{found.expires:%Y-%m-%d %H:%M} UTC"
        about = f"for {names}, by {found.issuer}, until {until}"
        subject = f"the certificate of {self.base}"
        if found.fault:
            reason = f"readers do not accept it ({about}): {found.fault}"
            yield Fault(kind=Trouble.ADDRESS, subject=subject, code=Code.TLS, reason=reason, remedy=RENEW)
        elif found.ends_soon(self._now()):
            reason = f"it ends in {span_of(left)} ({about})"
            grave = left < timedelta(days=3)
            yield Fault(kind=Trouble.ADDRESS, subject=subject, reason=reason, remedy=RENEW, grave=grave)

    def of_answers(self) -> Iterator[Fault]:
        """Whether it leads to this service: one that lives, and has the same public address."""
        try:
            alive = self.client.get(self._request("/healthz"), own=True)
            if alive.body.strip() != b"ok":
                yield self._fault(f"{self.base}/healthz is answered by something else", TO_HERE)
                return
        except FetchError as error:
            if error.code is not Code.TLS:  # that is told of the certificate
                yield self._fault(error.message, f"start the web processes and the proxy; {TO_HERE}", error)
            return
        try:
            feeds = self.client.get(self._request("/feeds.opml"), own=True)
        except FetchError as error:
            if error.status != 503:  # nothing is published yet
                yield self._fault(error.message, TO_HERE, error)
            return
        if f'"{self.base}/'.encode() not in feeds.body:
            words = f"{self.base} leads to a service with another public address"
            yield self._fault(words, TO_HERE)

    def _request(self, path: str) -> Request:
        return Request(url=f"{self.base}{path}", limit=16_000, cut=True, seconds=SECONDS)

    def _fault(self, reason: str, remedy: str, error: FetchError | None = None) -> Fault:
        return Fault(
            kind=Trouble.ADDRESS,
            subject=self.base,
            code=error.code if error else "",
            reason=reason,
            remedy=remedy,
        )
