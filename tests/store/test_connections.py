"""Connections to PostgreSQL: who goes without a word holds up nobody for long."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from feedsvc.store.address import connect, libpq_address
from feedsvc.store.articles.lists import sync_lists, take_turn
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from tests.databases import Postgres

HOLD = """
import os, signal, sys
from feedsvc.store.articles.lists import take_turn
from feedsvc.store.engine import Database
with Database(sys.argv[1]).write() as connection:
    take_turn(connection)
    os.kill(os.getpid(), signal.SIGSTOP)
"""
SETTINGS = ("tcp_user_timeout", "tcp_keepalives_idle", "idle_in_transaction_session_timeout")


def test_a_worker_that_is_stopped_with_its_turn_holds_up_nobody_for_ever(postgres: Postgres) -> None:
    """As a machine that freezes in the middle of a transaction: the server ends what it began."""
    store = postgres.new()
    impatient = f"{store}?options=-c%20idle_in_transaction_session_timeout%3D500ms"
    database = Database(store)
    migrate(database)
    database.transact(lambda found: sync_lists(found, [], datetime(2025, 12, 18, tzinfo=UTC)))
    stopped = subprocess.Popen([sys.executable, "-c", HOLD, impatient])
    try:
        _, status = os.waitpid(stopped.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        with database.write() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '60s'"))
            take_turn(connection)
    finally:
        os.kill(stopped.pid, signal.SIGKILL)
        stopped.wait()
        database.close()


@pytest.mark.parametrize("way", ["sqlalchemy", "alone"])
def test_both_sides_of_a_connection_give_up_on_who_is_silent(postgres: Postgres, way: str) -> None:
    url = postgres.new()
    names = [f"current_setting('{name}')" for name in SETTINGS]
    asked = f"SELECT {', '.join(names)}"
    if way == "alone":
        with closing(connect(libpq_address(url))) as connection:
            _assert_impatient(connection.fileno())
            told = connection.execute(asked).fetchone()
    else:
        database = Database(url)
        with database.read() as through:
            _assert_impatient(through.connection.driver_connection.fileno())  # type: ignore[union-attr]
            told = through.execute(text(asked)).one()
        database.close()
    assert tuple(told) in [("30s", "20", "2min"), ("30000", "20", "2min")]  # by version


def _assert_impatient(descriptor: int) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as ours:
        assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 20


def test_what_the_address_says_itself_holds(postgres: Postgres) -> None:
    url = f"{postgres.new()}?tcp_user_timeout=7000&options=-c%20tcp_user_timeout%3D9000"
    with closing(connect(libpq_address(url))) as connection:
        with socket.socket(fileno=os.dup(connection.fileno())) as ours:
            assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 7000
        told = connection.execute("SELECT current_setting('tcp_user_timeout')").fetchone()
    assert told in [("9000",), ("9s",)]
