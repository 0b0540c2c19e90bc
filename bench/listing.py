"""How long it takes to read the lists of a page.

    python bench/listing.py [FOLDER]      every .html(.gz) below FOLDER (default: ../shared/corpus/list)

Each page is read three times in one process on one core; the fastest counts. Hostile pages are read once.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from feedsvc.errors import ReadError
from feedsvc.extract import encoding, listing

REPEAT = 3
URL = "https://bench.example/news/"


def hostile() -> Iterator[tuple[str, str]]:
    """Pages that were made to take long."""
    card = "<div class=c><a href='/news/a-long-enough-headline-{0}.html'>A long enough headline {0}</a></div>"
    yield "15,000 links", "".join(card.format(n) for n in range(15_000))
    yield "55,000 siblings", "<p>x</p>" * 55_000 + "".join(card.format(n) for n in range(20))
    nested = "".join("<div>" + card.format(n) for n in range(3_000))
    yield "3,000 nested lists", nested
    yield "200,000 nested elements", "<div>" * 200_000
    yield "5 MB of text", "<p>" + "word " * 1_000_100
    line = "".join(
        f"and some words <a href='/x/{n}-one-two-three-four'>more words here {n}</a> " for n in range(20_000)
    )
    yield "one line of 20,000 links", f"<p>{line}</p>"
    yield "three links of 19,000 spans", f"<a href='/a-b-c-d-1'>{'<span class=x>w</span>' * 19_000}</a>" * 3


def read(text: str) -> tuple[float, str]:
    """Seconds that one reading took, and what came of it."""
    begun = time.perf_counter()
    try:
        reading = listing.read(text, url=URL)
        outcome = f"{reading.verdict}, {len(reading.lists)} lists"
    except ReadError as error:
        outcome = str(error)
    return time.perf_counter() - begun, outcome


def main() -> None:
    """Print the times of the corpus and of the hostile pages."""
    default = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "list"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    times: dict[str, float] = {}
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.html.gz")]):
        body = path.read_bytes()
        text = encoding.decode(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body, html=True)
        times[path.name] = min(read(text)[0] for _ in range(REPEAT)) * 1e3
    if times:
        ordered = sorted(times.values())
        slowest = max(times, key=times.__getitem__)
        print(f"{len(times)} pages: median {statistics.median(ordered):.1f} ms,", end=" ")
        print(f"mean {statistics.fmean(ordered):.1f}, p95 {ordered[int(0.95 * len(ordered))]:.1f},", end=" ")
        print(f"max {ordered[-1]:.1f} ({slowest})")
    for name, text in hostile():
        seconds, outcome = read(text)
        print(f"{seconds:6.2f} s  {name:26} {outcome}")


if __name__ == "__main__":
    main()
