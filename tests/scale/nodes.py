"""Machines of one installation on PostgreSQL: a worker and web nodes, each with its own folder for state."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests

from tests.brokers import free_ports
from tests.conftest import until

CONFIG = """
[site]
title = "Nodes"
url = "https://news.example/"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
base_url = "https://feeds.example"
workers = 1
[store]
url = "{store}"
[[section]]
slug = "politik"
size = 500
sources = []
"""


class Nodes:
    """`feedsvc work` and so many `feedsvc serve`."""

    before: Sequence[str] = ()  #: what each process is started by, e.g. on another machine

    def __init__(self, folder: Path, store: str, *, web: int) -> None:
        self.folder = folder
        self.file = folder / "feedsvc.toml"
        self.file.write_text(CONFIG.format(store=store))
        self.ports = free_ports(web)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._token = ""
        try:
            self._begin()
        except BaseException:
            self.stop()
            raise

    def _begin(self) -> None:
        self._processes.append(self._start("worker", "work"))
        until(self._has_token, 120, self.log)
        self._processes += [self._start(f"web{port}", "serve", PORT=str(port)) for port in self.ports]
        for port in self.ports:
            until(lambda port=port: self.answers(port), 120, self.log)  # type: ignore[misc]

    def answers(self, port: int) -> bool:
        """Whether a node serves."""
        return self.ask("GET", f"http://127.0.0.1:{port}/feeds/politik.json")[0] == 200

    def get(self, port: int, path: str = "/feeds/politik.json") -> requests.Response:
        return requests.get(f"http://127.0.0.1:{port}{path}", timeout=10)

    def text(self, port: int, path: str = "/feeds/politik.json") -> str:
        """A document; "" where there was no answer."""
        return self.ask("GET", f"http://127.0.0.1:{port}{path}")[1]

    def ask(self, method: str, url: str, **more: Any) -> tuple[int, str]:
        """Status and body of the answer to a request; status 0 where there was none."""
        try:
            answer = requests.request(method, url, timeout=10, **more)
        except requests.RequestException:
            return 0, ""
        return answer.status_code, answer.text

    def post(self, port: int, number: int) -> bool:
        """Publish an article through a node; whether it was acknowledged."""
        article: dict[str, Any] = {
            "id": f"a{number}",
            "url": f"https://news.example/politik/{number}",
            "title": f"Report {number}",
            "sections": ["politik"],
        }
        headers = {"Authorization": f"Bearer {self._token}"}
        url = f"http://127.0.0.1:{port}/api/articles"
        return self.ask("POST", url, json=article, headers=headers)[0] in (200, 201)

    def log(self) -> str:
        """What the processes said."""
        return (self.folder / "log").read_text(errors="replace")

    def stop(self) -> None:
        """End everything."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)

    def _start(self, name: str, command: str, **env: str) -> subprocess.Popen[bytes]:
        state = self.folder / name
        state.mkdir()
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*self.before, sys.executable, "-m", "feedsvc", command, "--config", str(self.file)],
                env={**os.environ, "STATE_DIRECTORY": str(state), **env},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _has_token(self) -> bool:
        """Make the token, once the worker has made the store."""
        with (self.folder / "log").open("ab") as log:
            done = subprocess.run(
                [
                    *(*self.before, sys.executable, "-m", "feedsvc", "token", "add", self.folder.name),
                    *("--config", str(self.file)),
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                timeout=120,
                check=False,
            )
        self._token = done.stdout.strip()
        return done.returncode == 0
