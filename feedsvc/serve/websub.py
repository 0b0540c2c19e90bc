"""The addresses of WebSub: our hub at /websub, and our callbacks at the hubs of upstream feeds.

Both only note what comes in; the worker does the rest (`feedsvc.push`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request

from feedsvc.errors import Code, HubError, StoreError
from feedsvc.limits import Buckets
from feedsvc.serve.answers import plain
from feedsvc.serve.clients import client_of
from feedsvc.serve.request_bodies import ADMITTED, JUDGED

FORM = "application/x-www-form-urlencoded"
MAX_FORM = 16 * 1024
CLIENT_RATE, CLIENT_BURST = 2.0, 1000  #: requests of one client: so many a second, so many at once
MAX_PUSH = 8 * 1024 * 1024  #: bytes, as of a feed that is fetched
MAX_CHALLENGE = 1000
MAX_LEASE = 366 * 86400  #: seconds


class Hub(Protocol):
    """Takes the requests of subscribers."""

    def ask(self, form: Sequence[tuple[str, str]]) -> None: ...


class Callbacks(Protocol):
    """Takes what the hubs of upstream feeds ask and send."""

    def knows(self, name: str) -> bool: ...
    def confirm(self, name: str, *, mode: str, topic: str, lease_seconds: int) -> bool: ...
    def receive(self, name: str, *, body: bytes, media_type: str, charset: str, signature: str) -> bool: ...


def hub_blueprint(hub: Callable[[], Hub]) -> Blueprint:
    """The address /websub. `hub` is made at the first request that needs it."""
    routes = Blueprint("websub", __name__)
    clients = Buckets(per_second=CLIENT_RATE, burst=CLIENT_BURST)

    @routes.errorhandler(HubError)
    def refused(error: HubError) -> Response:
        return plain(f"{error.message}\n", 429 if error.code is Code.TOO_MANY_SUBSCRIPTIONS else 400)

    @routes.errorhandler(StoreError)
    def failed(error: StoreError) -> Response:
        return _later("The hub cannot take requests now.\n")

    @routes.before_request
    def admit() -> Response | None:
        """What needs no body is judged before one is read."""
        if request.method != "POST" or request.environ.get(ADMITTED):
            return None
        wait = clients.take(client_of(request.environ), time.monotonic())
        if wait:
            answer = plain("Too many requests from this address; come back later.\n", 429)
            answer.headers["Retry-After"] = str(math.ceil(wait))
            return answer
        return Response(status=204) if request.environ.get(JUDGED) else None

    @routes.post("/websub")
    def ask() -> Response:
        if request.mimetype != FORM:
            return plain(f"A request is a form ({FORM}).\n", 415)
        request.max_content_length = MAX_FORM
        try:
            form = parse_qsl(request.get_data().decode("utf-8"), keep_blank_values=True, max_num_fields=50)
        except ValueError:  # no UTF-8, or too many fields
            return plain("The form cannot be read.\n", 400)
        hub().ask(form)
        return plain("The callback is asked whether it means it.\n", 202)

    @routes.get("/websub")
    def about() -> Response:
        return plain(
            "This is the WebSub hub of the feeds of this site. Subscribe by POST "
            "(https://www.w3.org/TR/websub/); a topic is the rel=self address of a feed.\n",
            200,
        )

    return routes


def callback_blueprint(callbacks: Callable[[], Callbacks]) -> Blueprint:
    """The addresses under /websub/callback: GET confirms, POST brings contents (W3C WebSub 5.3, 7)."""
    routes = Blueprint("callbacks", __name__, url_prefix="/websub/callback")

    @routes.errorhandler(StoreError)
    def failed(error: StoreError) -> Response:
        return _later("Try again later.\n")

    @routes.before_request
    def admit() -> Response | None:
        """A body is read for a callback that we have given out."""
        if not request.environ.get(JUDGED):
            return None
        known = callbacks().knows((request.view_args or {}).get("name", ""))
        return Response(status=204) if known else _forgotten()

    @routes.get("/<name>")
    def confirm(name: str) -> Response:
        challenge = request.args.get("hub.challenge", "")
        lease = request.args.get("hub.lease_seconds", "")
        seconds = min(int(lease[:12]), MAX_LEASE) if lease.isascii() and lease.isdecimal() else 0
        mode = request.args.get("hub.mode", "")
        if len(challenge) > MAX_CHALLENGE or (mode == "subscribe" and seconds <= 0):
            return plain("This cannot be confirmed.\n", 400)
        topic = request.args.get("hub.topic", "")
        if not callbacks().confirm(name, mode=mode, topic=topic, lease_seconds=seconds):
            return plain("We did not ask for this.\n", 404)
        return plain(challenge, 200)  # plain text with nosniff: nothing in it is ever markup

    @routes.post("/<name>")
    def receive(name: str) -> Response:
        request.max_content_length = MAX_PUSH
        known = callbacks().receive(
            name,
            body=request.get_data(),
            media_type=request.mimetype,
            charset=request.mimetype_params.get("charset", ""),
            signature=request.headers.get("X-Hub-Signature", ""),
        )
        # 410 ends what we have forgotten; all else is 2xx, so that nobody can try signatures out
        return plain("", 202) if known else _forgotten()

    return routes


def _forgotten() -> Response:
    return plain("We do not follow this.\n", 410)


def _later(words: str) -> Response:
    answer = plain(words, 503)
    answer.headers["Retry-After"] = "30"
    return answer
