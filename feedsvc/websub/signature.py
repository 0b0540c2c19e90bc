"""X-Hub-Signature (W3C WebSub 7 and 8)."""

from __future__ import annotations

import hmac

METHODS = ("sha256", "sha384", "sha512")  #: sha1, which the Recommendation still lists, is not among them


def sign(method: str, secret: str, body: bytes) -> str:
    """The value of the header: the method and the HMAC of the body, in hexadecimal digits."""
    return f"{method}={hmac.digest(secret.encode(), body, method).hex()}"


def is_genuine(header: str, secret: str, body: bytes) -> bool:
    """Whether `header` is the signature of `body`, compared in constant time."""
    method, _, given = header.strip().partition("=")
    if method.lower() not in METHODS or not given.isascii():
        return False
    expected = hmac.digest(secret.encode(), body, method.lower()).hex()
    return hmac.compare_digest(expected, given.strip().lower())
