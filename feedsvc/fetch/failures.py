"""What went wrong with a request, in our codes: the error trees of two libraries, the socket, the status."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3

from feedsvc.errors import Code, FetchError

LONGEST_WAIT = (
    86400.0  #: seconds; who asks for more is asked once a day: one odd header must not silence a host
)
CHAIN = 8  #: causes of one error that are looked at


def failure(error: Exception, url: str, seconds: float, *, expired: bool) -> FetchError:
    """`error` as a FetchError. `expired`: the time for the request was up."""
    if expired:
        return too_slow(url, seconds)
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < CHAIN:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__ or _reason(cause)
    for cause in chain:
        if isinstance(cause, FetchError):
            return cause
    for cause in chain:
        if isinstance(cause, (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)):
            return too_slow(url, seconds)
        if isinstance(cause, ssl.SSLError):
            return FetchError(Code.TLS, f"{url}: {_of_tls(cause)}")
        if isinstance(cause, urllib3.exceptions.DecodeError):
            return FetchError(Code.BAD_ENCODING, f"{url}: {cause}")
        if isinstance(cause, urllib3.exceptions.IncompleteRead):
            return FetchError(Code.TRUNCATED, f"{url} ended before it was complete")
    return FetchError(Code.CONNECT, f"{url}: {type(error).__name__}: {chain[-1]}")


def _of_tls(error: ssl.SSLError) -> str:
    """Why the connection is not trusted, and what the certificate says of itself, where it was looked at."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return error.reason or str(error)
    about = "; ".join(note for note in getattr(error, "__notes__", ()) if note)
    words = f"its certificate is not accepted: {error.verify_message or error.reason or error}".rstrip(".")
    return f"{words} ({about})" if about else words


def _reason(error: BaseException) -> BaseException | None:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else None


def too_slow(url: str, seconds: float) -> FetchError:
    """The time limit of a request, `seconds`, was over before its answer was complete."""
    return FetchError(Code.TOO_SLOW, f"{url} was not complete after {seconds:g} s")


def bad_status(url: str, status: int, retry_after: str | None, now: datetime) -> FetchError:
    """An answer that brings nothing to read."""
    wait = retry_after_seconds(retry_after, now)
    if status in (404, 410):
        return FetchError(Code.HTTP_GONE, f"{url} answers {status}", status=status)
    code = Code.HTTP_WAIT if status in (429, 503) else Code.HTTP_STATUS
    return FetchError(code, f"{url} answers {status}", status=status, wait=wait, url=url)


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Seconds from `now` that a Retry-After header asks for (RFC 9110 10.2.3: seconds or an HTTP date)."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(min(int(value[:12]), LONGEST_WAIT))
    try:
        until = parsedate_to_datetime(value)
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return min(max(0.0, (until - now).total_seconds()), LONGEST_WAIT)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None  # not a date; the parser of the standard library raises more than it documents
