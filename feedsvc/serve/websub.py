"""The door of the WebSub hub: POST /websub. Requests are noted; the worker asks whether they are meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request

from feedsvc.errors import Code, HubError, StoreError
from feedsvc.serve.plain import plain

MAX_FORM = 16 * 1024
FORM = "application/x-www-form-urlencoded"


class Door(Protocol):
    """What is behind it."""

    def ask(self, form: Sequence[tuple[str, str]]) -> None: ...


def blueprint(door: Callable[[], Door]) -> Blueprint:
    """The address /websub. `door` is made at the first request that needs it."""
    hub = Blueprint("websub", __name__)

    @hub.errorhandler(HubError)
    def refused(error: HubError) -> Response:
        return plain(f"{error.message}\n", 429 if error.code is Code.TOO_MANY_SUBSCRIPTIONS else 400)

    @hub.errorhandler(StoreError)
    def failed(error: StoreError) -> Response:
        answer = plain("The hub cannot take requests now.\n", 503)
        answer.headers["Retry-After"] = "30"
        return answer

    @hub.post("/websub")
    def ask() -> Response:
        if request.mimetype != FORM:
            return plain(f"A request is a form ({FORM}).\n", 415)
        request.max_content_length = MAX_FORM
        try:
            form = parse_qsl(request.get_data().decode("utf-8"), keep_blank_values=True, max_num_fields=50)
        except ValueError:  # no UTF-8, or too many fields
            return plain("The form cannot be read.\n", 400)
        door().ask(form)
        return plain("The callback is asked whether it means it.\n", 202)

    @hub.get("/websub")
    def about() -> Response:
        return plain(
            "This is the WebSub hub of the feeds of this site. Subscribe by POST "
            "(https://www.w3.org/TR/websub/); a topic is the rel=self address of a feed.\n",
            200,
        )

    return hub
