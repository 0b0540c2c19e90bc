"""How long the first import of a newsroom's database takes, and how much memory.

    python bench/import.py [ROWS] [STORE_URL]      (default: 100000, an SQLite file)

Makes an SQLite database of ROWS articles of about 2 kB of HTML, then runs `feedsvc collect` on it as a
process of its own, as an operator would, into an empty store. Prints seconds, rows a second, CPU seconds of
the process and of its reading children (which a busy machine disturbs less), and resident memory of the
process (without the children): its peak in the first tenth of the time and its peak altogether.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import psutil

CONFIG = """
[site]
title = "Bench"
url = "https://news.example/"
timezone = "Asia/Jakarta"
language = "id"
[store]
url = "{store}"
[[section]]
slug = "berita"
[[section.sources]]
sql = "sqlite:///{cms}"
table = "berita"
modified = "diubah"
status = {{ column = "status", published = "terbit" }}
guid = "https://old.example/?p={{id}}"
[section.sources.map]
id = "id"
title = "judul"
content = "isi"
author = "penulis"
published = "terbit"
url = "url"
tags = "tag"
"""
WORDS = (
    "pemerintah kota menetapkan anggaran baru untuk tahun depan dengan alasan kuat bahwa warga perlu layanan "
    "umum lebih baik sementara harga pangan naik di pasar tradisional hingga akhir pekan"
).split()


def make(file: Path, rows: int) -> None:
    """The newsroom's database."""
    chance = random.Random(1)
    connection = sqlite3.connect(file)
    connection.execute(
        "CREATE TABLE berita (id INTEGER PRIMARY KEY, judul TEXT, isi TEXT, penulis TEXT, terbit TEXT, "
        "diubah TEXT, url TEXT, tag TEXT, status TEXT)"
    )
    connection.execute("CREATE INDEX ix ON berita (diubah, id)")
    start = datetime(2015, 1, 1)  # noqa: DTZ001 - naive, as such columns are

    def row(number: int) -> tuple[object, ...]:
        words = lambda count: " ".join(chance.choices(WORDS, k=count))  # noqa: E731
        at = (start + timedelta(minutes=55 * number)).isoformat(sep=" ")
        body = "".join(f"<p>{words(40)} <b>{words(3)}</b> {words(5)}</p>\n" for _ in range(6))
        return (
            number,
            words(9),
            body,
            words(2).title(),
            at,
            at,
            f"/politik/read/{number}/{words(3).replace(' ', '-')}",
            "Politik, Daerah",
            "terbit",
        )

    connection.executemany(
        "INSERT INTO berita VALUES (?,?,?,?,?,?,?,?,?)", (row(number) for number in range(1, rows + 1))
    )
    connection.commit()
    connection.close()


def main() -> None:
    """Print the figures."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cms, few = folder / "cms.db", folder / "few.db"
        make(cms, rows)
        make(few, 1)
        store = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/store.db"
        file = folder / "feedsvc.toml"
        # what an installation has compiled: the environment of a development machine may forbid it
        settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        settings["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        command = [sys.executable, "-m", "feedsvc", "collect", "--config", str(file)]
        file.write_text(CONFIG.format(store=f"sqlite:///{folder}/first.db", cms=few))
        subprocess.run(command, env=settings, check=True, stdout=subprocess.DEVNULL)
        file.write_text(CONFIG.format(store=store, cms=cms))
        begun = time.monotonic()
        process = subprocess.Popen(command, env=settings)
        watched = psutil.Process(process.pid)
        sizes: list[tuple[float, int]] = []
        spent: dict[int, float] = {}
        while process.poll() is None:
            try:
                sizes.append((time.monotonic() - begun, watched.memory_info().rss))
                for one in (watched, *watched.children(recursive=True)):
                    spent[one.pid] = sum(one.cpu_times()[:2])
            except psutil.NoSuchProcess:
                pass  # it ended, or a child did
            time.sleep(0.1)
        took = time.monotonic() - begun
        early = max(size for at, size in sizes if at < max(took / 10, 2))
        peak = max(size for _, size in sizes)
        print(f"{rows:,} rows in {took:.1f} s ({rows / took:,.0f} a second), exit code {process.returncode}")
        mine = spent.pop(process.pid)
        print(f"CPU: {mine:.1f} s of the process, {sum(spent.values()):.1f} s of its children")
        print(f"resident memory: {early / 2**20:.0f} MiB at first, {peak / 2**20:.0f} MiB at most")


if __name__ == "__main__":
    main()
