"""What a subscriber asks of the hub (W3C WebSub 5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from feedsvc import urls
from feedsvc.errors import Code, HubError
from feedsvc.websub.rules import Rules

MAX_CALLBACK, MAX_TOPIC = 1000, 400
MAX_SECRET = 200  #: bytes; a secret has fewer (5.1)
FIELDS = frozenset({"hub.mode", "hub.callback", "hub.topic", "hub.secret", "hub.lease_seconds"})
_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request that can be looked into. Whether the topic is one of ours is another question."""

    mode: str  #: subscribe | unsubscribe
    callback: str
    topic: str
    host: str  #: of the callback, with its port: what quotas and limits count by
    secret: str = ""
    lease_seconds: int = 0


def read(form: Iterable[tuple[str, str]], rules: Rules) -> Ask:
    """The request in the fields of a form; raises HubError (BAD_SUBSCRIPTION) with what to mend.

    Fields that the hub does not know are ignored, as 5.1 asks, however often they stand there; one that it
    knows is refused where it has two values.
    """
    given: dict[str, str] = {}
    for name, value in form:
        if name not in FIELDS:
            continue
        if "\ufffd" in value:  # bytes were lost: another callback would be asked, a signature not accepted
            raise _bad(f"{name} must be UTF-8 in percent-encoding")
        if given.setdefault(name, value) != value:
            raise _bad(f"{name} is given twice, with different values")
    mode = given.get("hub.mode", "")
    if mode not in ("subscribe", "unsubscribe"):
        raise _bad("hub.mode must be 'subscribe' or 'unsubscribe'")
    callback = _callback(given.get("hub.callback", ""))
    topic = given.get("hub.topic", "")
    if not topic or len(topic) > MAX_TOPIC or urls.absolute(topic, topic) is None:
        raise _bad(f"hub.topic must be the address of a feed, of at most {MAX_TOPIC} characters")
    secret = given.get("hub.secret", "")
    if len(secret.encode("utf-8", "replace")) >= MAX_SECRET:
        raise _bad(f"hub.secret must have fewer than {MAX_SECRET} bytes")
    return Ask(
        mode=mode,
        callback=callback,
        topic=topic,
        host=urls.host(callback),
        secret=secret,
        lease_seconds=rules.lease(_lease(given.get("hub.lease_seconds", ""))),
    )


def _callback(value: str) -> str:
    if not value or len(value) > MAX_CALLBACK:
        raise _bad(f"hub.callback must be an address of at most {MAX_CALLBACK} characters")
    if re.search(r"[\x00-\x20\x7f]", value):  # a reader of addresses drops some of them in silence
        raise _bad("hub.callback must have no spaces and no control characters")
    if "#" in value:
        raise _bad("hub.callback must have no fragment")
    found = urls.absolute(value, value)
    if found is None or not re.match(r"https?:", value, re.I):
        raise _bad("hub.callback must begin with http:// or https:// and name a host, without credentials")
    return found


def _lease(value: str) -> int | None:
    if not value:
        return None
    if not _WHOLE.fullmatch(value):
        raise _bad("hub.lease_seconds must be a number of seconds, not below 0")
    return int(value)


def _bad(message: str) -> HubError:
    return HubError(Code.BAD_SUBSCRIPTION, message)
