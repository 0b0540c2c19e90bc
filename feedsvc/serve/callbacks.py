"""Our callbacks at the hubs of upstream feeds: GET confirms, POST brings contents (W3C WebSub 5.3, 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from flask import Blueprint, Response, request

from feedsvc.errors import StoreError
from feedsvc.serve.plain import plain

MAX_BODY = 8 * 1024 * 1024  #: as of a feed that is fetched
MAX_CHALLENGE = 1000
MAX_LEASE = 366 * 86400


class Followed(Protocol):
    """What is behind them."""

    def confirm(self, name: str, *, mode: str, topic: str, lease_seconds: int) -> bool: ...
    def receive(self, name: str, *, body: bytes, media_type: str, charset: str, signature: str) -> bool: ...


def blueprint(followed: Callable[[], Followed]) -> Blueprint:
    """The addresses under /websub/callback. `followed` is made at the first request that needs it."""
    callbacks = Blueprint("callbacks", __name__, url_prefix="/websub/callback")

    @callbacks.errorhandler(StoreError)
    def failed(error: StoreError) -> Response:
        answer = plain("Try again later.\n", 503)
        answer.headers["Retry-After"] = "30"
        return answer

    @callbacks.get("/<name>")
    def confirm(name: str) -> Response:
        challenge = request.args.get("hub.challenge", "")
        lease = request.args.get("hub.lease_seconds", "")
        seconds = min(int(lease[:12]), MAX_LEASE) if lease.isascii() and lease.isdecimal() else 0
        mode = request.args.get("hub.mode", "")
        if len(challenge) > MAX_CHALLENGE or (mode == "subscribe" and seconds <= 0):
            return plain("This cannot be confirmed.\n", 400)
        topic = request.args.get("hub.topic", "")
        if not followed().confirm(name, mode=mode, topic=topic, lease_seconds=seconds):
            return plain("We did not ask for this.\n", 404)
        return plain(challenge, 200)  # plain text with nosniff: nothing in it is ever markup

    @callbacks.post("/<name>")
    def receive(name: str) -> Response:
        request.max_content_length = MAX_BODY
        known = followed().receive(
            name,
            body=request.get_data(),
            media_type=request.mimetype,
            charset=request.mimetype_params.get("charset", ""),
            signature=request.headers.get("X-Hub-Signature", ""),
        )
        # 410 ends what we have forgotten; all else is 2xx, so that nobody can try signatures out
        return plain("", 202) if known else plain("We do not follow this.\n", 410)

    return callbacks
