"""The same story told by several desks: one entry, where that is wanted, and never two stories in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from tests.collect.newsroom import ATOM, House, house, text
from tests.conftest import Clock
from tests.servers import ScriptedServer

DESKS = """
[latest]
merge_duplicates = true
[[section]]
slug = "berita"
sources = [{ page = "SITE/berita", every = "60s" }]
[[section]]
slug = "daerah"
sources = [{ page = "SITE/daerah", every = "60s" }]
"""


def copies(room: House) -> None:
    body = text("kantor berita")
    room.site.publish("/read/asli", "Kapal feri kandas di selat", "/berita", body=body)
    room.look()
    room.site.publish(
        "/daerah/salin", "Feri kandas, penumpang selamat", "/daerah", body=[*body, "Laporan daerah."]
    )
    room.site.publish("/daerah/lain", "Kapal feri kandas 2 kali", "/daerah", body=body)  # another number
    room.look()


@pytest.mark.slow
def test_near_equal_articles_are_one_entry_of_latest(
    tmp_path: Path, clock: Clock, upstream: ScriptedServer
) -> None:
    filled = {"/daerah": [f"/read/isi-{n}" for n in range(6)]}
    with house(tmp_path, clock, upstream, DESKS, lists=filled) as room:
        copies(room)
        titles = room.titles("latest")
        assert "Kapal feri kandas di selat" in titles
        assert "Kapal feri kandas 2 kali" in titles
        assert "Feri kandas, penumpang selamat" not in titles
        assert "Feri kandas, penumpang selamat" in room.titles("daerah")  # its own section carries it
        assert len(room.items("latest")) == 8
        head = room.item("Kapal feri kandas di selat", "latest")
        (related,) = head["_feedsvc"]["related"]
        copy = room.item("Feri kandas, penumpang selamat", "daerah")
        assert related == {"id": copy["id"], "url": copy["url"], "title": copy["title"]}
        for path, link in (("latest.atom", f"{ATOM}link"), ("latest.rss", f"{ATOM}link")):
            root = etree.fromstring(room.document(f"/feeds/{path}"))
            found = [one for one in root.iter(link) if one.get("rel") == "related"]
            assert [(one.get("href"), one.get("title")) for one in found] == [(copy["url"], copy["title"])]
        # it keeps its dates: a copy is no correction
        assert "date_modified" not in head or head["date_modified"] == head["date_published"]
        # without the first one the copy stands for itself
        room.editorial.withdraw(room.find("/read/asli"))
        room.look()
        assert "Feri kandas, penumpang selamat" in room.titles("latest")


@pytest.mark.slow
def test_copies_of_another_day_are_entries_of_their_own(
    tmp_path: Path, clock: Clock, upstream: ScriptedServer
) -> None:
    filled = {"/daerah": [f"/read/isi-{n}" for n in range(6)]}
    with house(tmp_path, clock, upstream, DESKS, lists=filled) as room:
        body = text("kantor berita")
        room.site.publish("/read/asli", "Kapal feri kandas di selat", "/berita", body=body)
        room.look(hours=24)
        room.site.publish("/daerah/salin", "Feri kandas di selat", "/daerah", body=body)
        room.look()
        assert {"Kapal feri kandas di selat", "Feri kandas di selat"} <= set(room.titles("latest"))


@pytest.mark.slow
def test_unless_it_is_wanted_every_article_is_an_entry(
    tmp_path: Path, clock: Clock, upstream: ScriptedServer
) -> None:
    filled = {"/daerah": [f"/read/isi-{n}" for n in range(6)]}
    with house(
        tmp_path,
        clock,
        upstream,
        DESKS.replace("merge_duplicates = true", "merge_duplicates = false"),
        lists=filled,
    ) as room:
        copies(room)
        assert len(room.items("latest")) == 9
        assert not any("related" in one.get("_feedsvc", {}) for one in room.items("latest"))
