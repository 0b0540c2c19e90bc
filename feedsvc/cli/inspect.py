"""`feedsvc inspect`: what feedsvc sees in a page, an article, a feed or a date."""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click
import orjson

from feedsvc import __version__, dates, urls
from feedsvc.cli import show
from feedsvc.cli.common import EXIT_FAILED, config_option, reported, settings
from feedsvc.errors import Code, FeedsvcError, FetchError, ReadError
from feedsvc.extract import article, encoding, listing
from feedsvc.extract.html import MAX_CHARS
from feedsvc.extract.read import read
from feedsvc.fetch.client import Client
from feedsvc.fetch.guard import Guard
from feedsvc.model import ArticleReading, PageReading
from feedsvc.plugin_api import FeedReading, Job, Reading, Request

KINDS = {"listing": "page", "article": "article", "feed": "feed"}


@click.command()
@click.argument("what", metavar="URL_OR_FILE", required=False)
@click.option("--url", "base", help="The address that a file came from; links are resolved against it.")
@click.option(
    "--as",
    "kind",
    type=click.Choice([*KINDS, "date"]),
    help="What it is. By default, feedsvc finds out.",
)
@click.option("--language", default="", help="Language of texts and dates that name none (id, en, …).")
@click.option("--timezone", default="", help="Zone of times that name none (Asia/Jakarta, …).")
@click.option("--now", "moment", default="", help="Read as if it were this moment (ISO 8601).")
@click.option("--all", "everything", is_flag=True, help="Show every item, not only the first ones.")
@click.option("--source", "slug", metavar="SLUG", help="Show what the sources of this section or box give.")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
@click.option(
    "--jsonl", is_flag=True, help="Answer JSON requests from standard input, one per line; for scoring."
)
@reported
def inspect(
    what: str | None,
    base: str | None,
    kind: str | None,
    language: str,
    timezone: str,
    moment: str,
    everything: bool,
    slug: str | None,
    file: str,
    as_json: bool,
    jsonl: bool,
) -> None:
    """Show what feedsvc sees in a page, an article, a feed or a date, and why.

    \b
    feedsvc inspect https://news.example/politik       the lists of a page, which one a feed would carry
    feedsvc inspect https://news.example/read/1 --as article
    feedsvc inspect page.html --url https://news.example/politik
    feedsvc inspect --source politik                   what the configured sources of a section give
    feedsvc inspect --as date "Kamis, 18 Desember 2025 | 19:00 WIB" --language id

    Nothing is stored. An address is fetched once, as the collector would, but robots.txt is not consulted. If
    the wrong list is chosen, paste one of the `select` lines of the output into the configuration.
    """
    if jsonl:
        for line in sys.stdin:
            if line.strip():
                click.echo(json.dumps(answer(json.loads(line)), ensure_ascii=False))
        return
    if slug:
        from feedsvc.cli.sourcing import configured

        good = configured(slug, settings(file), now=_moment(moment), everything=everything, as_json=as_json)
        sys.exit(0 if good else EXIT_FAILED)
    if not what:
        raise click.UsageError("name an address or a file (or give --jsonl)")
    zone = _zone(timezone)
    now = _moment(moment)
    if kind == "date":
        found = dates.read(what, language=language, zone=zone, now=now)
        _print(found, as_json, lambda: show.date(what, found))
        sys.exit(EXIT_FAILED if isinstance(found, dates.Doubt) else 0)
    with _naming(what, base):
        job = _job(what, base, kind, language=language, zone=zone, now=now)
        reading = _read(job, decided=kind is not None)
    _print(reading, as_json, lambda: _show(reading, job, everything))


@contextmanager
def _naming(what: str, base: str | None) -> Iterator[None]:
    """Errors that name what was given: the file rather than its supposed address; and how long to wait."""
    try:
        yield
    except FetchError as error:
        if error.code is not Code.HTTP_WAIT:
            raise
        when = f"in {error.wait:.0f} seconds" if error.wait else "later"
        raise FetchError(
            error.code, f"{error.message}: the host asks for patience; try again {when}"
        ) from error
    except ReadError as error:
        if not base or base not in error.message:
            raise
        raise ReadError(error.code, error.message.replace(base, what)) from error


def _print(value: Any, as_json: bool, pretty: Any) -> None:
    if as_json:
        click.echo(orjson.dumps(value, default=_plain, option=orjson.OPT_INDENT_2).decode())
    else:
        pretty()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else dict(value)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError) as error:
        raise click.BadParameter(f"{name!r} is not a time zone", param_hint="--timezone") from error


def _moment(text: str) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not an ISO 8601 time", param_hint="--now") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# ── getting it ────────────────────────────────────────────────────────────────────────────────────────


