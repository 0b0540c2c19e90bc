"""What `feedsvc run` holds in memory, process by process: at rest, and while sources are read.

    python bench/memory.py [sources] [seconds at rest]        (default: 10 sources, 60 seconds)

A newsroom of so many sources (lists of three articles each, served from this process) is collected once; then
nothing is due for an hour. PSS: what a process shares with others is divided among them, so the sum is what
the machine has less. The peak is the largest sum of PSS seen while the sources were collected.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.filled import story


class Newsroom(BaseHTTPRequestHandler):
    """`/` and a number is a list of three articles; `/read/` and a number one of them."""

    def do_GET(self) -> None:
        """Answer with a list or an article."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self._page().encode())

    def _page(self) -> str:
        number = int(self.path.rpartition("/")[2] or 0) if self.path != "/robots.txt" else 0
        if self.path.startswith("/read/"):
            one = story(number)
            stamp = f'<meta property="article:published_time" content="2026-01-02T03:{number % 60:02}:00Z">'
            return (
                f"<html><head>{stamp}</head><body><article><h1>{one.title}</h1>{one.content}</article></body>"
            )
        if not self.path.startswith("/list/"):
            return ""
        links = "".join(
            f'<li><h2><a href="/read/{n}">{story(n).title}</a></h2><p>{story(n).summary}</p></li>'
            for n in range(number * 3, number * 3 + 3)
        )
        return f"<html><body><main><h1>Rubrik {number}</h1><ul>{links}</ul></main></body></html>"

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def configured(folder: Path, sources: int, newsroom: str, port: int) -> Path:
    """A configuration with so many sections, each of one list."""
    text = f"""[site]
title = "Contoh"
url = "{newsroom}/"
[serve]
port = {port}
[fetch]
own = ["{newsroom.rpartition("/")[2]}"]
[store]
url = "sqlite:///{folder}/store.db"
"""
    for n in range(sources):
        text += f'[[section]]\nslug = "s{n}"\nsources = [{{ page = "{newsroom}/list/{n}", every = "1h" }}]\n'
    file = folder / "feedsvc.toml"
    file.write_text(text)
    return file


def family(parent: int) -> list[tuple[str, float]]:
    """(name, PSS in MB) of every process."""
    sizes = []
    for one in [psutil.Process(parent), *psutil.Process(parent).children(recursive=True)]:
        try:
            sizes.append((_name(one.cmdline()), one.memory_full_info().pss / 1e6))
        except psutil.Error:
            continue
    return sizes


def _name(command: list[str]) -> str:
    words = " ".join(command)
    for mark, name in (
        ("forkserver", "readers and their server"),
        ("resource_tracker", "resource tracker"),
        ("spawn_main", "web process"),
        ("supervise", "run"),
    ):
        if mark in words:
            return name
    return command[command.index("feedsvc") + 1] if "feedsvc" in command else words[-40:]


def main() -> None:
    """Measure and print."""
    sources = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    rest = float(sys.argv[2]) if len(sys.argv) > 2 else 60
    newsroom = ThreadingHTTPServer(("127.0.0.1", 0), Newsroom)
    threading.Thread(target=newsroom.serve_forever, daemon=True).start()
    folder, port = Path(tempfile.mkdtemp(prefix="feedsvc-bench-")), free_port()
    file = configured(folder, sources, f"http://127.0.0.1:{newsroom.server_port}", port)
    service = subprocess.Popen(
        [sys.executable, "-m", "feedsvc", "run", "--config", str(file)], stdout=subprocess.DEVNULL
    )
    try:
        peak, end = 0.0, time.monotonic() + 20 + sources / 2
        while time.monotonic() < end:
            peak = max(peak, sum(size for _, size in family(service.pid)))
            time.sleep(0.5)
        print(f"while {sources} sources were read: at most {peak:.0f} MB")
        time.sleep(rest)
        sizes = family(service.pid)
        for name, size in sizes:
            print(f"{size:8.1f} MB  {name}")
        total = sum(size for _, size in sizes)
        print(f"{total:8.1f} MB  at rest, {len(sizes)} processes; {os.cpu_count()} cores")
    finally:
        service.terminate()
        service.wait(20)
        newsroom.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
