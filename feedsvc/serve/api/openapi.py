"""`/api/openapi.json`: the API of articles, described for machines (OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from feedsvc import __version__
from feedsvc.model import ninjs
from feedsvc.serve.answers import PROBLEM
from feedsvc.serve.api.models import MAX_ID, PRINTABLE, ArticleIn

_ABOUT = """A newsroom's own system publishes, corrects and withdraws articles.

JSON in and out; errors are problem documents (RFC 9457); `Idempotency-Key` makes a repeated request harmless.
"""


def description(base_url: str, sections: Sequence[str] = ()) -> dict[str, Any]:
    """The API as an OpenAPI 3.1 document. `sections`: slugs that an article may name, former ones too."""
    schema = ArticleIn.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = schema.pop("$defs", {})
    if sections:
        schema["properties"]["sections"]["items"] = slug = {"type": "string", "enum": list(sections)}
    else:
        slug = {"type": "string"}
    name = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "description": "The public id, the newsroom's own id, or the article's address, percent-encoded.",
    }
    new_name = name | {"schema": _NEW_ID}
    once = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": 200, "pattern": PRINTABLE},
        "description": "A repeated request with the same key gets the same answer for 24 hours.",
    }
    versions = [
        {
            "name": header,
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": words,
        }
        for header, words in (
            ("If-Match", "`*`, or the ETag that the article must still have."),
            ("If-None-Match", "`*`: only if there is no such article yet."),
        )
    ]
    chosen = {
        "name": "section",
        "in": "query",
        "schema": {"type": "array", "items": slug},
        "description": "Slugs of sections; they win over those of the body, and over the subjects of ninjs.",
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "feedsvc", "version": __version__, "description": _ABOUT},
        "servers": [{"url": base_url}],
        "security": [{"token": []}],
        "paths": {
            "/api/articles": {
                "post": {
                    "operationId": "publish",
                    "summary": "Publish an article, or what is new about it",
                    "parameters": [once, chosen, *versions],
                    "requestBody": _body("NewArticle"),
                    "responses": _responses(
                        201, 200, 400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 429, 503
                    ),
                }
            },
            "/api/articles/{id}": {
                "parameters": [name],
                "get": {
                    "operationId": "show",
                    "summary": "An article as it is kept",
                    "parameters": versions,
                    "responses": {**_responses(200, 401, 404, 410, 412, 429, 503), "304": _UNCHANGED},
                },
                "put": {
                    "operationId": "correct",
                    "summary": "Publish or correct an article",
                    "parameters": [new_name, once, chosen, *versions],
                    "requestBody": _body("ArticleIn"),
                    "responses": _responses(
                        201, 200, 400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 429, 503
                    ),
                },
                "delete": {
                    "operationId": "withdraw",
                    "summary": "Withdraw an article",
                    "parameters": [once, *versions],
                    "responses": _responses(200, 400, 401, 404, 409, 412, 422, 429, 503),
                },
            },
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                **parts,
                "ArticleIn": schema,
                "NewArticle": {"allOf": [{"$ref": _REF.format("ArticleIn")}, _NAMED]},
                "Item": _ITEM,
                "Article": _ARTICLE,
                "Problem": _PROBLEM,
            },
        },
    }


def _body(article: str) -> dict[str, Any]:
    schemas = (("application/json", article), (ninjs.MEDIA_TYPE, "Item"))
    content = {kind: {"schema": {"$ref": _REF.format(schema)}} for kind, schema in schemas}
    return {"required": True, "content": content}


_NEW_ID = {
    "type": "string",
    "minLength": 1,
    "pattern": PRINTABLE,
    "anyOf": [{"maxLength": MAX_ID}, {"pattern": "^https?://"}],
}
_UNCHANGED = {"description": "It is as If-None-Match says"}
_REF = "#/components/schemas/{}"
_ARTICLE = {
    "type": "object",
    "required": ["id", "own_id", "self", "state", "title", "url", "sections", "version"],
    "properties": {
        "id": {"type": "string", "description": "The public id, the same in every feed."},
        "own_id": {"type": "string", "description": "The newsroom's own id; empty if there is none."},
        "self": {"type": "string", "format": "uri"},
        "state": {"enum": ["waiting", "live", "withdrawn", "hidden", "merged", "retired"]},
        "url": {"type": "string"},
        "title": {"type": "string"},
        "published": {"type": ["string", "null"], "format": "date-time"},
        "updated": {"type": ["string", "null"], "format": "date-time"},
        "sections": {"type": "array", "items": {"type": "string"}},
        "version": {"type": "string", "description": "The ETag without its quotes."},
        "content": {"type": "string", "description": "With what follows, in the answer to GET only."},
        "summary": {"type": "string"},
        "authors": {"type": "array", "items": {"type": "string"}},
        "tags": {"type": "array", "items": {"type": "string"}},
        "image": {"type": ["object", "null"]},
        "enclosures": {"type": "array", "items": {"type": "object"}},
        "language": {"type": "string"},
    },
}
#: A POST has no address that names its article, so the body does.
_NAMED = {
    "anyOf": [
        {"required": [name], "properties": {name: {"type": "string", "minLength": 1}}}
        for name in ("id", "own_id", "url")
    ]
}
_WORDS = {"type": "string", "pattern": r"\S"}
#: Whichever version of ninjs an item is of: something that only ninjs has, and a headline.
_ITEM = {
    "type": "object",
    "description": "An item of IPTC's ninjs 1, 2 or 3. What is of another type than there counts as missing.",
    "required": ["uri"],
    "properties": {
        "uri": {"type": "string", "minLength": 1, "maxLength": MAX_ID, "pattern": PRINTABLE},
        "pubStatus": {"enum": ["usable"]},
        "pubstatus": {"enum": ["usable"]},
        "headline": _WORDS,
        "headlines": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["value"], "properties": {"value": _WORDS}},
        },
    },
    "allOf": [
        {"anyOf": [{"required": [name]} for name in ("headlines", "headline")]},
        {
            "anyOf": [
                {"required": [name]}
                for name in (
                    *("headlines", "bodies", "body_html", "body_text"),
                    *("versionCreated", "versioncreated", "standard"),
                )
            ]
        },
    ],
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def _responses(*statuses: int) -> dict[str, Any]:
    words = {200: "As it is kept now", 201: "It is new", 401: "No token, or none that is known"}
    found: dict[str, Any] = {}
    for status in statuses:
        kind, schema = ("application/json", "Article") if status < 300 else (PROBLEM, "Problem")
        found[str(status)] = {
            "description": words.get(status, "A problem"),
            "content": {kind: {"schema": {"$ref": _REF.format(schema)}}},
        }
    return found
