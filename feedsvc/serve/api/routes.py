"""`/api/articles`: a newsroom's own system publishes, corrects and withdraws articles.

JSON in and out; errors are problem documents (RFC 9457); `Idempotency-Key` makes a repeated request harmless.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from flask import Blueprint, Response, g, request
from pydantic import ValidationError
from werkzeug.routing import BaseConverter

from feedsvc.errors import FeedsvcError
from feedsvc.limits import Buckets
from feedsvc.model import Expected, Newsroom, Submission, ninjs
from feedsvc.serve.api import from_ninjs
from feedsvc.serve.api.models import MAX_ID, PRINTABLE, ArticleIn
from feedsvc.serve.api.openapi import description
from feedsvc.serve.api.problems import ProblemError, problem, problem_of
from feedsvc.serve.clients import client_of
from feedsvc.serve.negotiation import MAX_HEADER, tags
from feedsvc.serve.request_bodies import JUDGED

MAX_BODY = 4 * 1024 * 1024
FAILURE_RATE, FAILURE_BURST = (
    1.0,
    30,
)  #: requests of a client without a token that is known: a second, at once
MAX_KEY = 200  #: characters of an Idempotency-Key


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

    def who(self, token: str) -> Newsroom | None: ...
    def publish(
        self,
        newsroom: Newsroom,
        submission: Submission,
        *,
        number: int | None = None,
        expected: Expected | None = None,
    ) -> Kept: ...
    def find_own(self, name: str, newsroom: Newsroom) -> int: ...
    def seek_own(self, name: str, newsroom: Newsroom) -> int | None: ...
    def withdraw(self, number: int, *, expected: Expected | None = None) -> bool: ...
    def describe(self, number: int, *, whole: bool = False) -> dict[str, Any]: ...
    def reserve(self, newsroom: str, key: str, digest: bytes) -> tuple[bytes, int, str] | None: ...
    def forget(self, newsroom: str, key: str) -> None: ...
    def remember(self, newsroom: str, key: str, digest: bytes, status: int, answer: str) -> None: ...


class Name(BaseConverter):
    """All that is left of the path: ids may begin, end and go on with slashes."""

    regex = ".+"
    part_isolating = False


def _register(state: Any) -> None:
    state.app.url_map.converters["name"] = Name
    state.app.url_map.merge_slashes = False  # else an id with two slashes is answered with a redirect


def blueprint(editorial: Callable[[], Editorial], base_url: str, sections: Sequence[str] = ()) -> Blueprint:
    """The addresses under /api. `editorial` is made at the first request that needs it.

    `sections` are the slugs that an article may name, for the description.
    """
    api = Blueprint("api", __name__, url_prefix="/api")

    api.record_once(_register)

    failures = Buckets(per_second=FAILURE_RATE, burst=FAILURE_BURST)

    @api.before_request
    def admit() -> Response | None:
        """The token is looked at before a body is read, and a client that guesses is slowed down."""
        if request.endpoint != "api.openapi":
            g.newsroom = _newsroom(editorial(), failures)
        return Response(status=204) if request.environ.get(JUDGED) else None

    @api.errorhandler(ProblemError)
    def refused(error: ProblemError) -> Response:
        return problem(error.status, error.detail, **error.more)

    @api.errorhandler(FeedsvcError)
    def failed(error: FeedsvcError) -> Response:
        return problem_of(error)

    @api.get("/openapi.json")
    def openapi() -> Response:
        return _json(200, description(base_url, sections))

    @api.post("/articles")
    def create() -> Response:
        kept, newsroom = editorial(), g.newsroom
        return _once(kept, newsroom, lambda: _publish(kept, newsroom, name=None))

    @api.put("/articles/<name:name>")
    def replace(name: str) -> Response:
        kept, newsroom = editorial(), g.newsroom
        return _once(kept, newsroom, lambda: _publish(kept, newsroom, name=name))

    @api.get("/articles/<name:name>")
    def show(name: str) -> Response:
        return _show(editorial(), name)

    @api.delete("/articles/<name:name>")
    def withdraw(name: str) -> Response:
        return _once(editorial(), g.newsroom, lambda: _withdraw(editorial(), name))

    return api


def _show(editorial: Editorial, name: str) -> Response:
    found = editorial.describe(editorial.find_own(name, g.newsroom), whole=True)
    if found["state"] in _GONE:
        raise ProblemError(410, _GONE[found["state"]], id=found["id"])
    if _expected().allows(found["version"]):
        return _json(200, found)
    if "If-Match" in request.headers:
        raise ProblemError(412, "the article is not as the request expects it")
    return _not_modified(found["version"])


_GONE = {"withdrawn": "the article was withdrawn", "retired": "the article is past its retention"}


def _newsroom(editorial: Editorial, failures: Buckets) -> Newsroom:
    """Whose token the request has. Raises ProblemError where it has none that is known."""
    token = bearer(request.headers.get("Authorization", ""))
    newsroom = editorial.who(token) if token else None
    if newsroom is not None:
        return newsroom
    if failures.take(client_of(request.environ), time.monotonic()):
        raise ProblemError(429, "too many requests without a token that is known")
    raise ProblemError(401, "send Authorization: Bearer TOKEN with a token of `feedsvc token`")


def bearer(authorization: str) -> str:
    """The token of an Authorization header (RFC 6750 2.1); "": there is none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _expected() -> Expected:
    """The preconditions of the request; no precondition allows everything."""
    return Expected(match=_versions("If-Match"), none_match=_versions("If-None-Match"))


