"""Slugs of tags and reporters come from the name alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from feedsvc.store.articles.search_index import fold_name, slugify, slugs_of
from feedsvc.store.engine import Database
from feedsvc.store.schema import facet_name

SPELLINGS = [
    ("Siân O’Neill", "sian o'neill", "SIAN O NEILL"),
    ("Anne-Marie Roth", "Anne‐Marie Roth", "anne marie  roth"),
    ("T. S. Lim", "T.S. Lim", "T S Lim"),
    ("Élection", "election", "E\u0301lection"),
]
NAMES = [
    "C",
    "C++",
    "C#",
    ".NET",
    "Net",
    "AC/DC",
    "AC DC",
    "R&B",
    "R B",
    "日本",
    "日本 news",
    "news",
    "!!!",
    "???",
]


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_spellings_of_one_name_are_one(spellings: tuple[str, ...]) -> None:
    assert len({fold_name(one) for one in spellings}) == 1
    assert len({slugify(one) for one in spellings}) == 1


def test_different_names_have_different_slugs_and_plain_ones_are_plain() -> None:
    assert len({slugify(name) for name in NAMES}) == len(NAMES)
    assert [slugify(name) for name in ("C", "AC DC", "news", "Anne-Marie Roth")] == [
        "c",
        "ac-dc",
        "news",
        "anne-marie-roth",
    ]


def test_no_name_can_be_made_that_has_the_slug_of_another() -> None:
    assert slugify(slugify("C++")) != slugify("C++")
    assert slugify(slugify("日本")) != slugify("日本")
    assert len(slugify("a" * 300)) == 64


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_slug_says_which_name_it_is(one: str, other: str) -> None:
    assert (slugify(one) == slugify(other)) == (fold_name(one) == fold_name(other))
    assert re.fullmatch(r"[a-z0-9-]{1,64}" if fold_name(one) else "", slugify(one))


def test_slugs_do_not_depend_on_who_came_first(database: Database) -> None:
    names = [("tag", name) for name in (*NAMES, *SPELLINGS[0])]
    with database.write() as connection:
        forwards = {name: slugs_of(connection, [name])[name] for name in names}
        assert slugs_of(connection, names) == forwards
        connection.execute(delete(facet_name))
        backwards = {name: slugs_of(connection, [name])[name] for name in reversed(names)}
        assert backwards == forwards
        rows = connection.execute(select(facet_name.c.slug)).scalars().all()
        assert sorted(rows) == sorted(set(forwards.values()))