def _job(
    what: str, base: str | None, kind: str | None, *, language: str, zone: ZoneInfo | None, now: datetime
) -> Job:
    """The bytes, from a file or from the network, and what they are taken for."""
    if base and urls.absolute(base, base) is None:
        raise click.BadParameter(f"{base!r} is not the address of a page", param_hint="--url")
    if what.lower().startswith(("http://", "https://")):
        url = urls.absolute(what, what)
        if url is None:
            raise FetchError(Code.BLOCKED_URL, f"{what} is not an address that can be requested")
        # who types an address may look at it, wherever it is; what it redirects to may not be private
        guard = Guard(own=frozenset({urls.host(url), urlsplit(url).hostname or ""}))
        client = Client(guard, user_agent=f"feedsvc/{__version__} (inspect)", now=lambda: now)
        fetched = client.get(Request(url=url), own=True)
        url, charset, media_type = fetched.url, fetched.charset, fetched.media_type
        body = _unpacked(fetched.body, url)  # some servers send files packed, and do not say so
        if body is not fetched.body and "gzip" in media_type:
            media_type = ""
    else:
        path = Path(what)
        if not path.is_file():
            raise ReadError(
                Code.NOT_A_PAGE,
                f"{what} is neither an address (https://…) nor a file; a printed date needs --as date",
            )
        body, url, charset, media_type = path.read_bytes(), base or f"file://{path.resolve()}", "", ""
        body = _unpacked(body, what)
    return Job(
        kind=KINDS[kind] if kind else _looks_like(body, media_type),
        body=body,
        url=base or url,
        charset=charset,
        media_type="" if kind else media_type,
        language=language,
        zone=zone,
        now=now,
    )


def _unpacked(body: bytes, name: str) -> bytes:
    """The bytes of a file that may be packed with gzip, no more of them than a page may have."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, 4 * MAX_CHARS)
    except zlib.error as error:
        raise ReadError(
            Code.NOT_A_PAGE, f"{name} begins like a gzip file but is not valid ({error})"
        ) from error
    if not unpacker.eof and not unpacker.unconsumed_tail:
        raise ReadError(Code.NOT_A_PAGE, f"{name} is a truncated gzip file")
    return plain


def _looks_like(body: bytes, media_type: str) -> str:
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_feed = start.startswith((b"{", b"<rss", b"<feed", b"<rdf")) or (
        start.startswith(b"<?xml") and b"<html" not in start
    )
    return "feed" if is_feed or media_type in ("application/rss+xml", "application/atom+xml") else "page"


def _read(job: Job, *, decided: bool) -> Reading:
    """What the bytes say; a page that turns out to be an article is read as one."""
    reading = read(job)
    if decided or not isinstance(reading, PageReading) or reading.verdict not in ("article", "no-list"):
        return reading
    text = encoding.decode(job.body, charset=job.charset, html=True)
    told = article.read(text, url=job.url, language=job.language, zone=job.zone, now=job.now)
    return told if reading.verdict == "article" or told.probably_article else reading


def _show(reading: Reading, job: Job, everything: bool) -> None:
    if isinstance(reading, PageReading):
        show.page(reading, everything=everything)
    elif isinstance(reading, ArticleReading):
        show.article(reading, url=job.url)
    else:
        assert isinstance(reading, FeedReading)
        show.feed(reading, everything=everything)


# ── the stream protocol ───────────────────────────────────────────────────────────────────────────────


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """One answer of the stream protocol: a dict with the request's id and what was read, or an error."""
    try:
        return {"id": request["id"], **_STREAM[request["kind"]](request)}
    except FeedsvcError as error:
        return {"id": request["id"], "error": str(error)}
    except Exception as error:  # noqa: BLE001 - one bad page must not end the stream
        return {"id": request["id"], "error": f"{Code.INTERNAL}: {type(error).__name__}: {error}"}


def _hints(request: dict[str, Any]) -> dict[str, Any]:
    return {
        "language": request.get("language") or "",
        "zone": _zone(request.get("timezone") or ""),
        "now": _moment(request["now"]) if request.get("now") else None,
    }


def _text(request: dict[str, Any]) -> str:
    body = Path(request["file"]).read_bytes()
    return encoding.decode(_unpacked(body, request["file"]), html=True)


def _listing(request: dict[str, Any]) -> dict[str, Any]:
    page = listing.read(_text(request), url=request.get("url") or "", **_hints(request))
    return {
        "lists": [
            {
                "role": found.role,
                "heading": found.heading or None,
                "items": [
                    {
                        "url": item.url,
                        "title": item.title,
                        "published": item.published.at.isoformat() if item.published else None,
                    }
                    for item in found.items
                ],
            }
            for found in page.lists
        ]
    }


def _article(request: dict[str, Any]) -> dict[str, Any]:
    reading = article.read(_text(request), url=request.get("url") or "", **_hints(request))
    draft = reading.draft
    return {
        "title": draft.title,
        "published": draft.published.at.isoformat() if draft.published else None,
        "authors": list(draft.authors),
        "body_text": reading.body_text,
        "image": draft.image.url if draft.image else None,
    }


def _date(request: dict[str, Any]) -> dict[str, Any]:
    found = dates.read(request["text"], **_hints(request))
    return {"published": found.at.isoformat() if isinstance(found, dates.Moment) else None}


_STREAM = {"listing": _listing, "article": _article, "date": _date}
