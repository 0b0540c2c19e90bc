"""ninjs: feeds of it follow IPTC's schema, and items of every version are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.cli.main import main
from feedsvc.extract.records.file import read
from feedsvc.model import Episode, Image, ninjs
from feedsvc.plugin_api import Job
from tests.asking import ask
from tests.kinds import examples
from tests.takers.room import BASE, NOW, Room, ask_built
from tests.takers.test_podcast import FILE, tell

# The rules of ninjs 3.0 to 3.3 for what we write, as its schema has them: only `uri` is required, of an
# association `name` too, and no object has a property that the schema does not name.
_URI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$"}
_DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
_LINE = {"type": "string"}


def _objects(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "array",
        "items": {
            "type": "object",
            "required": required,
            "additionalProperties": False,
            "properties": properties,
        },
    }


_TEXTS = _objects(["value"], role=_LINE, contentType=_LINE, value=_LINE)
_PROPERTIES: dict[str, Any] = {
    "uri": _URI,
    "standard": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"name": _LINE, "version": _LINE, "schema": _URI},
    },
    "type": {"enum": "text audio video picture graphic composite component event planning".split()},
    "representationType": {"enum": ["full", "partial"]},
    "pubStatus": {"enum": ["usable", "withheld", "canceled"]},
    "firstCreated": _DATE,
    "versionCreated": _DATE,
    "language": _LINE,
    "title": _LINE,
    "by": _LINE,
    "copyrightNotice": _LINE,
    "usageTerms": _LINE,
    "headlines": _TEXTS,
    "descriptions": _TEXTS,
    "bodies": _TEXTS,
    "infoSources": _objects([], name=_LINE, role=_LINE),
    "subjects": _objects([], name=_LINE, rel=_LINE, literal=_LINE, uri=_URI),
    "altIds": _objects([], role=_LINE, value=_LINE),
    "rightsInfo": {
        "type": "object",
        "additionalProperties": False,
        "required": ["linkedRights"],
        "properties": {"linkedRights": _URI},
    },
    "renditions": _objects(
        ["name"],
        name=_LINE,
        href=_URI,
        contentType=_LINE,
        width={"type": "integer"},
        height={"type": "integer"},
        sizeInBytes={"type": "integer"},
        duration={"type": "number"},
    ),
    "associations": {
        "type": "array",
        "items": {"$ref": "#/$defs/association"},
    },
}
SCHEMA = {
    "type": "object",
    "required": ["uri"],
    "additionalProperties": False,
    "properties": _PROPERTIES,
    "$defs": {
        "association": {
            "type": "object",
            "required": ["uri", "name"],
            "additionalProperties": False,
            "properties": _PROPERTIES | {"name": _LINE, "rel": _LINE},
        }
    },
}
TAKERS = """
[[taker]]
slug = "kawat"
tracking = "utm_source=kawat"
[[taker]]
slug = "anggota"
access = "token"
content = "summary"
[[taker]]
slug = "mitra"
access = "basic"
[rights]
statement = "Tanya kami."
licence = "https://news.example/licence"
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("ninjs"), TAKERS, articles=8, section="podcast = true")
    tell(made, 8, Episode(duration=61), enclosures=FILE)
    made.publish()
    yield made
    made.close()


