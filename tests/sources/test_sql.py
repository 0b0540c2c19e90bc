"""The source store: real databases, edited while feedsvc reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text

from feedsvc.errors import Code
from tests.conftest import Clock
from tests.databases import MariaDB, Postgres
from tests.sources.newsroom import Newsroom

JAKARTA = ZoneInfo("Asia/Jakarta")
TABLE = (
    "CREATE TABLE berita (id INTEGER PRIMARY KEY, judul TEXT, isi TEXT, penulis TEXT, terbit TIMESTAMP, "
    "diubah TIMESTAMP, url TEXT, kanal TEXT, status TEXT)"
)
MAP = '{ id = "id", title = "judul", content = "isi", author = "penulis", published = "terbit", url = "url" }'
SOURCE = """
sql = "{cms}"
table = "berita"
where = "kanal = 'politik'"
modified = "diubah"
status = {{ column = "status", published = "terbit" }}
guid = "https://old.example/?p={{id}}"
map = """ + MAP.replace("{", "{{").replace("}", "}}")


class Cms:
    """A newsroom's database, which somebody edits."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.clock = clock
        self.engine = create_engine(url)
        self.run(TABLE)

    def run(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def local(self, moment: datetime) -> str | datetime:
        """As the column holds it: naive, in the site's zone."""
        there = moment.astimezone(JAKARTA).replace(tzinfo=None)
        return there.isoformat(sep=" ") if self.engine.dialect.name == "sqlite" else there

    def add(self, number: int | str, *, changed: datetime | None = None, **values: Any) -> None:
        """A row; published an hour and modified a minute before now, unless said otherwise."""
        self._insert([self._row(number, changed, values)])

    def add_all(self, numbers: Iterable[int | str], changed: Callable[[int], datetime]) -> None:
        """Many rows; `changed` tells by position when one was modified."""
        self._insert([self._row(one, changed(position), {}) for position, one in enumerate(numbers)])

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        names = list(rows[0])
        with self.engine.begin() as connection:
            statement = (
                f"INSERT INTO berita ({', '.join(names)}) VALUES ({', '.join(f':{n}' for n in names)})"
            )
            connection.execute(text(statement), rows)

    def _row(self, number: int | str, changed: datetime | None, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": number,
            "judul": f"Judul {number}",
            "isi": f"<p>Isi berita nomor {number}.</p>",
            "penulis": "Hani Fatunnisa",
            "terbit": self.local(self.clock() - timedelta(hours=1)),
            "diubah": self.local(changed or self.clock() - timedelta(minutes=1)),
            "url": f"https://news.example/politik/read/{number}",
            "kanal": "politik",
            "status": "terbit",
            **values,
        }

    def change(self, number: int, *, touch: bool = True, **values: Any) -> None:
        if touch:
            values["diubah"] = self.local(self.clock())
        self.run(
            f"UPDATE berita SET {', '.join(f'{name} = :{name}' for name in values)} WHERE id = :id",
            id=number,
            **values,
        )

    def delete(self, number: int) -> None:
        self.run("DELETE FROM berita WHERE id = :id", id=number)


@pytest.fixture(params=["sqlite", "postgresql"])
def cms(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Cms]:
    if request.param == "sqlite":
        found = Cms(f"sqlite:///{tmp_path}/cms.db", clock)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        found = Cms(server.new(), clock)
    yield found
    found.engine.dispose()


Open = Callable[[str], Newsroom]


@pytest.fixture
def open_(tmp_path: Path, clock: Clock) -> Iterator[Open]:
    opened: list[Newsroom] = []

    def make(source: str) -> Newsroom:
        opened.append(Newsroom(tmp_path, f"sqlite:///{tmp_path}/store.db", clock, source))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def test_a_row_becomes_an_article_with_its_old_guid(cms: Cms, open_: Open) -> None:
    cms.add(1)
    cms.add(2, kanal="olahraga")
    cms.add(3, status="konsep")
    newsroom = open_(SOURCE.format(cms=cms.url))
    report = newsroom.look()
    assert (report.new, report.message, report.outcome) == (1, "", "ok")
    (item,) = newsroom.items()
    assert item["id"] == "https://old.example/?p=1"
    assert item["title"] == "Judul 1"
    assert item["content_html"] == "<p>Isi berita nomor 1.</p>"
    assert item["url"] == "https://news.example/politik/read/1"
    assert item["authors"] == [{"name": "Hani Fatunnisa"}]
    assert item["date_published"] == "2025-12-18T11:00:00+00:00"  # naive in the table: 18:00 in Jakarta


@pytest.mark.slow
def test_a_first_import_is_backfill_and_published_once(cms: Cms, open_: Open) -> None:
    """500 rows a transaction; equal times across its border lose nothing; nothing is announced as news."""
    at = cms.clock() - timedelta(days=2)
    cms.add_all(range(1, 1203), lambda position: at + timedelta(seconds=position // 700))
    newsroom = open_(SOURCE.format(cms=cms.url))
    looks = []
    queue, collector = newsroom.pipeline.wired.queue, newsroom.pipeline.wired.collector
    while claims := queue.claim(1, lease=60, now=cms.clock(), blocked=[]):
        looks.append((newsroom.ask("SELECT count(*) FROM outbox"), collector.run(claims[0])))
        known = [int(title.split()[1]) for title in newsroom.ask("SELECT title FROM article")]
        assert max(known) > 700  # what changed last comes with the first part, although its turn is last
    assert sum(report.new for _, report in looks if report) == 1202
    assert len(looks) == 3
    assert {asked for (asked,), _ in looks} == {0}
    assert newsroom.ask("SELECT DISTINCT list FROM outbox ORDER BY list") == ["berita", "latest"]
    assert newsroom.ask("SELECT count(*) FROM outbox WHERE news") == [0]
    newsroom.pipeline.publish()
    assert newsroom.titles()[0].startswith("Judul ")
    assert newsroom.ask("SELECT count(*) FROM article WHERE state = 'live'") == [1202]
    assert newsroom.ask("SELECT count(*) FROM membership WHERE NOT backfill") == [0]


@pytest.mark.slow
def test_edits_arrive_and_nothing_else_moves(cms: Cms, open_: Open) -> None:
    cms.add(1)
    cms.add(2)
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    before = newsroom.item("Judul 2")
    cms.clock.forward(minutes=3)
    cms.change(1, judul="Judul baru")
    cms.change(2)  # somebody pressed save
    report = newsroom.look(minutes=1)
    assert (report.new, report.changed) == (0, 1)
    after = newsroom.item("Judul baru")
    assert after["id"] == "https://old.example/?p=1"
    assert after["date_modified"] > after["date_published"]
    assert newsroom.item("Judul 2") == before


def test_a_row_that_commits_late_is_found(cms: Cms, open_: Open) -> None:
    cms.add(1)
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    cms.add(2, changed=cms.clock() - timedelta(minutes=9))
    assert newsroom.look(minutes=1).new == 1
    newsroom.restart()
    cms.add(3, changed=cms.clock() - timedelta(minutes=9))
    assert newsroom.look(minutes=1).new == 1


def test_what_is_unpublished_or_leaves_the_where_is_withdrawn_and_may_return(cms: Cms, open_: Open) -> None:
    for number in (1, 2, 3):
        cms.add(number)
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    cms.clock.forward(minutes=1)
    cms.change(1, status="konsep")
    cms.change(2, kanal="olahraga")
    newsroom.look(minutes=1)
    assert newsroom.titles() == ["Judul 3"]
    published = cms.clock()
    cms.change(1, status="terbit")
    newsroom.look(minutes=1)
    assert set(newsroom.titles()) == {"Judul 1", "Judul 3"}
    back = newsroom.item("Judul 1")
    assert back["id"] == "https://old.example/?p=1"
    assert datetime.fromisoformat(back["date_modified"]) > published


def test_deleted_rows_are_noticed_at_night(cms: Cms, open_: Open) -> None:
    for number in (1, 2):
        cms.add(number)
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    cms.delete(1)
    newsroom.look(minutes=1)
    assert len(newsroom.titles()) == 2
    newsroom.look(hours=24)
    assert newsroom.titles() == ["Judul 2"]
    cms.add(1, changed=cms.clock() - timedelta(days=3))  # restored from a backup, with its old time
    newsroom.look(hours=24)
    assert set(newsroom.titles()) == {"Judul 1", "Judul 2"}


def test_an_emptied_table_withdraws_nothing(cms: Cms, open_: Open) -> None:
    cms.add(1)
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    cms.run("DELETE FROM berita")
    assert newsroom.look(hours=24).code is Code.EMPTY_LIST
    assert newsroom.titles() == ["Judul 1"]


@pytest.mark.slow
def test_an_embargo_is_kept_to_the_minute(cms: Cms, open_: Open) -> None:
    cms.add(1)
    cms.add(2, terbit=cms.local(cms.clock() + timedelta(minutes=30)))
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    assert newsroom.titles() == ["Judul 1"]
    newsroom.look(minutes=29)
    assert newsroom.titles() == ["Judul 1"]
    newsroom.look(minutes=1, seconds=1)
    assert newsroom.titles() == ["Judul 2", "Judul 1"]
    assert newsroom.item("Judul 2")["date_published"].startswith("2025-12-18T12:30:0")


def test_an_embargo_that_is_lifted_or_put_off(cms: Cms, open_: Open) -> None:
    later = cms.clock() + timedelta(hours=2)
    for number in (1, 2):
        cms.add(number, terbit=cms.local(later))
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    cms.clock.forward(minutes=5)
    cms.change(1, terbit=cms.local(cms.clock()))
    cms.change(2, terbit=cms.local(later + timedelta(hours=2)))
    newsroom.look(minutes=1)
    assert newsroom.titles() == ["Judul 1"]
    newsroom.look(hours=2)
    assert newsroom.titles() == ["Judul 1"]
    newsroom.look(hours=2)
    assert newsroom.titles() == ["Judul 2", "Judul 1"]


def test_a_row_without_modified_is_found_too(cms: Cms, open_: Open) -> None:
    cms.add(1, diubah=None)
    cms.add(2)
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    assert set(newsroom.titles()) == {"Judul 1", "Judul 2"}


def test_a_table_without_modified_is_read_whole(cms: Cms, open_: Open) -> None:
    source = SOURCE.replace('modified = "diubah"\n', "")
    cms.add(1)
    cms.add(2)
    newsroom = open_(source.format(cms=cms.url))
    newsroom.look()
    cms.change(1, touch=False, judul="Judul baru")
    cms.delete(2)
    cms.add(3)
    newsroom.look(minutes=6)
    assert set(newsroom.titles()) == {"Judul baru", "Judul 3"}
    newsroom.restart()
    cms.change(3, touch=False, status="konsep")
    newsroom.look(minutes=6)
    assert newsroom.titles() == ["Judul baru"]


def test_a_query_in_place_of_a_table(cms: Cms, open_: Open) -> None:
    source = f"""
sql = "{cms.url}"
query = "SELECT * FROM berita WHERE kanal LIKE 'pol%' AND judul <> ':x'; "
modified = "diubah"
map = {MAP}
"""
    cms.add(1)
    cms.add(2, kanal="olahraga")
    newsroom = open_(source)
    newsroom.look()
    assert newsroom.titles() == ["Judul 1"]
    cms.delete(1)
    cms.add(3)
    newsroom.look(hours=24)
    assert newsroom.titles() == ["Judul 3"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            '"judul"',
            '"judull"',
            "[[section]] \"berita\": sources[0].map.title: table 'berita' has no column 'judull'; did",
        ),
        ('modified = "diubah"', 'modified = "changed"', "sources[0].modified: table 'berita' has no column"),
        ("?p={{id}}", "?p={{nomor}}", "sources[0].guid: table 'berita' has no column 'nomor'"),
        (
            '"berita"',
            '"beritaa"',
            "sources[0].table: there is no table or view 'beritaa'; did you mean 'berita'",
        ),
        ("kanal = 'politik'", "kanal = = 1", '[[section]] "berita": sources[0].sql: '),
        ("kanal = 'politik'", "kannal = 'politik'", "kannal"),
    ],
)
def test_what_the_database_does_not_know_is_told(
    cms: Cms, open_: Open, old: str, new: str, says: str
) -> None:
    cms.add(1)
    report = open_(SOURCE.replace(old, new).format(cms=cms.url)).look()
    assert report.code is Code.BAD_TABLE
    assert says in report.message
    if "no column" in says:
        assert "it has: id, judul, isi, penulis, terbit, diubah, url, kanal, status" in report.message


def test_nothing_is_ever_written_to_their_database(cms: Cms, open_: Open) -> None:
    cms.add(1)
    name = "postgresql" if cms.url.startswith("postgresql") else "sqlite"
    writing = {
        "postgresql": "WITH gone AS (DELETE FROM berita RETURNING *) SELECT * FROM gone",
        "sqlite": "SELECT * FROM berita; DELETE FROM berita",
    }
    source = f'sql = "{cms.url}"\nquery = "{writing[name]}"\nmap = {MAP}\n'
    assert open_(source).look().failed
    with cms.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM berita")).scalar() == 1


def test_a_database_that_is_away_and_comes_back(tmp_path: Path, clock: Clock, open_: Open) -> None:
    url = f"sqlite:///{tmp_path}/cms.db"
    newsroom = open_(SOURCE.format(cms=url))
    report = newsroom.look()
    assert (report.code, "is the file there" in report.message) == (Code.DATABASE, True)
    assert not (tmp_path / "cms.db").exists()
    Cms(url, clock).add(1)
    newsroom.look(minutes=6)
    assert newsroom.titles() == ["Judul 1"]


def test_passwords_are_never_shown(open_: Open, capfd: pytest.CaptureFixture[str]) -> None:
    newsroom = open_(SOURCE.format(cms="postgresql+psycopg://who:s3cret@127.0.0.1:1/none"))
    report = newsroom.look()
    assert report.code is Code.DATABASE
    kept = newsroom.ask("SELECT key || name || url || spec || error_message FROM upstream")
    assert "s3cret" not in f"{report} {kept} {capfd.readouterr()}"


@pytest.mark.slow
def test_rows_edited_while_they_are_imported(cms: Cms, open_: Open) -> None:
    """Between two looks of an import rows are added, changed and taken back: all of it arrives."""
    at = cms.clock() - timedelta(days=1)
    cms.add_all(range(1, 1101), lambda position: at + timedelta(seconds=position))
    newsroom = open_(SOURCE.format(cms=cms.url))
    queue, collector = newsroom.pipeline.wired.queue, newsroom.pipeline.wired.collector
    steps = 0
    while claims := queue.claim(1, lease=60, now=cms.clock(), blocked=[]):
        report = collector.run(claims[0])
        assert report is not None
        assert not report.failed
        steps += 1
        if steps == 1:
            cms.change(5, judul="Judul 5, diperbaiki")
            cms.change(900, judul="Judul 900, diperbaiki")
            cms.add(2000)
            cms.run(
                "UPDATE berita SET status = 'konsep', diubah = :at WHERE id = 7", at=cms.local(cms.clock())
            )
    newsroom.look(minutes=1)
    told = set(newsroom.ask("SELECT title FROM article WHERE state = 'live'"))
    assert len(told) == 1100
    assert {"Judul 5, diperbaiki", "Judul 900, diperbaiki", "Judul 2000"} <= told
    assert "Judul 7" not in told


KINDS: dict[str, tuple[str, Callable[[datetime], Any]]] = {
    "text with T": ("TEXT", lambda at: at.astimezone(JAKARTA).strftime("%Y-%m-%dT%H:%M:%S")),
    "text in UTC": ("TEXT", lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ")),
    "text with milliseconds": (
        "TEXT",
        lambda at: at.astimezone(JAKARTA).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3],
    ),
    "text with an offset": ("TEXT", lambda at: at.astimezone(JAKARTA).isoformat()),
    "seconds": ("BIGINT", lambda at: int(at.timestamp())),
    "milliseconds": ("BIGINT", lambda at: int(at.timestamp() * 1000)),
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_times_of_every_kind(cms: Cms, open_: Open, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    column, write = KINDS[kind]
    cms.run("DROP TABLE berita")
    cms.run(TABLE.replace("TIMESTAMP", column))
    now = cms.clock()
    monkeypatch.setattr(cms, "local", write)
    cms.add(1, terbit=write(now - timedelta(hours=1)))
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    assert newsroom.item("Judul 1")["date_published"] == "2025-12-18T11:00:00+00:00"
    cms.add(2, changed=now - timedelta(minutes=9))
    cms.add(3, changed=now - timedelta(days=2))  # too old: it will be found at night
    newsroom.look(minutes=1)
    assert set(newsroom.titles()) == {"Judul 1", "Judul 2"}


@pytest.mark.parametrize("kind", ["UUID", "TEXT", "BIGINT"])
def test_ids_of_every_kind(postgres: Postgres, clock: Clock, open_: Open, kind: str) -> None:
    cms = Cms(postgres.new(), clock)
    cms.run("DROP TABLE berita")
    cms.run(TABLE.replace("INTEGER", kind))
    base = {"UUID": "6b2b5a0e-6c1d-4a41-9d54-{:012d}", "TEXT": "berita/{}", "BIGINT": "99999999{}"}[kind]
    at = clock() - timedelta(days=1)
    names = [base.format(number) for number in range(1, 700)]
    # all with one time: the ids alone put them in order
    cms.add_all(map(int, names) if kind == "BIGINT" else names, lambda position: at)
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    kept = newsroom.ask("SELECT id FROM article WHERE state = 'live'")
    assert set(kept) == {"https://old.example/?p=" + base.format(number) for number in range(1, 700)}
    cms.engine.dispose()


def test_texts_nulls_and_huge_bodies(cms: Cms, open_: Open) -> None:
    cms.add(1, isi="Alinea satu & dua.\n\nAlinea <tiga>.", penulis=None, terbit=None, url=None)
    cms.add(2, isi="<b>Tebal</b> satu\n\nDua")
    cms.add(3, isi=f"<p>{'panjang ' * 110_000}</p>")
    cms.add(4, isi=None, judul=None)
    cms.add(5, judul=None, isi="<p>Tanpa judul, tetapi ada isinya.</p>")
    cms.add(6, url="/politik/read/6?utm_source=x", penulis="Ani; Budi", judul="A &amp; B <i>C</i>")
    newsroom = open_(SOURCE.format(cms=cms.url))
    report = newsroom.look()
    assert report.message == "1 rows without a title and a text were left out"
    one = newsroom.item("Judul 1")
    assert one["content_html"] == "<p>Alinea satu &amp; dua.</p><p>Alinea &lt;tiga&gt;.</p>"
    assert "authors" not in one
    assert "url" not in one
    assert newsroom.item("Judul 2")["content_html"] == "<p><b>Tebal</b> satu</p><p>Dua</p>"
    assert len(newsroom.item("Judul 3")["content_html"]) > 800_000
    assert newsroom.item("Tanpa judul, tetapi ada isinya.")
    six = newsroom.item("A & B C")
    assert six["url"] == "https://news.example/politik/read/6"
    assert [author["name"] for author in six["authors"]] == ["Ani", "Budi"]


@pytest.mark.slow
def test_a_locked_database_is_tried_again(tmp_path: Path, clock: Clock, open_: Open) -> None:
    cms = Cms(f"sqlite:///{tmp_path}/cms.db", clock)
    cms.add(1)
    newsroom = open_(SOURCE.format(cms=cms.url))
    with cms.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        report = newsroom.look()
        assert (report.code, "locked" in report.message) == (Code.DATABASE, True)
    newsroom.look(minutes=6)
    assert newsroom.titles() == ["Judul 1"]


def test_mariadb(mariadb: MariaDB, clock: Clock, open_: Open) -> None:
    cms = Cms(mariadb.new(), clock)
    cms.add(1)
    cms.add(2, isi="100% 'kutipan' :titik")
    newsroom = open_(SOURCE.format(cms=cms.url))
    newsroom.look()
    assert set(newsroom.titles()) == {"Judul 1", "Judul 2"}
    cms.clock.forward(minutes=1)
    cms.change(1, status="konsep")
    newsroom.look(minutes=1)
    assert newsroom.titles() == ["Judul 2"]
    cms.engine.dispose()


def test_a_column_of_sqlite_holds_times_of_several_types(tmp_path: Path, clock: Clock, open_: Open) -> None:
    cms = Cms(f"sqlite:///{tmp_path}/mixed.db", clock)
    cms.run("CREATE TABLE bebas (id, judul, isi, penulis, terbit, diubah, url, kanal, status)")
    times = [1766059200, "2025-12-18 10:00:00", 1766059300.5, b"2025", "2025-12-18 09:00:00", None]
    for number, at in enumerate(times, 1):
        cms.run(
            "INSERT INTO bebas VALUES "
            "(:n, 'Judul ' || :n, 'Isi', '', NULL, :at, '/a/' || :n, 'politik', 'terbit')",
            n=number,
            at=at,
        )
    newsroom = open_(SOURCE.format(cms=cms.url).replace('"berita"', '"bebas"'))
    assert newsroom.look().new == len(times)
    clock.forward(minutes=1)
    cms.run("UPDATE bebas SET judul = 'Judul baru', diubah = '2025-12-18 19:30:00' WHERE id = 1")
    report = newsroom.look()
    assert (report.code, report.new) == (None, 0)
