"""Another list on the same page is told from the same list with other news."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from feedsvc.curate.resemblance import Trace, is_another
from feedsvc.model import FoundList, Headline


def trace(urls: Sequence[str], select: str = "main li.card", heading: str = "") -> Trace:
    items = tuple(Headline(url=f"https://news.example{url}", title=url) for url in urls)
    return Trace.of(FoundList(role="main", heading=heading, items=items, select=select))


POLITICS = trace([f"/politik/read/{n}" for n in range(10)])
SIDEBAR = trace(
    [f"/{kind}/read/{n}" for n, kind in enumerate(["dunia", "hukum", "olahraga"] * 2)], "aside li"
)


def test_the_sidebar_of_an_empty_page_is_another_list() -> None:
    assert is_another(POLITICS, SIDEBAR)


def test_a_busy_hour_a_redesign_and_a_mixed_page_are_none() -> None:
    all_new = trace([f"/politik/read/{n}" for n in range(100, 110)])
    assert not is_another(POLITICS, all_new)  # the same construction
    redesigned = trace([f"/politik/read/{n}" for n in range(5, 15)], "div.grid > article")
    assert not is_another(POLITICS, redesigned)  # some of the same articles
    both = trace([f"/politik/read/{n}" for n in range(200, 210)], "div.grid > article")
    assert not is_another(POLITICS, both)  # the same section


def test_addresses_that_name_no_section_say_nothing() -> None:
    dated = trace([f"/2025/12/18/{n}" for n in range(8)])
    assert dated.section == ""
    assert is_another(dated, trace([f"/2025/12/18/{n}" for n in range(50, 58)], "aside li"))


def test_what_is_too_short_to_tell_is_believed() -> None:
    assert not is_another(POLITICS, trace(["/dunia/1", "/hukum/2"], "aside li"))


def test_lists_of_markup_without_classes_are_told_by_their_sections() -> None:
    plain = trace([f"/politik/{n}" for n in range(9)], select="")
    assert is_another(plain, trace([f"/opini/{n}" for n in range(9)], select=""))
    assert is_another(POLITICS, trace([f"/opini/{n}" for n in range(9)], select=""))
    assert not is_another(plain, trace([f"/politik/{n}" for n in range(50, 59)], select=""))
    assert not is_another(plain, trace([f"/2025/12/18/{n}" for n in range(9)], select=""))


@given(st.lists(st.text(alphabet="abc/123", min_size=1, max_size=12), max_size=80), st.text(max_size=20))
def test_a_list_is_never_another_than_itself(paths: list[str], select: str) -> None:
    one = trace([f"/{path}" for path in paths], select)
    assert not is_another(one, one)
    assert Trace.load(one.dump()) == one
