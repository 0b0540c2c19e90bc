"""The front as a WSGI application: look-ups, other methods, options, and nothing that breaks serving."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import brotli
import pytest

from feedsvc.errors import Code, StoreError
from feedsvc.model import ReadyDocument
from feedsvc.render.freeze import freeze
from feedsvc.serve.documents import Document, Uncoded
from feedsvc.serve.front import Front
from feedsvc.serve.on_demand import OnDemand
from feedsvc.serve.published import Published
from tests.asking import Answer, ask
from tests.makers import SITE as NEWSROOM

AT = datetime(2025, 12, 18, 12, 0, 5, tzinfo=UTC)
BODY = b"<rss>" + b"berita " * 500 + b"</rss>"


def row(
    path: str = "/feeds/politik.rss", number: int = 1, body: bytes = BODY, **fields: Any
) -> ReadyDocument:
    made = freeze(body, path=path, media_type="application/rss+xml; charset=utf-8", stored=AT, max_age=60)
    values = ReadyDocument(
        path=path,
        number=number,
        media_type=made.media_type,
        etag=made.etag,
        last_modified=AT,
        max_age=60,
        gzip=made.gzip,
        br=made.br,
        links=[
            ["self", f"https://feeds.example{path}"],
            ["alternate", "https://feeds.example/feeds/politik"],
        ],
        page="/feeds/politik",
    )
    return replace(values, **fields)


@dataclass
class Site:
    """A front over rows that a test may add to, and requests to it."""

    rows: list[ReadyDocument] = field(default_factory=list)
    broken: bool = False
    builder: Any = None
    configured: tuple[str, ...] = ()
    others: Callable[[], Any] = lambda: pytest.fail("nothing else was to be asked")

    def __post_init__(self) -> None:
        self.published = Published(
            generation=lambda: 0, newest=self._newest, load=self._load, old=self.configured
        )
        self.front = Front(
            self.published,
            on_demand=OnDemand(lambda: self.builder),
            others=lambda: self.others(),
            base_url="https://feeds.example",
            configured=self.configured,
        )
        self.published.refresh()

    def _newest(self) -> int:
        if self.broken:
            raise StoreError(Code.STORE, "the disk is gone")
        return max((one.number for one in self.rows), default=0)

    def _load(self, number: int) -> Sequence[ReadyDocument]:
        return [one for one in self.rows if one.number > number]

    def ask(
        self, path: str = "/feeds/politik.rss", method: str = "GET", *, body: Any = None, **headers: str
    ) -> Answer:
        return ask(self.front, path, method, body=body, **headers)


@pytest.fixture
def site() -> Site:
    return Site(rows=[row()])


@pytest.mark.parametrize(
    ("host", "protocol", "status"),
    [
        ("feeds.example", "HTTP/1.1", 200),
        ("", "HTTP/1.1", 400),
        ("", "HTTP/1", 200),
        ("feeds.example,evil.example", "HTTP/1.1", 400),
    ],
)
def test_a_request_names_one_host(site: Site, host: str, protocol: str, status: int) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/feeds/politik.rss",
        "QUERY_STRING": "",
        "HTTP_HOST": host,
        "SERVER_PROTOCOL": protocol,
    }
    told: list[str] = []
    body = b"".join(site.front(environ, lambda line, headers: told.append(line)))
    assert told[0].startswith(str(status))
    assert b"evil" not in body


@pytest.mark.parametrize(
    ("coding", "undo"),
    [
        ("identity", bytes),
        ("gzip", gzip.decompress),
        ("br", brotli.decompress),
    ],
)
def test_each_coding_has_its_own_tag_and_the_same_document(
    site: Site, coding: str, undo: Callable[[bytes], bytes]
) -> None:
    answer = site.ask(accept_encoding=coding)
    assert answer.status == 200
    assert undo(answer.body) == BODY
    assert answer.headers.get("Content-Encoding", "identity") == coding
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.headers["ETag"] == f'"{int(AT.timestamp()):x}-{len(answer.body):x}"'
    again = site.ask(accept_encoding=coding, if_none_match=answer.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    other = "br" if coding != "br" else "gzip"
    assert site.ask(accept_encoding=other, if_none_match=answer.headers["ETag"]).status == 200


def test_what_is_unpacked_is_unpacked_anew_after_a_publication(site: Site) -> None:
    before = site.ask(accept_encoding="identity")
    assert site.ask(accept_encoding="identity").body == before.body
    site.rows.append(row(number=2, body=BODY * 2, last_modified=AT + timedelta(seconds=1)))
    site.published.refresh()
    after = site.ask(accept_encoding="identity")
    assert after.body == BODY * 2
    assert after.headers["ETag"] != before.headers["ETag"]


def test_uncoded_documents_are_cached_within_their_bytes() -> None:
    uncoded = Uncoded(limit=len(BODY) * 2)
    some = [Document(row(f"/feeds/s{n}.rss"), []) for n in range(3)]
    first = uncoded.get(some[0])
    assert uncoded.get(some[0]) is first
    for one in some[1:]:
        uncoded.get(one)
    last = uncoded.get(some[2])
    assert uncoded.get(some[2]) is last
    assert uncoded.get(some[0]) is not first
    uncoded.forget(some[2])
    assert uncoded.get(some[2]) is not last


def test_what_an_answer_says(site: Site) -> None:
    headers = site.ask().headers
    assert headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert headers["Last-Modified"] == "Thu, 18 Dec 2025 12:00:05 GMT"
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Cache-Control"] == (
        "public, max-age=60, s-maxage=30, stale-while-revalidate=30, stale-if-error=86400"
    )
    assert headers["Link"].startswith('<https://feeds.example/feeds/politik.rss>; rel="self", ')
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in headers


def test_a_304_carries_what_a_cache_needs_and_no_body(site: Site) -> None:
    full = site.ask().headers
    short = site.ask(if_none_match="*")
    assert short.status == 304
    assert set(short.headers) == {
        *("ETag", "Last-Modified", "Cache-Control", "Vary", "Access-Control-Allow-Origin")
    }
    assert short.headers.items() <= full.items()
    assert site.ask(if_modified_since=full["Last-Modified"]).status == 304
    assert site.ask(if_modified_since=full["Last-Modified"], if_none_match='"other"').status == 200


def test_no_last_modified_of_a_time_to_come() -> None:
    """RFC 9110 8.8.2.1. The publisher's clock was set back: the document's own moment, and its tag, stay."""
    site = Site(rows=[row(last_modified=datetime(2999, 1, 1, tzinfo=UTC))])
    full, short = site.ask(), site.ask(if_none_match="*")
    for answer in (full, short):
        assert parsedate_to_datetime(answer.headers["Last-Modified"]) <= datetime.now(UTC)
    assert short.headers["ETag"] == full.headers["ETag"]
    assert site.ask(if_modified_since=full.headers["Last-Modified"]).status == 200


def test_head_says_what_get_says(site: Site) -> None:
    for headers in ({}, {"accept_encoding": "gzip"}, {"if_none_match": "*"}):
        got, head = site.ask(**headers), site.ask(method="HEAD", **headers)
        assert (head.status, head.headers, head.body) == (got.status, got.headers, b"")


def test_range_is_ignored(site: Site) -> None:
    answer = site.ask(range="bytes=0-9")
    assert (answer.status, answer.body) == (200, BODY)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_other_methods(site: Site, method: str) -> None:
    answer = site.ask(method=method)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_options(site: Site) -> None:
    answer = site.ask(method="OPTIONS")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == "ETag, Last-Modified, Link, Retry-After"


def test_a_condition_that_does_not_hold(site: Site) -> None:
    tag = site.ask().headers["ETag"]
    assert site.ask(if_match=tag).status == site.ask(if_match="*").status == 200
    assert site.ask(if_match=f'"x", {tag}', if_none_match=tag).status == 304
    assert site.ask(if_match='"x"').status == site.ask(if_match=f"W/{tag}").status == 412
    assert site.ask(if_match='"x"', if_none_match=tag).status == 412
    assert site.ask(if_unmodified_since="Thu, 18 Dec 2025 12:00:05 GMT").status == 200
    assert site.ask(if_unmodified_since="Thu, 18 Dec 2025 12:00:04 GMT").status == 412
    assert site.ask(if_unmodified_since="gestern").status == 200


def test_unknown_parameters_are_ignored(site: Site) -> None:
    plain = site.ask()
    for query in ("?x=1", "?utm_source=a&b", "?Limit=5", "?=", "?callback=alert"):
        answer = site.ask(f"/feeds/politik.rss{query}")
        assert (answer.status, answer.body, answer.headers) == (200, plain.body, plain.headers)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=abc",
        "limit=",
        "limit=1001",
        "limit=²",
        "limit=0000001000999",
        "content=all",
        "content=",
    ],
)
def test_a_known_option_with_a_bad_value_is_an_error(site: Site, query: str) -> None:
    answer = site.ask(f"/feeds/politik.rss?{query}")
    assert answer.status == 400
    assert query.partition("=")[0] in answer.body.decode()


def test_a_navigation_is_sent_to_the_page(site: Site) -> None:
    answer = site.ask(sec_fetch_dest="document")
    assert answer.status == 303
    assert answer.headers["Location"] == "https://feeds.example/feeds/politik"
    assert answer.headers["Cache-Control"] == "no-store"
    assert site.ask(sec_fetch_dest="empty").status == 200
    assert site.ask(accept="text/html").status == 200


def test_host_headers_are_never_reflected(site: Site) -> None:
    answer = site.ask(host="evil.example", x_forwarded_host="evil.example", sec_fetch_dest="document")
    assert "evil" not in str(answer.headers)


def test_moved_and_gone(site: Site) -> None:
    site.rows += [
        row("/feeds/lama.rss", 2, status=301, location="https://feeds.example/feeds/politik.rss"),
        row("/feeds/tutup.rss", 2, status=410),
        row("/feeds/hapus.rss", 2, status=404),
    ]
    site.published.refresh()
    moved = site.ask("/feeds/lama.rss")
    assert (moved.status, moved.headers["Location"]) == (301, "https://feeds.example/feeds/politik.rss")
    assert site.ask("/feeds/tutup.rss").status == 410
    assert site.ask("/feeds/hapus.rss").status == 404


def test_a_publication_is_taken_over_as_a_whole(site: Site) -> None:
    before = site.ask().headers["ETag"]
    site.rows.append(row(number=2, body=b"<rss>baru</rss>"))
    assert site.ask().headers["ETag"] == before
    site.published.refresh()
    assert site.ask().body == b"<rss>baru</rss>"
    assert site.published.number == 2


def test_serving_goes_on_when_the_store_is_gone(site: Site) -> None:
    site.broken = True
    site.published.refresh()
    assert site.ask().status == 200
    site.broken = False
    site.rows.append(row(number=2, body=b"<rss>baru</rss>"))
    site.published.refresh()
    assert site.ask().body == b"<rss>baru</rss>"


def test_before_the_first_publication() -> None:
    answer = Site().ask()
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    "path",
    [
        *("/feeds/lambat.rss", "/feeds/lambat.json?limit=3", "/feeds/lambat", "/embed/lambat"),
        *("/embed/lambat/fragment?count=3", "/rss/lambat.xml", "/rss/tua.xml"),
    ],
)
def test_a_feed_that_is_configured_and_not_built_yet_is_there_later(path: str) -> None:
    rows = [row(), row("/rss/tua.xml", location="/feeds/lambat.rss", page="")]
    site = Site(rows=rows, configured=("politik", "lambat", "/rss/lambat.xml"))
    answer = site.ask(path)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
    assert site.ask(path, method="HEAD").status == 503


def test_documents_of_the_site_are_there_later_too() -> None:
    settled = Site(rows=[row()], configured=NEWSROOM.documents)
    for site in (Site(configured=NEWSROOM.documents), settled):  # before the first publication, and after it
        for path in set(NEWSROOM.documents) - {"/embed"}:  # that one is built when it is asked for
            answer = site.ask(path)
            assert (path, answer.status, answer.headers.get("Retry-After")) == (path, 503, "2")
    settled.rows.append(row("/robots.txt", number=2, page=""))
    settled.published.refresh()
    assert settled.ask("/robots.txt").status == 200
    assert settled.ask("/news-sitemap.xml", method="POST").status == 405


def test_what_nobody_configured_is_not_there() -> None:
    site = Site(rows=[row()])
    for path in ("/feeds/lambat.rss", "/feeds/lambat", "/embed/lambat", "/feeds/lambat.xml"):
        assert site.ask(path).status == 404


@pytest.mark.parametrize("path", ["//status", "///api/articles", "//websub", "//healthz", "//"])
def test_no_second_slash_leads_round_a_proxys_rule(site: Site, path: str) -> None:
    assert [site.ask(path, method).status for method in ("GET", "POST")] == [404, 404]


def test_health_needs_no_lane(site: Site) -> None:
    assert site.ask("/healthz").body == b"ok\n"
    assert site.ask("/healthz", method="HEAD").body == b""
    assert site.ask("/healthz", method="POST").status == 405
