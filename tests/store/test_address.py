"""One address of a store for SQLAlchemy and for those who do without it."""

from __future__ import annotations

import pytest
from psycopg.conninfo import conninfo_to_dict

from feedsvc.store.address import libpq_address

TWO = "host=one.example:5432&host=two.example:5433"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        (
            "postgresql+psycopg://desk:p%40ss@db.example:5433/news",
            {"user": "desk", "password": "p@ss", "host": "db.example", "port": "5433", "dbname": "news"},
        ),
        (
            f"postgresql+psycopg://desk:p%40ss@/news?{TWO}&target_session_attrs=read-write",
            {
                "user": "desk",
                "password": "p@ss",
                "host": "one.example,two.example",
                "port": "5432,5433",
                "dbname": "news",
                "target_session_attrs": "read-write",
            },
        ),
        (
            "postgresql+psycopg://desk@/news?host=/var/run/postgresql",
            {"user": "desk", "host": "/var/run/postgresql", "dbname": "news"},
        ),
    ],
)
def test_libpq_understands_what_sqlalchemy_does(url: str, wanted: dict[str, str]) -> None:
    assert conninfo_to_dict(libpq_address(url)) == wanted
