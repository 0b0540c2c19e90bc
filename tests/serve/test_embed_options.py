"""The options of embeds: every spelling has one name, bad values are refused; and who may load what."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.serve.embeds import LOOK, look_of, wanted_page
from feedsvc.serve.on_demand import BadOptionError
from feedsvc.serve.policy import policy_of
from tests.serve.test_front import row


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {}),
        ("count=10&theme=auto&images=0&time=1", {}),
        ("utm_source=x&Count=3", {}),
        ("count=007", {"count": "7"}),
        ("images=YES&time=off", {"images": "1", "time": "0"}),
        ("accent=%23C39", {"accent": "cc3399"}),
        ("accent=A3201C&theme=dark", {"accent": "a3201c", "theme": "dark"}),
    ],
)
def test_one_name_for_every_spelling(query: str, found: dict[str, str]) -> None:
    assert look_of(query) == found


@pytest.mark.parametrize(
    "query",
    [
        *("count=0", "count=31", "count=", "count=1e1", "count=²", "theme=pink", "images=2", "time="),
        *("accent=red", "accent=%23", "accent=a3201c;x", "accent=1234567"),
    ],
)
def test_a_bad_value_is_named(query: str) -> None:
    with pytest.raises(BadOptionError, match=query.partition("=")[0]):
        look_of(query)


@given(st.dictionaries(st.sampled_from((*LOOK, "x")), st.text(max_size=12), max_size=5))
def test_what_is_taken_is_safe_in_a_page_and_stays_as_it_is(given: dict[str, str]) -> None:
    try:
        found = look_of(urlencode(given))
    except BadOptionError:
        return
    assert all(value.isascii() and value.isalnum() for value in found.values())
    assert look_of(urlencode(found)) == found


@pytest.mark.parametrize("path", ["/embed/", "/embed/Politik", "/embed/politik/", "/embed/a/b"])
def test_no_other_address_is_an_embed(path: str) -> None:
    assert wanted_page(path, "", lambda path: row(path)) is None


def test_who_may_show_what_in_a_frame() -> None:
    assert policy_of("/", ["*"]).endswith("frame-ancestors 'none'")
    assert policy_of("/embed", ["*"]).endswith("frame-ancestors 'none'")
    assert policy_of("/embed/politik", ["*"]).endswith("frame-ancestors *")
    some = policy_of("/embed/politik", ["https://*.news.example", "https://other.example:8443"])
    assert some.endswith("frame-ancestors 'self' https://*.news.example https://other.example:8443")
    assert policy_of("/embed/politik", ["'none'"]).endswith("frame-ancestors 'self'")
    for path in ("/", "/embed/politik"):
        assert "unsafe" not in policy_of(path, ["*"])
