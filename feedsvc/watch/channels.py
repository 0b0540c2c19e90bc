"""Where notices go: e-mail, webhooks and what Apprise knows. What a channel does not take is tried again."""

from __future__ import annotations

import hashlib
import hmac
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import orjson

from feedsvc.errors import Code, FeedsvcError, NoticeError
from feedsvc.model import Notice
from feedsvc.protocols import Message, Sender
from feedsvc.watch.messages import body, headline, payload

SECONDS = 20.0  #: of one conversation with a mail server


class Channel(Protocol):
    """One way to a person. `name` tells it from the others, also after a restart; it holds no secret."""

    @property
    def name(self) -> str: ...

    def send(self, notice: Notice, *, mended: bool) -> None:
        """Raises NoticeError where it was not taken."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """A message to some people. `server`: smtp://user:password@host:587 (STARTTLS) or smtps://…:465."""

    server: str = field(repr=False)
    sender: str
    to: Sequence[str]
    site: str
    zone: ZoneInfo

    @property
    def name(self) -> str:
        return f"e-mail to {', '.join(self.to)}"[:200]

    def send(self, notice: Notice, *, mended: bool) -> None:
        message = EmailMessage()
        message["From"], message["To"] = self.sender, ", ".join(self.to)
        message["Subject"] = f"{self.site}: {headline(notice, mended=mended)}"[:200]
        message["Date"] = format_datetime((notice.mended_at if mended else None) or notice.broke_at)
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2] or "feedsvc.invalid")
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        message.set_content(body(notice, mended=mended, zone=self.zone))
        parts = urlsplit(self.server)
        host = parts.hostname or "localhost"
        try:
            with self._connect(parts.scheme, host, parts.port) as server:
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise NoticeError(
                Code.NOT_NOTIFIED, f"the mail server {host} did not take it: {type(error).__name__}: {error}"
            ) from error

    @staticmethod
    def _connect(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if scheme == "smtps":
            return smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=context)
        server = smtplib.SMTP(host, port or 587, timeout=SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        return server


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A POST of JSON. With a `secret` it is signed: X-Feedsvc-Signature: sha256=<HMAC of the body>."""

    name: str
    url: str = field(repr=False)
    shape: str
    secret: str = field(repr=False)
    sender: Sender = field(repr=False)
    site: str
    zone: ZoneInfo

    def send(self, notice: Notice, *, mended: bool) -> None:
        content = orjson.dumps(payload(notice, self.shape, mended=mended, site=self.site, zone=self.zone))
        headers = {"Content-Type": "application/json"}
        if self.secret:
            digest = hmac.new(self.secret.encode(), content, hashlib.sha256).hexdigest()
            headers["X-Feedsvc-Signature"] = f"sha256={digest}"
        try:
            answer = self.sender.send(Message(method="POST", url=self.url, headers=headers, body=content))
        except FeedsvcError as error:
            raise NoticeError(Code.NOT_NOTIFIED, f"it cannot be reached ({error.code})") from error
        if not answer.taken:
            raise NoticeError(Code.NOT_NOTIFIED, f"it answered {answer.status}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One of the services that Apprise speaks to (github.com/caronc/apprise). Needs the extra `apprise`."""

    name: str
    url: str = field(repr=False)
    site: str
    zone: ZoneInfo

    def send(self, notice: Notice, *, mended: bool) -> None:
        from apprise import Apprise, NotifyType

        service = Apprise()
        if not service.add(self.url):
            raise NoticeError(Code.NOT_NOTIFIED, "Apprise does not understand the address")
        taken = service.notify(
            title=f"{self.site}: {headline(notice, mended=mended)}"[:200],
            body=body(notice, mended=mended, zone=self.zone),
            notify_type=NotifyType.SUCCESS if mended else NotifyType.FAILURE,
        )
        if not taken:
            raise NoticeError(Code.NOT_NOTIFIED, "it was not taken")
