"""The address of a store, for those who do not go through SQLAlchemy."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlencode, urlsplit


def sqlite_file(url: str) -> str:
    """The file of an SQLite store, as SQLAlchemy reads its address; "" for another database.

    Everything between `:///` and `?` is the path: `#` stands for itself, `%3F` for a question mark.
    """
    scheme, _, rest = url.partition(":///")
    return unquote(rest.partition("?")[0]) if scheme.startswith("sqlite") else ""


def libpq_address(url: str) -> str:
    """The address of a PostgreSQL store as libpq reads it, from the one that SQLAlchemy reads.

    Several servers, of which the one that can be written is meant, are named in the query there
    (`?host=one:5432&host=two:5432&target_session_attrs=read-write`) and before the name of the database here
    (https://www.postgresql.org/docs/current/libpq-connect.html, "Specifying Multiple Hosts").
    """
    parts = urlsplit(url.replace("+psycopg", "", 1))
    query = parse_qsl(parts.query, keep_blank_values=True)
    hosts = [value for name, value in query if name == "host"]
    if not any(":" in host for host in hosts):
        return parts.geturl()
    user, at, _ = parts.netloc.rpartition("@")
    rest = urlencode([(name, value) for name, value in query if name != "host"])
    return parts._replace(netloc=f"{user}{at}{','.join(hosts)}", query=rest).geturl()
