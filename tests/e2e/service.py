"""`feedsvc run` as real processes, with a demo newsroom; started and ended as an operator does it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import requests

from feedsvc.run.life import PIPE
from tests.conftest import until

CONFIG = """
[site]
title = "Kabar Merawan"
url = "http://127.0.0.1:{demo}/"
language = "id"
timezone = "Asia/Jakarta"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
port = {port}
[fetch]
own = ["127.0.0.1:{demo}"]
[store]
url = "sqlite:///{folder}/store.db"
[demo]
run = true
port = {demo}
[[section]]
slug = "politik"
sources = [{{ page = "http://127.0.0.1:{demo}/politik", every = "2s" }}]
[[section]]
slug = "english"
language = "en"
sources = [{{ feed = "http://127.0.0.1:{demo}/en/feed.xml", every = "2s" }}]
[[box]]
slug = "populer"
title = "Populer"
ranked = true
sources = [{{ page = "http://127.0.0.1:{demo}/", box = "Populer", every = "2s" }}]
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class Service:
    """One configuration; `start` and the ways to end it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.demo = free_port(), free_port()
        self.file = folder / "feedsvc.toml"
        self.file.write_text(CONFIG.format(folder=folder, port=self.port, demo=self.demo))
        self.log = folder / "log"
        self.environment: dict[str, str] = {}  #: more than the tests' own
        self.before: list[str] = []  #: a command that ends by becoming the one that follows it
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, command: str = "run", *, signs: int | None = None) -> None:
        """Start a command of feedsvc with this configuration; `signs`: a pipe for signs of life."""
        given = {} if signs is None else {PIPE: str(signs)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.before, sys.executable, "-m", "feedsvc", command, "--config", str(self.file)],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONWARNINGS": "default", **self.environment, **given},
                pass_fds=[] if signs is None else [signs],
                start_new_session=True,
            )

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself."""
        return subprocess.run(
            [sys.executable, "-m", "feedsvc", *arguments, "--config", str(self.file)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(
            f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=10, allow_redirects=False
        )

    def serving(self, path: str = "/feeds/latest.json") -> bool:
        try:
            return self.get(path).status_code == 200
        except requests.RequestException:
            return False

    def wait(self, path: str = "/feeds/latest.json") -> None:
        until(lambda: self.serving(path), 60)

    def items(self, slug: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.get(f"/feeds/{slug}.json").content)["items"]
        return found

    def terminate(self, seconds: float = 10) -> int:
        """SIGTERM, as an operator's service manager sends it; returns the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(seconds)

    def kill(self) -> None:
        """kill -9 of the process that the operator knows; its children must not outlive it.

        When it returns nobody answers any more: whoever asks then asks what is started next.
        """
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        until(lambda: not self.listening(), 30)

    def family(self, command: str = "") -> list[psutil.Process]:
        """The living processes of the service; with `command`, those that have this word in theirs."""
        assert self.process is not None
        return [
            one for one in psutil.Process(self.process.pid).children(recursive=True) if _has(one, command)
        ]

    def listening(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()


def _has(process: psutil.Process, command: str) -> bool:
    try:
        words = process.cmdline()
        return process.status() != psutil.STATUS_ZOMBIE and (not command or command in words)
    except psutil.NoSuchProcess:  # it ended while it was asked
        return False
