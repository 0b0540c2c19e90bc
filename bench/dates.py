#!/usr/bin/env python3
"""How long reading a printed date takes, beside dateparser: bench/dates.py [--rounds N]

Prints microseconds a string (the best of N rounds over all strings, in processor time), for feedsvc.dates
and for dateparser with its language fixed, and their ratio; then the cost of `is_date` for what pages are
full of.
The strings are those of ../shared/corpus (or FEEDSVC_CORPUS) where it exists, else a few of our own.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from feedsvc import dates

OWN = (
    ("Kamis, 18 Desember 2025 | 19:00 WIB", "id"),
    ("5 menit yang lalu", "id"),
    ("December 18, 2025 at 7:05 pm", "en-US"),
    ("18.12.2025, 19:05 Uhr", "de"),
    ("2025年12月18日 19時05分", "ja"),
    ("Thu, 18 Dec 2025 19:00:00 +0700", ""),
    ("2025-12-18T19:00:00+07:00", ""),
)
TITLES = (
    "Menteri Resmikan Jembatan Baru di Kalimantan",
    "Persija Menang 2-1, Pelatih Puas",
    "Pemilu 2024: Hasil Hitung Cepat",
    "Read more",
)
NOW = datetime(2025, 12, 19, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


def strings() -> list[tuple[str, str, ZoneInfo]]:
    """Text, language and zone of what is read."""
    corpus = Path(os.environ.get("FEEDSVC_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
    file = corpus / "dates" / "dates.jsonl"
    if not file.exists():
        return [(text, language, ZoneInfo("Asia/Jakarta")) for text, language in OWN]
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [(line["text"], line["lang"] or "", ZoneInfo(line["default_tz"] or "UTC")) for line in lines]


def best(work: Callable[[], object], rounds: int) -> float:
    """Processor seconds of the fastest round."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    rounds = options.parse_args().rounds
    work = strings()

    def ours() -> None:
        for text, language, zone in work:
            dates.read(text, language=language, zone=zone, now=NOW)

    ours()  # loads the names
    us = best(ours, rounds) / len(work) * 1e6
    print(f"feedsvc.dates.read  {us:8.1f} µs a string ({len(work)} strings)")
    try:
        warnings.simplefilter("ignore")
        import dateparser
    except ImportError:
        print("dateparser is not installed")
    else:
        some = work[:: max(1, len(work) // 60)]

        def theirs() -> None:
            for text, language, _ in some:
                dateparser.parse(text, languages=[language[:2].replace("no", "nb") or "en"])

        theirs()
        them = best(theirs, 2) / len(some) * 1e6
        print(f"dateparser.parse    {them:8.1f} µs a string: {them / us:.0f} times as long")
    for title in TITLES:
        seconds = best(lambda title=title: [dates.is_date(title, "id") for _ in range(1000)], rounds)  # type: ignore[misc]
        print(f"feedsvc.dates.is_date {seconds * 1000:6.1f} µs  {title}")


if __name__ == "__main__":
    main()
