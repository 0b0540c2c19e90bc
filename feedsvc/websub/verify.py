"""Asking a subscriber whether it meant it (W3C WebSub 5.3), and telling it that it is denied (5.2)."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlencode


def new_challenge() -> str:
    """A string that nobody can guess."""
    return secrets.token_urlsafe(32)


def question(callback: str, *, mode: str, topic: str, challenge: str, lease_seconds: int) -> str:
    """The address that is asked; the callback's own query is kept."""
    fields = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": challenge}
    if mode == "subscribe":
        fields["hub.lease_seconds"] = str(lease_seconds)
    return _with(callback, fields)


def denial(callback: str, *, topic: str, reason: str) -> str:
    """The address that is called to say that there is no (longer a) subscription."""
    return _with(callback, {"hub.mode": "denied", "hub.topic": topic, "hub.reason": reason})


def _with(callback: str, fields: dict[str, str]) -> str:
    joint = "?" if "?" not in callback else "" if callback.endswith(("?", "&")) else "&"
    return f"{callback}{joint}{urlencode(fields)}"


def is_confirmed(status: int, body: bytes, challenge: str) -> bool:
    """Whether an answer confirms: a 2xx whose body is the challenge and nothing else (5.3.1)."""
    return 200 <= status < 300 and hmac.compare_digest(body, challenge.encode())
