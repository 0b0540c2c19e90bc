"""Answers that are no documents: redirects, other methods, and short texts for what cannot be had."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from feedsvc.serve.documents import ANY_ORIGIN, EXPOSED, NO_SNIFF, Headers
from feedsvc.serve.policy import PAGE

if TYPE_CHECKING:
    from flask import Response

StartResponse = Callable[[str, Headers], Any]

FEED_METHODS = "GET, HEAD, OPTIONS"
PROBLEM = "application/problem+json"  #: the media type of errors of the API (RFC 9457)
ASKED_WITH = "Accept, Cache-Control, If-Modified-Since, If-None-Match, Last-Event-ID"
TEXT = ("Content-Type", "text/plain; charset=utf-8")
IN_QUERY = "!$%&'()*+,;=:@/?-._~[]"  #: what a query (RFC 3986 3.4) may hold as it is; browsers send brackets
PREFLIGHT: Headers = [
    ("Allow", FEED_METHODS),
    ANY_ORIGIN,
    ("Access-Control-Allow-Methods", FEED_METHODS),
    ("Access-Control-Allow-Headers", ASKED_WITH),
    ("Access-Control-Expose-Headers", EXPOSED),
    ("Access-Control-Max-Age", "86400"),
]
_NOT_STORED = ("Cache-Control", "no-store")
LOST_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", PAGE),
    _NOT_STORED,
    NO_SNIFF,
)


def text(
    start_response: StartResponse, status: str, words: str, method: str, *more: tuple[str, str]
) -> Iterable[bytes]:
    """A short text that no cache keeps. Scripts of other sites may read it: they asked for a feed."""
    body = words.encode()
    headers = [TEXT, ("Content-Length", str(len(body))), _NOT_STORED, NO_SNIFF, ANY_ORIGIN, *more]
    start_response(status, headers)
    return [] if method == "HEAD" else [body]


def plain(words: str, status: int) -> Response:
    """A short text for an address that Flask answers, never kept by a cache."""
    from flask import Response  # the front answers feeds before Flask is loaded

    answer = Response(words, status=status, content_type=TEXT[1])
    answer.headers.extend([_NOT_STORED, NO_SNIFF])
    if status == 503:
        answer.headers["Retry-After"] = "2"
    return answer


def lost(start_response: StartResponse, page: bytes, method: str) -> Iterable[bytes]:
    """404 as a page."""
    headers = [*LOST_HEADERS, ("Content-Length", str(len(page)))]
    start_response("404 Not Found", headers)
    return [] if method == "HEAD" else [page]


def later(start_response: StartResponse, words: str, method: str) -> Iterable[bytes]:
    """503: the client is to come back."""
    more = ("Retry-After", "2"), ("Access-Control-Expose-Headers", "Retry-After")
    return text(start_response, "503 Service Unavailable", words, method, *more)


def problem(
    start_response: StartResponse, status: str, detail: str, *more: tuple[str, str]
) -> Iterable[bytes]:
    """A problem document (RFC 9457 3) of the API, for what does not reach Flask."""
    number, _, title = status.partition(" ")
    document = {"type": "about:blank", "title": title, "status": int(number), "detail": detail}
    body = json.dumps(document).encode()
    length = ("Content-Length", str(len(body)))
    start_response(status, [("Content-Type", PROBLEM), length, _NOT_STORED, NO_SNIFF, *more])
    return [body]


def other_method(start_response: StartResponse, method: str) -> Iterable[bytes]:
    """What a feed answers to anything but GET and HEAD."""
    if method == "OPTIONS":
        start_response("204 No Content", [*PREFLIGHT])
        return []
    words = f"This address answers {FEED_METHODS}.\n"
    return text(start_response, "405 Method Not Allowed", words, method, ("Allow", FEED_METHODS))


def see_other(start_response: StartResponse, location: str) -> Iterable[bytes]:
    """A browser's navigation goes to the page for people; the next request may be a feed reader's."""
    start_response("303 See Other", [("Location", location), _NOT_STORED, ("Content-Length", "0")])
    return []


def with_query(location: str, query: str) -> str:
    """An address with the query of the request that is led there."""
    return f"{location}?{quote(query, safe=IN_QUERY)}" if query else location


def moved(start_response: StartResponse, location: str) -> Iterable[bytes]:
    """The feed has another address for good."""
    start_response(
        "301 Moved Permanently",
        [
            ("Location", location),
            ("Cache-Control", "public, max-age=3600"),
            ANY_ORIGIN,
            ("Content-Length", "0"),
        ],
    )
    return []
