"""Kill the service over and over while it is published to and read, and count what went wrong.

    python bench/soak.py [MINUTES] [STORE_URL]        (5 minutes, SQLite)

Every few seconds `kill -9` ends a process of `feedsvc run` (worker, web process, reader, stream, or the whole
family, which is then started anew). Meanwhile a newsroom publishes, corrects and withdraws articles through
the API, repeating each request until it is answered; the demo newsroom goes on publishing; readers poll feeds
conditionally in all formats. What is promised is what tests/chaos/checker.py says, and that whoever follows
prev-archive finds every article that stands, and none that was withdrawn.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import requests

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.chaos.checker import Patient
from tests.e2e.service import Service, free_port

#: beside what every service of the tests has
MORE = """
[stream]
run = true
port = {stream}
[[section]]
slug = "lokal"
sources = []
"""
SLUGS = ("latest", "politik", "english", "lokal", "populer")
PATIENCE = 90.0  #: seconds that the last articles may need; a process that ends often waits up to 30


class Soak:
    """One service under fire; `wrong` counts what broke a promise, `seen` what happened."""

    def __init__(self, folder: Path, store: str) -> None:
        self.service = Service(folder)
        given = self.service.file.read_text()
        own = f"sqlite:///{folder}/store.db"
        self.service.file.write_text(given.replace(own, store or own) + MORE.format(stream=free_port()))
        self.base = f"http://127.0.0.1:{self.service.port}"
        self.over = threading.Event()
        self.readers = Patient(self.base, SLUGS, one=False, returns=True)
        self.seen = self.readers.seen
        self.standing: dict[str, str] = {}  # address of an article from the API → its title

    def start(self) -> None:
        self.service.start()
        try:
            self.service.wait()
        except AssertionError:
            print(self.service.log.read_text()[-5000:])
            raise

    def kill(self, dice: random.Random) -> None:
        """One process, chosen by lot; one time in ten all of them."""
        assert self.service.process is not None
        family = [one for one in self.service.family() if "demo" not in one.cmdline()]
        if dice.random() < 0.1:
            self.seen["kills of the whole family"] += 1
            self.service.kill()
            self.start()
        elif family:
            self.seen["kills of one process"] += 1
            dice.choice(family).kill()

    # ── the newsroom ──

    def publish(self) -> None:
        headers = {"Authorization": f"Bearer {self.service.call('token', 'add', 'cms').stdout.strip()}"}
        number = 0
        while not self.over.wait(0.5):
            number += 1
            url = f"http://127.0.0.1:{self.service.demo}/lokal/{number}"
            body: dict[str, Any] = {
                "id": str(number),
                "url": url,
                "title": f"Judul {number}",
                "content": "<p>Isi.</p>",
            }
            body |= {"sections": ["lokal"]}
            answer = self.ask("POST", "/api/articles", headers | {"Idempotency-Key": f"k{number}"}, body)
            if answer is None:
                continue
            self.standing[url] = f"Judul {number}"
            mine = f"/api/articles/{answer.json()['id']}"
            if number % 5 == 0:
                title = f"Judul {number}, dikoreksi"
                if self.ask("PUT", mine, headers, body | {"title": title}) is not None:
                    self.standing[url] = title
            elif number % 7 == 0 and self.ask("DELETE", mine, headers, None) is not None:
                del self.standing[url]

    def ask(self, method: str, path: str, headers: dict[str, str], body: Any) -> requests.Response | None:
        """Until it is answered; None where the service refused it for good."""
        while True:
            try:
                answer = requests.request(method, self.base + path, json=body, headers=headers, timeout=10)
            except requests.RequestException:
                self.seen["API requests repeated"] += 1
                time.sleep(0.2)
                continue
            if "Retry-After" in answer.headers:  # busy, or the same request is under way where it was killed
                self.seen[f"API answers {answer.status_code}"] += 1
                time.sleep(0.5)
                continue
            repeated_delete = method == "DELETE" and answer.status_code in {404, 410}
            if answer.status_code >= 300 and not repeated_delete:
                self.fault(f"{method} {answer.status_code} {answer.text[:200]}")
                return None
            self.seen[f"API {method}"] += 1
            return answer

    # ── the readers ──

    def poll(self, dice: random.Random) -> None:
        tags: dict[str, str] = {}
        while not self.over.wait(0.02):
            path = dice.choice(self.readers.paths)
            tags[path] = self.readers.poll(path, tags.get(path, ""), timeout=5)

    def fault(self, text: str) -> None:
        self.readers.fault(text)
        print("WRONG", text, flush=True)

    # ── the end ──

    def reckon(self) -> None:
        """Once the worker, which may be held back after many quick ends, has caught up."""
        began = time.monotonic()
        self.readers.reckon("lokal", self.standing, PATIENCE)
        self.seen["seconds until all stood"] = round(time.monotonic() - began)
        self.seen["articles by API that stand"] = len(self.standing)
        for slug in ("politik", "english"):
            known = self.readers.read.get(f"/feeds/{slug}.atom", set())
            lost = known - self.readers.chain(slug).keys()
            for url in lost:
                if requests.get(url, timeout=10).status_code == 200:
                    self.fault(f"{slug}: {url} was in the feed, stands at the newsroom, and is lost")
            self.seen[f"articles read in {slug}"] = len(known)


def faults(log: str) -> Counter[str]:
    """The errors that the service logged, without their times, and how its tracebacks end."""
    found = Counter(line[24:] for line in log.splitlines() if " ERROR " in line)
    for trace in log.split("Traceback (most recent call last):")[1:]:
        found[next(line for line in trace.splitlines()[1:] if line and not line.startswith((" ", "+")))] += 1
    return found


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        store = sys.argv[2] if len(sys.argv) > 2 else ""
        soak = Soak(Path(folder), store)
        soak.start()
        threads = [threading.Thread(target=soak.publish)]
        threads += [threading.Thread(target=soak.poll, args=(random.Random(seed + k),)) for k in range(3)]
        for one in threads:
            one.start()
        end = time.monotonic() + minutes * 60
        try:
            while time.monotonic() < end:
                time.sleep(dice.uniform(2, 10))
                soak.kill(dice)
        finally:
            soak.over.set()
            for one in threads:
                one.join()
        soak.reckon()
        print(f"seed {seed}, {minutes:g} minutes, {store.partition(':')[0] or 'sqlite'}")
        for what, count in sorted(soak.seen.items()):
            print(f"  {what:<36}{count:>7}")
        for words, count in soak.readers.wrong.most_common():
            print(f"  {count} times: {words}")
        print(f"  {'WRONG':<36}{soak.readers.wrong.total():>7}")
        soak.service.terminate(30)
        for line, count in faults(soak.service.log.read_text()).most_common():
            print(f"  log, {count} times: {line[:200]}")
    sys.exit(bool(soak.readers.wrong))


if __name__ == "__main__":
    main()
