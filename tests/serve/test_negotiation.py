"""HTTP rules over header values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.serve.negotiation import CODINGS, codings, http_date, matches, not_modified

AT = datetime(2025, 12, 18, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "first"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd;q=1.0, br;q=0.9", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.000", "identity"),
        ("gzip;q=1.0,deflate;q=0.6,identity;q=0.3", "gzip"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity;q=0", "identity"),
        ("gzip;q=0, *;q=1", "br"),
        ("br;q=0, *", "gzip"),
        ("zstd", "identity"),
        ("gzipped", "identity"),
        ("x-gzip-really", "identity"),
        ("deflate", "identity"),
        ("gzip;q=x", "identity"),
        ("gzip ; q = 0.5 , br ; q=0.4", "gzip"),
        ("gzip;level=9;q=0.1", "gzip"),
        (",,gzip,,", "gzip"),
        ("gzip" * 5000, "identity"),
    ],
)
def test_codings(header: str | None, first: str) -> None:
    assert codings(header)[0] == first


@given(st.text(max_size=60))
def test_codings_are_always_ours_and_never_none(header: str) -> None:
    found = codings(header)
    assert found
    assert set(found) <= set(CODINGS)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"abc.gzip"', True),
        ('W/"abc.gzip"', True),
        ('"x", "abc.gzip"', True),
        ('"x" ,  W/"abc.gzip" , "y"', True),
        ('"a,b", "abc.gzip"', True),
        ("*", True),
        (" * ", True),
        ('"abc.gzip-gzip"', True),
        ('"abc.gzip;gzip"', True),
        ('"abc.br"', False),
        ('"abc"', False),
        ("abc.gzip", False),
        ('"ABC.gzip"', False),
        ('"xabc.gzip"', False),
        ('"*"', True),
        ("", False),
        ('"unclosed', False),
        (", , ,", False),
    ],
)
def test_if_none_match(header: str, expected: bool) -> None:
    assert matches(header, "abc.gzip") is (expected and header != '"*"')


def test_ten_thousand_tags_are_read_in_bounded_time_and_the_first_ones_count() -> None:
    many = ", ".join(f'"{n}"' for n in range(10_000))
    assert not matches(many, "abc")
    assert matches('"abc", ' + many, "abc")
    assert not matches("\\" * 100_000 + '"' * 100_000, "abc")


@given(
    st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"'), max_size=40)
)
def test_a_client_that_echoes_a_tag_has_it(tag: str) -> None:
    assert matches(f'"{tag}"', tag)
    assert matches(f'W/"{tag}"', tag)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (http_date(AT), True),
        (http_date(AT + timedelta(hours=1)), True),
        (http_date(AT - timedelta(seconds=1)), False),
        ("Thursday, 18-Dec-25 12:00:05 GMT", True),
        ("Thu Dec 18 12:00:05 2025", True),
        ("yesterday", False),
        ("", False),
        ("9" * 1000, False),
        ("Thu, 18 Dec 99999999999 12:00:05 GMT", False),
        ("Thu, 18 Dec 2025 12:00:05 -99999999999999", False),
        ("Fri, 31 Dec 9999 23:59:59 -2300", True),
    ],
)
def test_if_modified_since(since: str, expected: bool) -> None:
    assert not_modified("t", AT, if_none_match=None, if_modified_since=since) is expected


def test_a_tag_decides_alone() -> None:
    assert not not_modified("t", AT, if_none_match='"other"', if_modified_since=http_date(AT))
    assert not_modified("t", AT, if_none_match='"t"', if_modified_since="Thu, 01 Jan 1970 00:00:00 GMT")


def test_dates_are_written_as_http_wants_them() -> None:
    assert http_date(AT) == "Thu, 18 Dec 2025 12:00:05 GMT"
