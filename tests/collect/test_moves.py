"""Edits, moves, re-used addresses and daily templates, seen through the feeds: nothing repeated or lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.collect.newsroom import House, house, text
from tests.conftest import Clock
from tests.servers import ScriptedServer


@pytest.fixture
def room(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> Iterator[House]:
    with house(tmp_path, clock, upstream) as found:
        yield found


def test_a_changed_headline_is_read_at_once_and_moves_updated_alone(room: House) -> None:
    story = room.site.publish("/read/a", "Banjir melanda tiga desa", "/berita")
    room.look()
    before = room.item("Banjir melanda tiga desa")
    story.headline = "Banjir melanda lima desa di pesisir"
    story.body = [*story.body, "Tambahan dari redaksi."]
    room.look()
    after = room.item("Banjir melanda lima desa di pesisir")
    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert after["date_modified"] > before.get("date_modified", before["date_published"])
    assert "Tambahan dari redaksi." in after["content_html"]
    assert len(room.rows("revision")) == 1


@pytest.mark.slow
def test_a_moved_story_keeps_its_id_whatever_the_old_address_answers(room: House) -> None:
    """New slug and new headline; the old address redirects, is gone, or goes on answering."""
    for name, change in (("alih", "redirect"), ("hilang", "gone"), ("tetap", "stays")):
        room.site.publish(f"/read/{name}", f"Rapat {name} membahas anggaran daerah", "/berita")
        room.look()
        before = room.item(f"Rapat {name} membahas anggaran daerah")
        old = room.site.stories[f"/read/{name}"]
        new = room.site.publish(
            f"/read/{name}-baru", f"Anggaran daerah {name} disetujui", "/berita", at=old.at, body=old.body
        )
        room.site.lists["/berita"].remove(f"/read/{name}")
        if change == "redirect":
            old.location = new.path
        elif change == "gone":
            old.status = 410
        room.look()
        after = room.item(f"Anggaran daerah {name} disetujui")
        assert after["id"] == before["id"], change
        assert after["date_published"] == before["date_published"]
        assert after["url"].endswith(f"/read/{name}-baru")
        assert f"Rapat {name} membahas anggaran daerah" not in room.titles()
        for _ in range(4):  # the old address may be gone for good: the article stays
            room.look(minutes=20)
        assert room.item(f"Anggaran daerah {name} disetujui")["id"] == before["id"]
    assert room.tombstones() == []


def test_an_old_address_that_redirects_later_joins_both_and_atom_tells(room: House) -> None:
    """Both were listed and served; then the list keeps one and the other leads there."""
    body = text("kembar")
    first = room.site.publish("/read/satu", "Kapal tenggelam di selat", "/berita", body=body)
    second = room.site.publish("/read/dua", "Kapal tenggelam di selat itu", "/berita", at=first.at, body=body)
    room.look()
    ids = {one["url"].rpartition("/")[2]: one["id"] for one in room.items()}
    assert {"satu", "dua"} <= ids.keys()  # while both are listed they are two
    first.location = second.path
    room.site.lists["/berita"].remove("/read/satu")
    room.look()
    room.look(minutes=6)
    after = {one["url"].rpartition("/")[2]: one["id"] for one in room.items()}
    stays, goes = after["dua"], ({ids["satu"], ids["dua"]} - {after["dua"]}).pop()
    assert stays in ids.values()
    assert "satu" not in after
    assert goes not in after.values()
    assert room.tombstones() == [goes]
    assert room.editorial.file(room.editorial.find(goes)).merged_into == stays
    before = len(room.site.asked("/read/dua"))
    second.body = [*body, "Tambahan dari redaksi."]
    room.look(minutes=30)
    assert len(room.site.asked("/read/dua")) == before + 1
    assert "Tambahan" in next(one for one in room.items() if one["id"] == stays)["content_html"]


def test_an_address_that_is_used_again_is_a_new_article(room: House, clock: Clock) -> None:
    story = room.site.publish("/read/kuis", "Kuis mingguan: siapa juaranya", "/berita")
    room.look()
    before = room.item("Kuis mingguan: siapa juaranya")
    room.look(days=7)
    story.headline, story.at, story.body = "Pelabuhan baru diresmikan gubernur", clock(), text("pelabuhan")
    room.look()
    after = room.item("Pelabuhan baru diresmikan gubernur")
    assert after["id"] != before["id"]
    assert room.item("Kuis mingguan: siapa juaranya") == before


@pytest.mark.parametrize("gone", [False, True])
def test_daily_templates_are_never_joined(room: House, clock: Clock, gone: bool) -> None:
    """Prayer times and gold prices: the same words every day, and yesterday's leaves as today's appears."""

    def times(day: int) -> list[str]:
        city = [
            f"{name}: Subuh 04:{(day + n) % 60:02}, Magrib 18:{(day * 3 + n) % 60:02}"
            for n, name in enumerate(("Jakarta", "Bogor", "Depok", "Bekasi", "Tangerang"))
        ]
        return ["Berikut jadwal salat untuk hari ini menurut pemerintah daerah di wilayah ibu kota.", *city]

    seen: list[str] = []
    for day in range(3):
        for kind in ("jadwal", "emas"):
            path = f"/read/{kind}-{day}"
            title = "Jadwal salat Jakarta hari ini" if kind == "jadwal" else f"Harga emas {18 + day} Desember"
            body = (
                times(day) if kind == "jadwal" else [*text("emas"), f"Harga Rp 2.{345 + day}.000 per gram."]
            )
            room.site.publish(path, title, "/berita", body=body)
            if day:
                old = f"/read/{kind}-{day - 1}"
                room.site.lists["/berita"].remove(old)
                if gone:
                    room.site.stories[old].status = 404
        room.look()
        seen += [one["id"] for one in room.items() if "hari ini" in one["title"] or "emas" in one["title"]]
        room.look(hours=24)
    numbers = {room.find(f"/read/{kind}-{day}") for kind in ("jadwal", "emas") for day in range(3)}
    assert len(numbers) == 6
    states = [row["state"] for row in room.rows("article") if row["no"] in numbers]
    assert states.count("live") == (6 if not gone else 2)
    assert "merged" not in states


LINK = '<p>Baca <a href="https://x.example/?id=1">laporan lengkapnya</a> di sini.</p>'


@pytest.mark.parametrize(
    "extra",
    [
        '<p>Baca  <a href="https://x.example/?utm_source=b&amp;id=1">laporan\n lengkapnya</a> di sini.</p>',
        f'{LINK}<div class="ads"><ins class="adsbygoogle" data-slot="7"></ins><script>ad(7)</script></div>',
        f"{LINK}<p>Dibaca 1.234 kali</p>",
        f'{LINK}<div class="share-buttons"><span>12 shares</span></div>',
        f'{LINK}<img src="https://p.example/px.gif?r=9" width="1" height="1">',
    ],
    ids=["space and tracking", "advertisement", "counter", "shares", "pixel"],
)
def test_what_no_reader_notices_changes_nothing(room: House, extra: str) -> None:
    story = room.site.publish("/read/a", "Banjir melanda tiga desa", "/berita", extra=LINK)
    room.look()
    tags, before = room.pipeline.tags(), room.item("Banjir melanda tiga desa")
    story.extra = extra
    asked = len(room.site.asked("/read/a"))
    room.look(minutes=9)
    room.look(minutes=9)
    assert len(room.site.asked("/read/a")) > asked
    assert room.item("Banjir melanda tiga desa") == before
    assert room.pipeline.tags() == tags
    assert room.rows("revision") == []


@pytest.mark.slow
def test_pages_are_looked_at_again_on_time_and_conditionally(room: House) -> None:
    room.site.publish("/read/a", "Banjir melanda tiga desa", "/berita")
    born = room.clock()
    moments: list[timedelta] = []
    count = 0
    while room.clock() < born + timedelta(hours=26):
        room.look(minutes=4)
        now = len(room.site.asked("/read/a"))
        moments += [room.clock() - born] * (now - count)
        count = now
    asked = room.site.asked("/read/a")
    assert "if-none-match" not in asked[0]
    assert all("if-none-match" in headers for headers in asked[1:])
    wanted = [timedelta(minutes=m) for m in (15, 60, 360, 1440)]
    for moment in wanted:
        assert any(moment <= at <= moment + timedelta(minutes=6) for at in moments), moment
    assert len(asked) <= 8
