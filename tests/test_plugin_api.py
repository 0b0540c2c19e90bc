"""The plug-in API is a promise: its names, fields and signatures change only together with its version."""

from __future__ import annotations

import dataclasses
import inspect
from pathlib import Path

import pytest

from feedsvc import plugin_api
from feedsvc.plugin_api import API, Draft, Poll, Source

SIGNATURES = {
    "Batch": "drafts cursor more fetched ttl withdrawn_rows alive_rows notes",
    "Child": "url updated",
    "Doubt": "reason text",
    "Draft": (
        "url title guid row published updated doubt authors summary content image enclosures tags section "
        "language also state embargo episode origin confidence"
    ),
    "Enclosure": "url type length",
    "Episode": "duration number season kind explicit image title summary transcripts chapters",
    "FeedReading": "title entries language ttl skip hub topic notes",
    "Fetched": "url status body media_type charset etag last_modified at hints moved seconds length",
    "Image": "url width height type length caption credit thumbnail",
    "Job": "kind body url charset media_type language zone now select options",
    "Moment": "at precision label flags text",
    "Poll": (
        "url options cursor first own language zone now etag last_modified validators_url"
    ),
    "Request": (
        "url accept etag last_modified validators_url limit cut part seconds"
    ),
    "SitemapReading": "entries children notes",
    "Tools": "get read",
    "Transcript": "url type language captions",
}  # fmt: skip
OTHERS = {
    "API", "MAX_DRAFTS", "ArticleReading", "Code", "EpisodeKind", "FetchError", "Label", "Level",
    "PageReading",
    "PluginError", "Precision", "ReadError", "Reading", "Reason", "Source", "SourceError",
}  # fmt: skip


def test_it_has_these_names_and_no_others() -> None:
    assert API == 1
    assert set(plugin_api.__all__) == OTHERS | set(SIGNATURES)


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_its_values_have_these_fields(name: str) -> None:
    fields = dataclasses.fields(getattr(plugin_api, name))
    assert " ".join(field.name for field in fields) == SIGNATURES[name]


def test_its_methods_take_these_arguments() -> None:
    assert list(inspect.signature(Source.read).parameters) == ["self", "poll", "tools"]
    assert list(inspect.signature(Poll.request).parameters) == ["self", "url", "more"]
    assert {*inspect.get_annotations(Source)} == {"level", "follow"}
    assert list(inspect.signature(plugin_api.PluginError).parameters) == ["message"]


def test_every_field_of_a_draft_is_documented() -> None:
    text = (Path(__file__).parent.parent / "docs" / "plugins.md").read_text()
    assert [field.name for field in dataclasses.fields(Draft) if f"`{field.name}`" not in text] == []
