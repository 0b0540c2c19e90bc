"""oEmbed 1.0: a page's address → the lines that show it elsewhere (https://oembed.com)."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from urllib.parse import SplitResult, unquote, urlsplit
from xml.sax.saxutils import escape

import orjson
from flask import Blueprint, Response, request

from feedsvc.model import ListKind, ListSpec, Site
from feedsvc.serve.answers import PREFLIGHT, plain

WIDTH, HEIGHT = 480, 480  #: pixels, unless the asker has less room
SMALLEST = 60
_PATH = re.compile(r"/(?:feeds|embed)/([a-z0-9][a-z0-9-]{0,63})(?:\.(?:rss|atom|json)|/fragment)?")


def blueprint(site: Site, lists: Sequence[ListSpec]) -> Blueprint:
    """/oembed for the lists of a site."""
    served = [spec for spec in lists if not spec.retired]
    known = {slug: spec for spec in served for slug in spec.was} | {spec.slug: spec for spec in served}
    routes = Blueprint("oembed", __name__)

    @routes.route("/oembed", methods=["OPTIONS"])
    def preflight() -> Response:
        return Response(status=204, headers=PREFLIGHT)

    @routes.get("/oembed")
    def oembed() -> Response:
        form = request.args.get("format", "json")
        if form not in ("json", "xml"):
            return _text("format: json or xml is expected.\n", 501)  # as the specification wants it
        url = request.args.get("url")
        if not url:
            return _text("url: the address of one of our pages is expected.\n", 400)
        width, height = _most("maxwidth", WIDTH), _most("maxheight", HEIGHT)
        if width is None or height is None:
            return _text(f"maxwidth, maxheight: a number of pixels, {SMALLEST} or more, is expected.\n", 400)
        spec = _list_of(site, url, known)
        if spec is None:
            return _text("There is no such page here.\n", 404)
        fields = _fields(site, spec, width, height)
        answer = _xml(fields) if form == "xml" else _json(fields)
        answer.headers["Cache-Control"] = "public, max-age=3600"
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    return routes


def _most(name: str, usual: int) -> int | None:
    """The wished size, at most our own; None where it is no size."""
    given = request.args.get(name)
    if not given:
        return usual
    if not (given.isascii() and given.isdecimal() and int(given[:9]) >= SMALLEST):
        return None
    return min(usual, int(given[:9]))


def _list_of(site: Site, url: str, known: dict[str, ListSpec]) -> ListSpec | None:
    """The list that a page of ours shows."""
    ours = urlsplit(site.base_url)
    try:
        asked = urlsplit(url)
    except ValueError:  # a bracket that is never closed, and the like
        return None
    root = ours.path.rstrip("/")
    here = asked.scheme in ("http", "https") and _place(asked) == _place(ours)
    asked_path = unquote(asked.path)
    if not here or not asked_path.startswith(root):
        return None
    path = asked_path[len(root) :]
    if path in ("", "/"):
        return next((spec for spec in known.values() if spec.kind is ListKind.LATEST), None)
    match = _PATH.fullmatch(path.removesuffix("/"))  # the page itself moves there, too
    return known.get(match[1]) if match else None


def _place(parts: SplitResult) -> str:
    """Host and port of an address; that of its scheme is none (RFC 3986 6.2.3)."""
    place = parts.netloc.lower()
    return place.removesuffix(":443" if parts.scheme == "https" else ":80").removesuffix(":")


def _fields(site: Site, spec: ListSpec, width: int, height: int) -> dict[str, str | int]:
    title = site.title if spec.kind is ListKind.LATEST else spec.title
    source = html.escape(f"{site.base_url}/embed/{spec.slug}")
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": site.title,
        "provider_url": f"{site.base_url}/",
        "cache_age": 3600,
        "width": width,
        "height": height,
        "html": (
            f'<iframe src="{source}" title="{html.escape(title)}" width="{width}" height="{height}" '
            'loading="lazy" frameborder="0"></iframe>'
        ),
    }


def _json(fields: dict[str, str | int]) -> Response:

    return Response(orjson.dumps(fields), content_type="application/json")


def _xml(fields: dict[str, str | int]) -> Response:
    inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in fields.items())
    text = f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{inner}</oembed>\n'
    return Response(text, content_type="text/xml; charset=utf-8")


def _text(text: str, status: int) -> Response:
    answer = plain(text, status)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
