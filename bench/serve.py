"""Feeds served by feedsvc beside nginx serving the same bytes as static files, on the same cores.

    python bench/serve.py [ROUNDS] [SECONDS]         (default: 7 rounds of bursts of 1 s)

All servers are up at once; each round takes them in a shuffled order, a burst of wrk each (1 thread, 32
connections), so that whatever else the machine does falls on all alike. A ratio is the median of the rounds'
ratios to nginx; `nginx itself` is the same nginx once more: how far from 1 it is, and how wide, is the noise.
CPU a request is of the server's processes alone, and the steadier figure. Needs nginx and wrk.
"""

from __future__ import annotations

import gzip
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from feedsvc.store.web.generation import GenerationFile
from feedsvc.wiring.process import state_path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.filled import Filled

FEED = "/feeds/s0.rss"
LIMITED = "/feeds/s0.rss?limit=10"


@dataclass(frozen=True)
class Case:
    """One kind of request, and where each server has it."""

    name: str
    ours: str
    static: str
    gzip: bool = True
    conditional: bool = False


CASES = (
    Case("200 plain", FEED, "/feed.rss", gzip=False),
    Case("200 gzip", FEED, "/feed.rss"),
    Case("304", FEED, "/feed.rss", conditional=True),
    Case("limit=10", LIMITED, "/limited.rss"),
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def get(url: str, **headers: str) -> tuple[int, bytes, str]:
    """(status, body, tag) of one request."""
    request = urllib.request.Request(
        url, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers.get("ETag", "")
    except urllib.error.HTTPError as error:
        return error.code, b"", error.headers.get("ETag", "")


def wait_for(url: str) -> None:
    for _ in range(200):
        try:
            if get(url)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"{url} does not answer")


def feedsvc(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Published, and served by two web processes."""
    filled = Filled(folder / "store.db", sections=1, articles=46, base_url=f"http://127.0.0.1:{port}")
    generation = GenerationFile(state_path(filled.url, "generation", "var"))
    filled.publisher(generation.write, lambda: datetime.now(UTC)).run()
    filled.database.close()
    config = folder / "feedsvc.toml"
    config.write_text(
        f'[site]\ntitle = "Contoh"\nurl = "https://news.example/"\n'
        f'[serve]\nport = {port}\n[store]\nurl = "{filled.url}"\n'
        '[[section]]\nslug = "s0"\nsources = [{ page = "https://news.example/" }]\n'
    )
    return subprocess.Popen([sys.executable, "-m", "feedsvc", "serve", "--config", str(config)])


def nginx(folder: Path, port: int, rows: dict[str, bytes]) -> subprocess.Popen[bytes]:
    """Static files, compressed beforehand."""
    root = folder / "static"
    root.mkdir()
    for name, body in rows.items():
        (root / name).write_bytes(body)
        (root / f"{name}.gz").write_bytes(gzip.compress(body, 6, mtime=0))
    config = folder / "nginx.conf"
    config.write_text(
        f"""
daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 1024; }}
http {{
  access_log off; gzip_static on; sendfile on; keepalive_requests 10000000;
  types {{ application/rss+xml rss; }}
  add_header Cache-Control "public, max-age=60"; add_header Vary Accept-Encoding;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""
    )
    for path in (folder, root):
        path.chmod(0o755)
    return subprocess.Popen(["nginx", "-c", str(config), "-p", str(folder)])


def cpu(process: psutil.Process) -> float:
    """Seconds that a server's processes have used."""
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        times = one.cpu_times()
        total += times.user + times.system
    return total


def burst(url: str, seconds: int, headers: dict[str, str], process: psutil.Process) -> tuple[float, float]:
    """(requests a second, CPU microseconds a request)."""
    options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    before = cpu(process)
    done = subprocess.run(
        ["wrk", "-t1", "-c32", f"-d{seconds}s", *options, url], capture_output=True, text=True, check=True
    )
    used = cpu(process) - before
    requests = int(re.search(r"(\d+) requests in", done.stdout)[1])  # type: ignore[index]
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])  # type: ignore[index]
    if "Non-2xx or 3xx" in done.stdout:
        raise SystemExit(f"{url}: {done.stdout}")
    return rate, used / requests * 1e6


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    if not shutil.which("nginx") or not shutil.which("wrk"):
        raise SystemExit("nginx and wrk are needed (Debian: apt-get install nginx-light wrk)")
    folder = Path(tempfile.mkdtemp(prefix="feedsvc-bench-"))
    folder.chmod(0o755)
    ours, theirs = free_port(), free_port()
    children = [feedsvc(folder, ours)]
    try:
        wait_for(f"http://127.0.0.1:{ours}{FEED}")
        bodies = {
            "feed.rss": get(f"http://127.0.0.1:{ours}{FEED}")[1],
            "limited.rss": get(f"http://127.0.0.1:{ours}{LIMITED}")[1],
        }
        children.append(nginx(folder, theirs, bodies))
        wait_for(f"http://127.0.0.1:{theirs}/feed.rss")
        sizes = ", ".join(
            f"{name} {len(body):,} bytes, {len(gzip.compress(body, 6)):,} in gzip"
            for name, body in bodies.items()
        )
        print(f"{sizes}; load {psutil.getloadavg()[0]:.1f}; {rounds} rounds of {seconds} s")
        race(rounds, seconds, ours, theirs, [psutil.Process(child.pid) for child in children])
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def race(rounds: int, seconds: int, ours: int, theirs: int, processes: list[psutil.Process]) -> None:
    print(
        f"{'':12}{'req/s':>9}{'nginx':>9}{'ratio':>7}{'range':>14}{'null':>7}"
        f"{'CPU us':>8}{'nginx':>7}{'times':>7}{'null':>6}"
    )
    for case in CASES:
        servers = {}
        for name, port, path, process in (
            ("feedsvc", ours, case.ours, processes[0]),
            ("nginx", theirs, case.static, processes[1]),
            ("again", theirs, case.static, processes[1]),
        ):
            url = f"http://127.0.0.1:{port}{path}"
            headers = {"Accept-Encoding": "gzip"} if case.gzip else {}
            status, _, tag = get(url, **({"Accept_Encoding": "gzip"} if case.gzip else {}))
            if case.conditional:
                headers["If-None-Match"] = tag
                status = get(url, Accept_Encoding="gzip", If_None_Match=tag)[0]
            assert status == (304 if case.conditional else 200), (url, status)
            burst(url, 1, headers, process)  # warm
            servers[name] = (url, headers, process)
        rates: dict[str, list[float]] = {name: [] for name in servers}
        costs: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(rounds):
            order = list(servers)
            random.shuffle(order)
            for name in order:
                url, headers, process = servers[name]
                rate, cost = burst(url, seconds, headers, process)
                rates[name].append(rate)
                costs[name].append(cost)
        ratios = [mine / other for mine, other in zip(rates["feedsvc"], rates["nginx"], strict=True)]
        null = [mine / other for mine, other in zip(rates["again"], rates["nginx"], strict=True)]
        times = [mine / other for mine, other in zip(costs["feedsvc"], costs["nginx"], strict=True)]
        null_times = [mine / other for mine, other in zip(costs["again"], costs["nginx"], strict=True)]
        middle = statistics.median
        print(
            f"{case.name:12}{middle(rates['feedsvc']):9.0f}{middle(rates['nginx']):9.0f}{middle(ratios):7.2f}"
            f"{f'[{min(ratios):.2f} {max(ratios):.2f}]':>14}{middle(null):7.2f}"
            f"{middle(costs['feedsvc']):8.1f}{middle(costs['nginx']):7.1f}{middle(times):7.2f}{middle(null_times):6.2f}"
        )


if __name__ == "__main__":
    main()
