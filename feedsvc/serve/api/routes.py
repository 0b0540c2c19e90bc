"""`/api/articles`: a newsroom's own system publishes, corrects and withdraws articles.

JSON in and out; errors are problem documents (RFC 9457); `Idempotency-Key` makes a repeated request harmless.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from flask import Blueprint, Response, request
from pydantic import ValidationError

from feedsvc.errors import Code, EditorialError, FeedsvcError, StoreError
from feedsvc.serve.api.models import MAX_ID, PRINTABLE, ArticleIn
from feedsvc.serve.api.openapi import PROBLEM, description

MAX_BODY = 4 * 1024 * 1024


class Kept(Protocol):
    """An article, as far as the API tells about it."""

    @property
    def number(self) -> int: ...
    @property
    def new(self) -> bool: ...
    @property
    def changed(self) -> bool: ...


class Editorial(Protocol):
    """What the API asks for; see feedsvc.editorial."""

    def who(self, token: str) -> str | None: ...
    def publish(self, newsroom: str, values: Mapping[str, Any]) -> Kept: ...
    def find(self, name: str, newsroom: str) -> int: ...
    def withdraw(self, number: int) -> bool: ...
    def tell(self, number: int) -> dict[str, Any]: ...
    def reserve(self, newsroom: str, key: str, digest: bytes) -> tuple[bytes, int, str] | None: ...
    def forget(self, newsroom: str, key: str) -> None: ...
    def remember(self, newsroom: str, key: str, digest: bytes, status: int, answer: str) -> None: ...


class _ProblemError(Exception):
    """Ends a request with a problem document."""

    def __init__(self, status: int, title: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


def blueprint(editorial: Callable[[], Editorial], base_url: str) -> Blueprint:
    """The addresses under /api. `editorial` is made at the first request that needs it."""
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.errorhandler(_ProblemError)
    def problem(error: _ProblemError) -> Response:
        return problem_of(error.document)

    @api.errorhandler(FeedsvcError)
    def failed(error: FeedsvcError) -> Response:
        status, title = _STATUS.get(error.code, (422, "Unprocessable Content"))
        if isinstance(error, StoreError):
            status, title = 503, "Service Unavailable"
        return problem_of(
            {
                "type": "about:blank",
                "title": title,
                "status": status,
                "detail": error.message,
                "code": error.code,
            }
        )

    @api.get("/openapi.json")
    def openapi() -> Response:
        return _json(200, description(base_url))

    @api.post("/articles")
    def create() -> Response:
        newsroom = _who(editorial())
        return _once(editorial(), newsroom, lambda: _publish(editorial(), newsroom, name=None))

    @api.put("/articles/<path:name>")
    def replace(name: str) -> Response:
        newsroom = _who(editorial())
        return _once(editorial(), newsroom, lambda: _publish(editorial(), newsroom, name=name))

    @api.get("/articles/<path:name>")
    def show(name: str) -> Response:
        found = editorial()
        kept = found.tell(found.find(name, _who(found)))
        if kept["state"] in _GONE:
            raise _ProblemError(410, "Gone", _GONE[kept["state"]], id=kept["id"])
        return _json(200, kept)

    @api.delete("/articles/<path:name>")
    def withdraw(name: str) -> Response:
        found = editorial()
        newsroom = _who(found)

        def work() -> tuple[int, dict[str, Any]]:
            number = found.find(name, newsroom)
            found.withdraw(number)
            return 200, found.tell(number)

        return _once(found, newsroom, work)

    return api


_GONE = {"withdrawn": "the article was withdrawn", "retired": "the article is past its retention"}
_STATUS = {
    Code.UNKNOWN_ARTICLE: (404, "Not Found"),
    Code.UNKNOWN_SECTION: (422, "Unprocessable Content"),
    Code.BAD_VALUE: (422, "Unprocessable Content"),
}


def _who(editorial: Editorial) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    newsroom = editorial.who(token.strip()) if scheme.lower() == "bearer" and token else None
    if newsroom is None:
        raise _ProblemError(
            401, "Unauthorized", "send Authorization: Bearer TOKEN with a token of `feedsvc token`"
        )
    return newsroom


def _once(editorial: Editorial, newsroom: str, work: Callable[[], tuple[int, dict[str, Any]]]) -> Response:
    """Do the work; or, where the same request came before under its key, give the same answer again."""
    key = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not key:
        return _json(*work())
    if len(key) > 200:
        raise _ProblemError(400, "Bad Request", "an Idempotency-Key has at most 200 characters")
    body = request.get_data(cache=True)
    digest = hashlib.sha256(b"\0".join((request.method.encode(), request.path.encode(), body))).digest()
    before = editorial.reserve(newsroom, key, digest)
    if before is not None:
        if before[0] != digest:
            raise _ProblemError(
                422, "Unprocessable Content", "this Idempotency-Key was used for another request"
            )
        if not before[1]:
            raise _ProblemError(409, "Conflict", "the same request is being worked on; ask again in a second")
        return _json(before[1], json.loads(before[2]))
    try:
        status, answer = work()
    except BaseException:
        editorial.forget(newsroom, key)  # a problem is told anew: it may be another one next time
        raise
    editorial.remember(newsroom, key, digest, status, json.dumps(answer))
    return _json(status, answer)


def _publish(editorial: Editorial, newsroom: str, *, name: str | None) -> tuple[int, dict[str, Any]]:
    values = _read()
    if name is not None:
        number = None
        try:
            number = editorial.find(name, newsroom)
        except EditorialError as error:
            if error.code is not Code.UNKNOWN_ARTICLE:
                raise
        values = _addressed(values, name, editorial.tell(number) if number is not None else None)
    kept = editorial.publish(newsroom, values)
    told = editorial.tell(kept.number)
    return (201 if kept.new else 200), told


def _addressed(values: dict[str, Any], name: str, known: dict[str, Any] | None) -> dict[str, Any]:
    """A PUT names its article by the address: what the body leaves out comes from there."""
    if known is None:
        if values["id"] not in ("", name):
            raise _ProblemError(
                422, "Unprocessable Content", "the id in the body is not the one of the address"
            )
        if len(name) > MAX_ID or not re.match(PRINTABLE, name):
            raise _ProblemError(
                422,
                "Unprocessable Content",
                f"an id has at most {MAX_ID} characters, and no control characters",
            )
        return values | {"id": name}
    own = known["own_id"]
    if own and values["id"] not in ("", own):
        raise _ProblemError(422, "Unprocessable Content", "the id in the body is not the one of the address")
    if own:
        return values | {"id": own}
    return values | {"url": values["url"] or known["url"]}


def _read() -> dict[str, Any]:
    if (request.content_length or 0) > MAX_BODY:
        raise _ProblemError(413, "Content Too Large", f"an article has at most {MAX_BODY:,} bytes")
    if request.mimetype != "application/json":
        raise _ProblemError(415, "Unsupported Media Type", "send application/json")
    body = request.get_data(cache=True)
    if len(body) > MAX_BODY:
        raise _ProblemError(413, "Content Too Large", f"an article has at most {MAX_BODY:,} bytes")
    try:
        values = ArticleIn.model_validate_json(body).model_dump()
    except ValidationError as error:
        found = [
            {"pointer": "/" + "/".join(str(part) for part in one["loc"]), "detail": one["msg"]}
            for one in error.errors(include_url=False, include_input=False)
        ]
        raise _ProblemError(
            422, "Unprocessable Content", f"{len(found)} problems in the article", errors=found
        ) from error
    if not values["id"] and not values["url"] and request.method == "POST":
        raise _ProblemError(
            422, "Unprocessable Content", "an article needs an id or a url, to be known again"
        )
    return values


def _json(status: int, document: dict[str, Any]) -> Response:
    answer = Response(json.dumps(document, ensure_ascii=False), status=status)
    answer.content_type = "application/json"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if status == 201:
        answer.headers["Location"] = document["self"]
    return answer


def problem_of(document: dict[str, Any]) -> Response:
    """The answer that carries a problem document (RFC 9457 3)."""
    answer = Response(
        json.dumps(document, ensure_ascii=False), status=document["status"], content_type=PROBLEM
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if document["status"] == 409:
        answer.headers["Retry-After"] = "1"
    if document["status"] == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="feedsvc"'
    return answer
