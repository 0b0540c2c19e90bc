"""Short answers as text, for what is neither a feed nor a page."""

from __future__ import annotations

from flask import Response


def plain(text: str, status: int) -> Response:
    """`text` with its status, never kept by a cache."""
    answer = Response(text, status=status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
