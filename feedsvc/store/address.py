"""The address of a store, for those who do not go through SQLAlchemy."""

from __future__ import annotations

from urllib.parse import unquote


def sqlite_file(url: str) -> str:
    """The file of an SQLite store, as SQLAlchemy reads its address; "" for another database.

    Everything between `:///` and `?` is the path: `#` stands for itself, `%3F` for a question mark.
    """
    scheme, _, rest = url.partition(":///")
    return unquote(rest.partition("?")[0]) if scheme.startswith("sqlite") else ""
