"""What is counted before a parser sees a page: rightly, and in a time that grows with the text alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import ReadError
from feedsvc.extract.bounds.html import Attributes, refuse_excess

PIECES = ["<a", "<b ", "<html ", "<", ">", "/", " ", "=", "'", '"', "x", 'c="', "d='", "-->", "\n", "é"]
_ONE = re.compile(r"[\s/]*[^\s/>][^\s/>=]*(?:\s*=\s*(?:\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z)|[^\s>\"'][^\s>]*)?)?")


def one_by_one(text: str) -> list[int]:
    """The attributes of every `<x`, each read from its own beginning (HTML 13.2.5.32 ff)."""
    numbers = []
    for tag in re.finditer(r"<[a-zA-Z][^\s/>]*", text):
        at, number = tag.end(), 0
        while found := _ONE.match(text, at):
            at, number = found.end(), number + 1
        numbers.append(number)
    return numbers


@given(st.lists(st.sampled_from([*PIECES, " e f=g h", " i j='k' l"]), max_size=50).map("".join))
def test_the_most_crowded_tag_is_found_wherever_it_hides(text: str) -> None:
    most = max(one_by_one(text), default=0)
    found = max(Attributes(text).crowded(16), default=0)
    assert found == most or (most <= 16 and found <= most)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), st.integers(50, 400))
def test_twice_the_text_is_at_most_twice_the_work(piece: str, times: int) -> None:
    once, twice = Attributes(f"<i {piece * times}"), Attributes(f"<i {piece * (2 * times)}")
    for attributes in (once, twice):
        list(attributes.crowded(16))
        attributes.shared()
    assert twice.read <= 2.5 * once.read + 100
    assert once.read <= 3 * len(piece) * times


@pytest.mark.parametrize(
    "text", ["<div " + "x " * 5_000, "<a x='" + "<b y=\"' " * 5_000, "<p>" + "<html a=1 b=2>" * 2_500]
)
def test_a_crowded_element_is_refused(text: str) -> None:
    with pytest.raises(ReadError):
        refuse_excess(text)


def test_what_begins_like_a_thousand_tags_and_is_one_is_read() -> None:
    refuse_excess("<a" * 20_000)
