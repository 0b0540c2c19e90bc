"""The Flask application: everything that is not a ready answer."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from feedsvc.errors import StoreError
from feedsvc.model import ListKind, ListSpec, Site
from feedsvc.serve import oembed, websub
from feedsvc.serve import room as control_room
from feedsvc.serve.answers import LOST_HEADERS, plain
from feedsvc.serve.api import routes as api
from feedsvc.serve.api.problems import problem


def create_app(
    *,
    ready: Callable[[], bool],
    editorial: Callable[[], Any],
    site: Site,
    lists: Sequence[ListSpec],
    hub: Callable[[], Any] | None = None,
    callbacks: Callable[[], Any] | None = None,
    rooms: Callable[[], Any] | None = None,
    worker_seen: Callable[[], float | None] = lambda: None,
    stale_after: float = math.inf,
    lost_page: Callable[[], bytes | None] = lambda: None,
) -> Flask:
    """The application.

    `ready` tells whether anything is published, `editorial` makes what the API publishes through, when it is
    needed first; `hub` and `callbacks` the same for WebSub, where this service is a hub or follows others.
    `worker_seen` tells how many seconds ago a worker showed that it lives (None: there never was one); after
    `stale_after` of them /readyz says so.
    """
    app = Flask("feedsvc", static_folder=None)
    made: list[Any] = []

    def one_editorial() -> Any:
        if not made:
            made.append(editorial())
        return made[0]

    app.register_blueprint(api.blueprint(one_editorial, site.base_url, _sections(lists)))
    app.register_blueprint(oembed.blueprint(site, lists))
    if hub is not None:
        app.register_blueprint(websub.hub_blueprint(functools.cache(hub)))
    if callbacks is not None:
        app.register_blueprint(websub.callback_blueprint(functools.cache(callbacks)))

    if rooms is not None:
        app.register_blueprint(control_room.blueprint(functools.cache(rooms), site.base_url))

    @app.get("/readyz")
    def readyz() -> Response:
        return plain(*_readiness(ready, worker_seen, stale_after))

    @app.errorhandler(404)
    def nothing(error: HTTPException) -> Response:
        page = lost_page() if request.headers.get("Sec-Fetch-Dest") == "document" else None
        return failed(error) if page is None else Response(page, status=404, headers=list(LOST_HEADERS))

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        status = error.code or 500
        answer = plain(f"{error.name}\n", status)
        if request.path.startswith("/api/"):
            answer = problem(status, error.description or error.name)
        kind = answer.content_type
        if status == 405:  # RFC 9110 15.5.6: which methods there are
            answer.headers.extend(error.get_headers())
            answer.headers["Content-Type"] = kind
        return answer

    return app


def _sections(lists: Sequence[ListSpec]) -> list[str]:
    """The slugs of sections; former ones, which are still taken, at the end."""
    sections = [one for one in lists if one.kind is ListKind.SECTION]
    return list(
        dict.fromkeys([*(one.slug for one in sections), *(old for one in sections for old in one.was)])
    )


def _readiness(
    ready: Callable[[], bool], worker_seen: Callable[[], float | None], stale_after: float
) -> tuple[str, int]:
    """What /readyz says, and its status."""
    if not ready():
        return "nothing is published yet\n", 503
    try:
        ago = worker_seen()
    except StoreError as error:
        return f"serving, but {error.code}: the store cannot be read\n", 503
    if ago is None:
        return "ready\n", 200
    if ago > stale_after:
        return f"serving, but no worker has been seen for {ago:.0f} s: nothing new comes\n", 503
    return f"ready; a worker was seen {ago:.0f} s ago\n", 200
