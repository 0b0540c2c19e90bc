"""The address of a store, for those who do not go through SQLAlchemy, and how PostgreSQL is connected to."""

from __future__ import annotations

from typing import Any
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


#: A machine or network that goes without a word leaves connections that wait for hours. So our side gives up
#: on what is not acknowledged for half a minute (the names are libpq's),
_PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "2",
    "tcp_user_timeout": "30000",
}
#: and the server on us (its own settings): what a worker holds that was lost or stopped in the middle of a
#: transaction, all others wait for. Two minutes are the lease of a unit. They are set after connecting:
#: PgBouncer refuses to be told them before (its `ignore_startup_parameters`).
_OF_THE_SERVER = {
    "tcp_keepalives_idle": "20",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "30000",
    "idle_in_transaction_session_timeout": "120s",
}


def libpq_patience(url: str) -> dict[str, Any]:
    """What is told libpq besides the address of a PostgreSQL store; what the address says itself holds."""
    query = _query(url)
    return {name: value for name, value in _PATIENCE.items() if name not in query}


def server_patience(url: str) -> str:
    """What is told the server first on each connection; what `options` in the address say holds."""
    told = _query(url).get("options", "")
    return "; ".join(f"SET {name} = '{value}'" for name, value in _OF_THE_SERVER.items() if name not in told)


def connect(address: str) -> Any:
    """A connection to PostgreSQL without SQLAlchemy, each statement a transaction; raises psycopg.Error.

    `address` as libpq reads it.
    """
    import psycopg  # an extra: only where the store is PostgreSQL

    connection = psycopg.connect(address, autocommit=True, **libpq_patience(address))
    if first := server_patience(address):
        connection.execute(first)
    return connection


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
