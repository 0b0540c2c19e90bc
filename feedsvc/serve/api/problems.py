"""Errors of the API as problem documents (RFC 9457)."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from flask import Response

from feedsvc.errors import Code, FeedsvcError, StoreError
from feedsvc.serve.answers import PROBLEM

log = logging.getLogger(__name__)

_STATUS = {Code.UNKNOWN_ARTICLE: 404, Code.NOT_YOURS: 403, Code.OTHER_VERSION: 412}
_MORE = {
    401: ("WWW-Authenticate", 'Bearer realm="feedsvc"'),
    409: ("Retry-After", "1"),
    415: ("Accept-Encoding", "identity"),  # RFC 9110 12.5.3: no content coding is taken
    429: ("Retry-After", "5"),
    503: ("Retry-After", "5"),
}


class ProblemError(Exception):
    """Ends a request with a problem document."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more


def problem(status: int, detail: str, **more: Any) -> Response:
    """The answer that carries a problem document (RFC 9457 3)."""
    document = {"type": "about:blank", "title": _title(status), "status": status, "detail": detail, **more}
    answer = Response(json.dumps(document, ensure_ascii=False), status=status, content_type=PROBLEM)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if status in _MORE:
        answer.headers.set(*_MORE[status])
    return answer


def problem_of(error: FeedsvcError) -> Response:
    """The problem document of an error. What is wrong with the store is for the log, not for the client."""
    if isinstance(error, StoreError):
        log.log(error.level, "a request to the API was not answered: %s", error)
        words = "the store cannot be used now; try again with the same Idempotency-Key"
        return problem(503, words, code=error.code)
    return problem(_STATUS.get(error.code, 422), error.message, code=error.code)


def _title(status: int) -> str:
    return "Unprocessable Content" if status == 422 else HTTPStatus(status).phrase
