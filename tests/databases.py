"""Real database servers for tests: each with its own data folder, a free port, no root, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs, if it is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


class Postgres:
    """One server for a test session."""

    def __init__(self, folder: Path) -> None:
        self._bin = folder
        self._home = Path(tempfile.mkdtemp(prefix="feedsvc-pg-"))
        self._user = "nobody" if os.geteuid() == 0 else None  # initdb refuses root
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(self._home, account.pw_uid, account.pw_gid)
        data = self._home / "data"
        self._run("initdb", "-D", str(data), "-A", "trust", "-U", "feedsvc", "--no-sync", "-E", "UTF8")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self._data = data
        with (data / "postgresql.conf").open("a") as settings:
            settings.write("listen_addresses = '127.0.0.1'\n")
        self.start()
        self._count = 0

    def start(self) -> None:
        """Start it, on the port that it has had."""
        self._process = subprocess.Popen(
            [
                *(
                    str(self._bin / "postgres"),
                    "-D",
                    str(self._data),
                    "-p",
                    str(self.port),
                    "-k",
                    str(self._home),
                ),
                *("-c", "fsync=off", "-c", "max_connections=200"),
            ],
            user=self._user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._home,
        )
        self._run("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), "-t", "20", retry=100)

    def admit(self, address: str, network: str) -> None:
        """Listen at another address, too, for who comes from `network`."""
        with (self._data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {network} trust\n")
        here = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "feedsvc", "-d", "postgres")
        self._run("psql", *here, "-c", f"ALTER SYSTEM SET listen_addresses = '127.0.0.1,{address}'")
        self.stop()
        self.start()

    def standby(self) -> Postgres:
        """A second server that has, from now on, everything that is committed here."""
        other = Postgres.__new__(Postgres)
        other._bin, other._user, other._count = self._bin, self._user, 0
        other._home = Path(tempfile.mkdtemp(prefix="feedsvc-pg-"))
        if other._user:
            account = pwd.getpwnam(other._user)
            os.chown(other._home, account.pw_uid, account.pw_gid)
        other._data = other._home / "data"
        here = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "feedsvc")
        self._run("pg_basebackup", *here, "-D", str(other._data), "-R", "-X", "stream", "-c", "fast", "-N")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            other.port = probe.getsockname()[1]
        other.start()
        for statement in ("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"):
            self._run("psql", *here, "-d", "postgres", "-c", statement)
        return other

    def promote(self) -> None:
        """Make a standby the server that is written to."""
        self._run("pg_ctl", "-D", str(self._data), "promote", "-w")

    def kill(self) -> None:
        """End all of its processes without a word, as a machine that loses its power does."""
        server = psutil.Process(self._process.pid)
        for one in (*server.children(recursive=True), server):
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self._process.wait(60)

    def stop(self) -> None:
        """End it at once; what was committed stays."""
        self._process.send_signal(signal.SIGINT)  # SIGTERM would wait for whoever is still connected
        self._process.wait(60)

    def _run(self, program: str, *arguments: str, retry: int = 1) -> None:
        for left in range(retry - 1, -1, -1):
            done = subprocess.run(
                [str(self._bin / program), *arguments],
                user=self._user,
                capture_output=True,
                cwd=self._home,
                check=left == 0,
            )
            if done.returncode == 0:
                return

    def new(self) -> str:
        """The address of a new, empty database."""
        self._count += 1
        name = f"test{self._count}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "feedsvc", name)
        return f"postgresql+psycopg://feedsvc@127.0.0.1:{self.port}/{name}"

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)


def mariadb_programs() -> tuple[str, str] | None:
    """MariaDB's server and the program that makes its data folder, if they are installed."""
    server = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
    install = shutil.which("mariadb-install-db")
    return (server, install) if server and install else None


class MariaDB:
    """One server for a test."""

    def __init__(self, programs: tuple[str, str]) -> None:
        server, install = programs
        self._home = Path(tempfile.mkdtemp(prefix="feedsvc-maria-"))
        user = "nobody" if os.geteuid() == 0 else None
        if user:
            account = pwd.getpwnam(user)
            os.chown(self._home, account.pw_uid, account.pw_gid)
        data = self._home / "data"
        common = ["--no-defaults", f"--datadir={data}"]
        subprocess.run(
            [install, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
            user=user,
            capture_output=True,
            cwd=self._home,
            check=True,
        )
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [
                *(server, *common, f"--port={self.port}", f"--socket={self._home}/socket"),
                *("--bind-address=127.0.0.1", f"--pid-file={self._home}/pid", "--skip-log-bin"),
            ],
            user=user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._home,
        )

    def new(self) -> str:
        """The address of a new, empty database; waits until the server answers."""
        engine = create_engine(f"mysql+pymysql://root@127.0.0.1:{self.port}/")
        deadline = time.monotonic() + 60
        while True:
            try:
                with engine.begin() as connection:
                    connection.execute(text("CREATE DATABASE cms CHARACTER SET utf8mb4"))
                break
            except OperationalError:
                assert time.monotonic() < deadline, "MariaDB did not start"
                time.sleep(0.1)
        engine.dispose()
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/cms?charset=utf8mb4"

    def close(self) -> None:
        self._process.kill()  # its orderly end takes ten seconds, and its data goes with it
        self._process.wait(30)
        shutil.rmtree(self._home, ignore_errors=True)