def parsed(body: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(body)
    jsonschema.validate(value, SCHEMA)
    return value


def test_a_section_as_ninjs(room: Room) -> None:
    front = room.front()
    answer = ask_built(front, "/feeds/s0.ninjs")
    assert answer.headers["Content-Type"] == "application/ninjs+json"
    feed = parsed(answer.body)
    first = feed["associations"][0]
    beside = json.loads(ask(front, "/feeds/s0.json").body)
    assert [one["uri"] for one in feed["associations"]] == [one["id"] for one in beside["items"]]
    assert first["headlines"][0]["value"] == beside["items"][0]["title"]
    assert first["bodies"][0]["value"] == beside["items"][0]["content_html"]
    assert {one["rel"] for one in first["subjects"]} == {"section", "tag"}
    picture, sound = first["associations"]
    assert (picture["type"], picture["renditions"][0]["width"]) == ("picture", 1200)
    assert (sound["type"], sound["renditions"][0]["duration"]) == ("audio", 61)
    assert first["usageTerms"] == "Tanya kami."
    # it is the same until something is published
    again = ask_built(front, "/feeds/s0.ninjs", if_none_match=answer.headers["ETag"])
    assert again.status == 304
    assert ask_built(front, "/feeds/nirwana.ninjs").status == 404


def test_its_variants(room: Room) -> None:
    front = room.front()
    short = parsed(ask_built(front, "/feeds/s0.ninjs?limit=1&content=summary").body)
    (only,) = short["associations"]
    assert "bodies" not in only
    assert only["representationType"] == "partial"


def test_a_former_slug_leads_on(tmp_path: Path) -> None:
    made = Room(tmp_path, "", articles=4, section='was = ["lama"]')
    made.publish()
    moved = ask_built(made.front(), "/feeds/lama.ninjs?limit=2")
    assert (moved.status, moved.headers["Location"]) == (301, f"{BASE}/feeds/s0.ninjs?limit=2")
    made.close()


def test_takers_get_what_is_theirs(room: Room) -> None:
    front = room.front()
    wire = parsed(ask_built(front, "/feeds/for/kawat.ninjs").body)
    assert wire["associations"][0]["renditions"][0]["href"].endswith("?utm_source=kawat")
    refused = ask_built(front, "/feeds/for/mitra.ninjs")
    assert refused.status == 401
    words = ["member", "add", "ani", "--feed", "anggota", "--config", str(room.config)]
    address = CliRunner().invoke(main, words).output.split()[0].removeprefix(BASE)
    own = ask_built(front, address.replace(".rss", ".ninjs"))
    assert own.headers["Cache-Control"].startswith("private")
    assert "bodies" not in parsed(own.body)["associations"][0]
    assert ask_built(front, "/feeds/for/anggota.ninjs").status == 404


ONE = {
    "uri": "https://wire.example/1",
    "standard": {"name": "ninjs", "version": "3.3"},
    "type": "text",
    "pubStatus": "usable",
    "firstCreated": "2026-01-02T08:00:00+07:00",
    "versionCreated": "2026-01-02T09:00:00+07:00",
    "language": "id",
    "headlines": [{"role": "short", "value": "Feri"}, {"role": "main", "value": "Feri baru tiba"}],
    "descriptions": [{"role": "summary", "value": "Kapal itu datang."}],
    "bodies": [
        {"contentType": "text/plain", "value": "polos"},
        {"contentType": "text/html", "value": "<p>Kapal <b>itu</b>.</p>"},
    ],
    "infoSources": [{"name": "Hani", "role": "author"}, {"name": "Wire", "role": "provider"}],
    "subjects": [{"name": "Politik", "rel": "section", "literal": "politik"}, {"name": "feri"}],
    "renditions": [{"name": "web", "href": "https://wire.example/1.html", "contentType": "text/html"}],
    "associations": [
        {
            "name": "p",
            "uri": "https://wire.example/p",
            "type": "picture",
            "by": "Rian",
            "descriptions": [{"role": "caption", "value": "Kapal"}],
            "renditions": [
                {"name": "s", "href": "https://wire.example/s.jpg", "width": 100},
                {
                    "name": "l",
                    "href": "https://wire.example/l.jpg",
                    "width": 900,
                    "height": 600,
                    "contentType": "image/jpeg",
                },
            ],
        },
        {
            "name": "a",
            "uri": "https://wire.example/a",
            "type": "audio",
            "renditions": [{"name": "o", "href": "https://wire.example/a.mp3", "sizeInBytes": 5}],
        },
    ],
}
#: The same as versions 1 and 2 write it.
OLD = {
    "uri": "https://wire.example/1",
    "type": "text",
    "firstcreated": "2026-01-02T08:00:00+07:00",
    "versioncreated": "2026-01-02T09:00:00+07:00",
    "language": "id",
    "headline": "Feri baru tiba",
    "description_text": "Kapal itu datang.",
    "body_html": "<p>Kapal <b>itu</b>.</p>",
    "byline": "By Hani",
    "subject": [{"name": "Politik", "rel": "section", "literal": "politik"}, {"name": "feri"}],
    "renditions": {"web": {"href": "https://wire.example/1.html", "contenttype": "text/html"}},
    "associations": {
        "featured": {
            "uri": "https://wire.example/p",
            "type": "picture",
            "byline": "Rian",
            "description_text": "Kapal",
            "renditions": {
                "l": {
                    "href": "https://wire.example/l.jpg",
                    "width": 900,
                    "height": 600,
                    "contenttype": "image/jpeg",
                }
            },
        },
        "sound": {
            "uri": "https://wire.example/a",
            "type": "audio",
            "renditions": {"o": {"href": "https://wire.example/a.mp3", "sizeinbytes": 5}},
        },
    },
}


@pytest.mark.parametrize("given", [ONE, OLD])
def test_every_version_says_the_same(given: dict[str, Any]) -> None:
    assert ninjs.is_ninjs(given)
    (found,) = ninjs.items(given)
    assert (found.uri, found.url) == ("https://wire.example/1", "https://wire.example/1.html")
    assert (found.title, found.summary) == ("Feri baru tiba", "Kapal itu datang.")
    assert found.content == "<p>Kapal <b>itu</b>.</p>"
    assert (found.authors, found.sections, found.tags) == (("Hani",), ("politik",), ("feri",))
    assert found.image == Image(
        url="https://wire.example/l.jpg",
        type="image/jpeg",
        width=900,
        height=600,
        caption="Kapal",
        credit="Rian",
    )
    assert [(one.url, one.length) for one in found.enclosures] == [("https://wire.example/a.mp3", 5)]
    assert found.published == "2026-01-02T08:00:00+07:00"


def test_plain_text_becomes_paragraphs_and_embargo_is_the_date() -> None:
    found = ninjs.item(
        {
            "uri": "urn:x:1",
            "body_text": "Satu <dua>\n\ntiga",
            "embargoedUntil": "2026-02-01T00:00:00Z",
            "firstCreated": "2026-01-01T00:00:00Z",
            "pubStatus": "withheld",
        }
    )
    assert found.content == "<p>Satu &lt;dua&gt;</p><p>tiga</p>"
    assert (found.published, found.usable, found.url) == ("2026-02-01T00:00:00Z", False, "")


@pytest.mark.parametrize(
    ("says", "usable"),
    [
        ({}, True),
        ({"pubStatus": "usable"}, True),
        ({"pubstatus": "Usable"}, True),
        ({"pubStatus": None, "embargoed": None}, True),
        ({"pubStatus": "Withheld"}, False),
        ({"pubStatus": "cancelled"}, False),
        ({"pubStatus": ["withheld"]}, False),
        ({"embargoedUntil": "2026-02-01T00:00:00Z"}, True),
        ({"embargoedUntil": "tomorrow at eight"}, False),
        ({"embargoedUntil": 1767225600}, False),
        ({"embargoed": {"until": "2099-01-01T00:00:00Z"}}, False),
    ],
)
def test_what_is_not_understood_is_not_published(says: dict[str, object], usable: bool) -> None:
    assert ninjs.item({"uri": "urn:x:1", "headline": "Satu", **says}).usable is usable


def test_what_holds_a_composite_item_back_holds_its_parts_back() -> None:
    part = {"uri": "urn:x:1", "type": "text", "headline": "Satu", "pubStatus": "usable"}
    whole = {"uri": "urn:x:0", "type": "composite", "associations": [part]}
    (one,) = ninjs.items(whole | {"pubStatus": "withheld", "embargoedUntil": "2026-02-01T00:00:00Z"})
    assert (one.uri, one.usable, one.published) == ("urn:x:1", False, "2026-02-01T00:00:00Z")
    (one,) = ninjs.items(whole)
    assert one.usable


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "uri type headlines value bodies renditions href associations subjects rel name by "
                "infoSources role standard versioncreated".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@examples(200)
@given(_JSON)
def test_no_json_is_too_strange(value: Any) -> None:
    if isinstance(value, dict):
        for found in ninjs.items(value):
            assert isinstance(found.title, str)
        assert ninjs.is_ninjs(value) in (True, False)


def drafts(name: str, value: Any) -> Any:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    job = Job(kind="file", body=body, url=name, now=NOW, options={"base": "https://news.example/"})
    return read(job).entries


@pytest.mark.parametrize("name", ["feri.ninjs", "feri.json"])
def test_a_file_of_ninjs(name: str) -> None:
    (draft,) = drafts(name, ONE)
    assert (draft.title, draft.url) == ("Feri baru tiba", "https://wire.example/1.html")
    assert (draft.authors, draft.tags) == (("Hani",), ("feri",))
    image = draft.image
    assert (image.url, image.width, image.credit) == ("https://wire.example/l.jpg", 900, "Rian")
    assert [one.url for one in draft.enclosures] == ["https://wire.example/a.mp3"]
    assert draft.published is not None
    assert draft.state == "published"
    (gone,) = drafts(name, ONE | {"pubStatus": "canceled"})
    assert gone.state == "withdrawn"


def test_a_feed_of_ours_laid_into_a_folder(room: Room) -> None:
    feed = ask_built(room.front(), "/feeds/s0.ninjs").body
    found = drafts("s0.ninjs", feed)
    items = json.loads(feed)["associations"]
    assert [one.title for one in found] == [one["title"] for one in items]
    assert [one.guid for one in found] == [one["uri"] for one in items]
    assert len({one.row for one in found}) == len(items)