def _versions(header: str) -> frozenset[str] | None:
    given = request.headers.get(header)
    if given is None:
        return None
    if given.strip() == "*":
        return frozenset()
    if header == "If-Match":  # RFC 9110 13.1.1: compared strongly
        given = re.sub(r'W/"[^"]*"', "", given[:MAX_HEADER])
    return frozenset(tags(given[:MAX_HEADER])) or frozenset({""})  # what cannot be read names no version


def _once(
    editorial: Editorial, newsroom: Newsroom, work: Callable[[], tuple[int, dict[str, Any]]]
) -> Response:
    """Do the work; or, where the same request came before under its key, give the same answer again."""
    key = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not key:
        return _json(*work())
    if len(key) > MAX_KEY or not re.fullmatch(PRINTABLE, key):
        raise ProblemError(
            400, f"an Idempotency-Key has at most {MAX_KEY} characters, and no control characters"
        )
    body = request.get_data(cache=True)
    asked = request.full_path.rstrip("?")  # as it was kept before there were parameters
    digest = hashlib.sha256(b"\0".join((request.method.encode(), asked.encode(), body))).digest()
    before = editorial.reserve(newsroom.name, key, digest)
    if before is not None:
        if before[0] != digest:
            raise ProblemError(422, "this Idempotency-Key was used for another request")
        if not before[1]:
            raise ProblemError(409, "the same request is being worked on; ask again in a second")
        return _json(before[1], json.loads(before[2]))
    try:
        status, answer = work()
    except BaseException:
        editorial.forget(newsroom.name, key)  # a problem is told anew: it may be another one next time
        raise
    editorial.remember(newsroom.name, key, digest, status, json.dumps(answer))
    return _json(status, answer)


def _publish(editorial: Editorial, newsroom: Newsroom, *, name: str | None) -> tuple[int, dict[str, Any]]:
    submission = _read()
    number = None
    if name is not None:
        number = editorial.seek_own(name, newsroom)
        known = editorial.describe(number) if number is not None else None
        submission = _addressed(submission, name, known)
    kept = editorial.publish(newsroom, submission, number=number, expected=_expected())
    return (201 if kept.new else 200), editorial.describe(kept.number)


def _withdraw(editorial: Editorial, name: str) -> tuple[int, dict[str, Any]]:
    number = editorial.find_own(name, g.newsroom)
    editorial.withdraw(number, expected=_expected())
    return 200, editorial.describe(number)


def _addressed(submission: Submission, name: str, known: dict[str, Any] | None) -> Submission:
    """A PUT names its article by the address: what the body leaves out comes from there."""
    names = {"", name} if known is None else {"", name, known["id"], known["own_id"]}
    if submission.id not in names:
        raise ProblemError(422, "the id in the body is not the one of the address")
    if known is None:
        if len(name) > MAX_ID or not re.fullmatch(PRINTABLE, name):
            raise ProblemError(
                422, f"an id has at most {MAX_ID} characters, in UTF-8, and no control characters"
            )
        return replace(submission, id=name)
    if known["own_id"]:
        return replace(submission, id=known["own_id"])
    return replace(submission, id="", url=submission.url or known["url"])


def _read() -> Submission:
    if (request.content_length or 0) > MAX_BODY:
        raise ProblemError(413, f"an article has at most {MAX_BODY:,} bytes")
    if request.mimetype not in ("application/json", ninjs.MEDIA_TYPE):
        raise ProblemError(415, f"send application/json or {ninjs.MEDIA_TYPE}")
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise ProblemError(415, "send the body without a content coding (no Content-Encoding)")
    body = request.get_data(cache=True)
    if len(body) > MAX_BODY:
        raise ProblemError(413, f"an article has at most {MAX_BODY:,} bytes")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(422, "the body is not UTF-8 (RFC 8259 8.1)") from error
    try:
        body = body.removeprefix(b"\xef\xbb\xbf")
        if request.mimetype == ninjs.MEDIA_TYPE:
            submission = from_ninjs.article(body, request.args.getlist("section")).submitted()
        else:
            submission = ArticleIn.model_validate_json(body).submitted()
            chosen = request.args.getlist("section")
            submission = replace(submission, sections=tuple(chosen) or submission.sections)
    except ValidationError as error:
        found = [
            {"pointer": "".join(f"/{_escaped(part)}" for part in one["loc"]), "detail": one["msg"]}
            for one in error.errors(include_url=False, include_input=False)
        ]
        raise ProblemError(422, f"{len(found)} problems in the article", errors=found) from error
    if not submission.id and not submission.url and request.method == "POST":
        raise ProblemError(422, "an article needs an id or a url, to be known again")
    return submission


def _escaped(part: str | int) -> str:
    """A step of a JSON pointer (RFC 6901 3)."""
    return str(part).replace("~", "~0").replace("/", "~1")


def _json(status: int, document: dict[str, Any]) -> Response:
    answer = Response(json.dumps(document, ensure_ascii=False), status=status)
    answer.content_type = "application/json"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if document.get("version"):
        answer.headers["ETag"] = f'"{document["version"]}"'
    if status == 201:
        answer.headers["Location"] = document["self"]
    return answer


def _not_modified(version: str) -> Response:
    answer = Response(status=304)
    answer.headers["ETag"] = f'"{version}"'
    answer.headers["Cache-Control"] = "no-store"
    del answer.headers["Content-Type"]
    return answer
