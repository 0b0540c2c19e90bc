"""An item of ninjs as the article that the API takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import orjson

from feedsvc.model import Image, ninjs
from feedsvc.serve.api.models import ArticleIn
from feedsvc.serve.api.problems import ProblemError


def article(body: bytes, sections: Sequence[str]) -> ArticleIn:
    """What an item says; `sections` win over those that it names.

    Raises ProblemError where it is none, or not to be published; pydantic's ValidationError.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ProblemError(422, f"the body is not valid JSON: {error}") from error
    if not ninjs.is_ninjs(value):
        raise ProblemError(422, "the body is no item of ninjs: it has no `uri`, or nothing to read")
    item = ninjs.item(value)
    if not item.usable:
        raise ProblemError(422, "its pubStatus forbids publication; to take an article back, send DELETE")
    values: dict[str, Any] = {
        "id": item.uri,
        "url": item.url or None,
        "title": item.title,
        "content": item.content,
        "summary": item.summary,
        "authors": item.authors,
        "sections": list(sections or item.sections),
        "tags": item.tags,
        "image": _picture(item.image) if item.image else None,
        "enclosures": [asdict(one) for one in item.enclosures],
        "published": item.published or None,
        "updated": item.updated if item.updated != item.published else None,
        "language": item.language,
    }
    return ArticleIn.model_validate_json(
        orjson.dumps({name: one for name, one in values.items() if one is not None})
    )


def _picture(image: Image) -> dict[str, Any]:
    values = asdict(image)
    del values["thumbnail"]
    return values if image.type.startswith("image/") else values | {"type": ""}
