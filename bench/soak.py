"""Kill the service over and over while it is published to and read, and count what went wrong.

    python bench/soak.py [MINUTES] [STORE_URL]        (5 minutes, SQLite)

Every few seconds `kill -9` ends a process of `feedsvc run` (worker, web process, reader, stream, or the whole
family, which is then started anew). Meanwhile a newsroom publishes, corrects and withdraws articles through
the API, repeating each request until it is answered; the demo newsroom goes on publishing; readers poll feeds
conditionally in all formats. What is promised: no answer is broken or an error, an id is in a document once
and keeps its date, a tag always means the same bytes, and whoever follows prev-archive finds every article
that stands, and none that was withdrawn.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import requests

sys.path.insert(0, str(Path(__file__).parent.parent))
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
FEEDS = [
    f"/feeds/{s}.{f}"
    for s in ("latest", "politik", "english", "lokal", "populer")
    for f in ("rss", "atom", "json")
]


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
        self.wrong: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.bytes_of: dict[tuple[str, str], bytes] = {}
        self.published: dict[str, str] = {}
        self.read: dict[str, set[str]] = {"politik": set(), "english": set()}
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
            while self.service.listening():
                time.sleep(0.05)
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
            body = {"id": str(number), "url": url, "title": f"Judul {number}", "content": "<p>Isi.</p>"}
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
            if answer.status_code in {429, 503}:
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
            path = dice.choice(FEEDS)
            headers = {"If-None-Match": tags[path]} if path in tags else {}
            try:
                answer = requests.get(self.base + path, headers=headers, timeout=5)
            except requests.RequestException:
                self.seen["polls without an answer"] += 1
                continue
            if answer.status_code == 304:
                self.seen["polls 304"] += 1
            elif answer.status_code == 200:
                self.seen["polls 200"] += 1
                tags[path] = answer.headers["ETag"]
                self.judge(path, answer)
            elif answer.status_code == 503 and "Retry-After" in answer.headers:
                self.seen["polls 503"] += 1
            else:
                self.fault(f"{path} {answer.status_code}")

    def judge(self, path: str, answer: requests.Response) -> None:
        tag = answer.headers["ETag"]
        if self.bytes_of.setdefault((path, tag), answer.content) != answer.content:
            self.fault(f"{path}: one tag, other bytes")
        entries = entries_of(path, answer)
        if len({one["id"] for one in entries}) != len(entries):
            self.fault(f"{path}: an id twice")
        for one in entries:
            if self.published.setdefault(one["id"], one["published"]) != one["published"]:
                self.fault(
                    f"{path}: {one['id']} was published {self.published[one['id']]}, now {one['published']}"
                )
        slug = path[len("/feeds/") :].partition(".")[0]
        if slug in self.read:
            self.read[slug] |= {one["url"] for one in entries}

    def fault(self, text: str) -> None:
        self.wrong[text] += 1
        print("WRONG", text, flush=True)

    # ── the end ──

    def chain(self, slug: str) -> list[Any]:
        """Every entry that a client finds which follows prev-archive."""
        address, found = f"{self.base}/feeds/{slug}.atom", []
        while address:
            document = feedparser.parse(requests.get(address, timeout=10).content)
            found += document.entries
            links = {link.rel: link.href for link in document.feed.links}
            address = links.get("prev-archive", "")
        return found

    def titles(self, slug: str) -> dict[str, str]:
        return {one.link: one.title for one in self.chain(slug)}

    def reckon(self) -> None:
        """Once the worker, which may be held back after many quick ends, has caught up."""
        began = time.monotonic()
        while (chain := self.titles("lokal")) != self.standing and time.monotonic() - began < PATIENCE:
            time.sleep(1)
        self.seen["seconds until all stood"] = round(time.monotonic() - began)
        for url, title in self.standing.items():
            if chain.get(url) != title:
                self.fault(f"{url} should stand as {title!r} and is {chain.get(url)!r}")
        for url in chain.keys() - self.standing.keys():
            self.fault(f"{url} stands and was withdrawn, or never published")
        self.seen["articles by API that stand"] = len(self.standing)
        for slug, known in self.read.items():
            found = {one.link for one in self.chain(slug)}
            lost = {url for url in known - found if requests.get(url, timeout=10).status_code == 200}
            for url in lost:
                self.fault(f"{slug}: {url} was in the feed, stands at the newsroom, and is lost")
            self.seen[f"articles read in {slug}"] = len(known)


def entries_of(path: str, answer: requests.Response) -> list[dict[str, str]]:
    if path.endswith(".json"):
        return [
            {"id": one["id"], "url": one.get("url", ""), "published": in_utc(one["date_published"])}
            for one in answer.json()["items"]
        ]
    document = feedparser.parse(answer.content)
    if document.bozo:
        return [{"id": f"not well-formed: {document.bozo_exception}", "url": "", "published": ""}] * 2
    return [
        {"id": one.id, "url": one.link, "published": time.strftime("%Y-%m-%dT%H:%M:%S", one.published_parsed)}
        for one in document.entries
    ]


def in_utc(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


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
        print(f"  {'WRONG':<36}{soak.wrong.total():>7}")
        soak.service.terminate()
        for line, count in faults(soak.service.log.read_text()).most_common():
            print(f"  log, {count} times: {line[:200]}")
    sys.exit(bool(soak.wrong))


if __name__ == "__main__":
    main()
