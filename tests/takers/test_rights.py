"""What others may do stands where machines and people look for it; where nothing is set, nothing is said."""

from __future__ import annotations

import json
from pathlib import Path

from lxml import etree

from tests.asking import ask
from tests.judges import ATOM, DC, complaints
from tests.takers.room import BASE, Room, ask_built

RIGHTS = """
[rights]
statement = "Bebas dibaca & dikutip"
licence = "https://news.example/lisensi"
permits = ["search", "ai-index"]
prohibits = ["ai-train"]
usage = "train-ai=n"
[[taker]]
slug = "rahasia"
access = "token"
"""
RSL = "{https://rslstandard.org/rsl}"


def test_rights_stand_in_feeds_robots_and_the_licence(tmp_path: Path) -> None:
    room = Room(tmp_path, RIGHTS, articles=12)
    try:
        room.publish()
        front = room.front()
        rss = ask(front, "/feeds/s0.rss")
        channel = etree.fromstring(rss.body).find("channel")
        assert channel is not None
        assert not complaints(rss.body)
        assert channel.findtext(f"{DC}rights") == "Bebas dibaca & dikutip"
        assert rss.headers["Content-Usage"] == "train-ai=n"
        for root in (channel, etree.fromstring(ask(front, "/feeds/s0.atom").body)):
            links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
            assert links["license"] == "https://news.example/lisensi"
        atom = etree.fromstring(ask(front, "/feeds/s0.atom").body)
        assert atom.findtext(f"{ATOM}rights") == "Bebas dibaca & dikutip"
        feed = json.loads(ask(front, "/feeds/s0.json").body)
        assert feed["_feedsvc"]["licence"] == "https://news.example/lisensi"
        robots = ask(front, "/robots.txt").body.decode().splitlines()
        assert f"License: {BASE}/license.xml" in robots
        assert "Content-Usage: train-ai=n" in robots
        licence = etree.fromstring(ask(front, "/license.xml").body)
        assert licence.findtext(f".//{RSL}permits") == "search,ai-index"
        assert licence.findtext(f".//{RSL}prohibits") == "ai-train"
    finally:
        room.close()


OWN = """
[[taker]]
slug = "peneliti"
rights = { statement = "Untuk riset", usage = "train-ai=y", permits = ["ai-train"], prohibits = [] }
[[taker]]
slug = "mitra"
[rights]
statement = "Bebas dibaca"
prohibits = ["ai-train"]
usage = "train-ai=n"
items = true
"""
SECTION = 'rights = { statement = "Tanya dulu", prohibits = ["all"], usage = "train-ai=n, search=n" }'


def test_a_section_or_taker_says_otherwise(tmp_path: Path) -> None:
    room = Room(tmp_path, OWN, articles=12, section=SECTION)
    try:
        room.publish()
        front = room.front()
        said = {}
        for path in ("s0", "s1", "for/peneliti", "for/mitra"):
            answer = ask(front, f"/feeds/{path}.rss")
            channel = etree.fromstring(answer.body)[0]
            terms = channel.find(f"item/{RSL}content")
            assert terms is not None
            assert terms.get("url") == channel.findtext("item/link")
            said[path] = (
                channel.findtext(f"{DC}rights"),
                answer.headers["Content-Usage"],
                terms.findtext(f".//{RSL}permits"),
                terms.findtext(f".//{RSL}prohibits"),
            )
            assert not complaints(answer.body)
            assert not complaints(ask(front, f"/feeds/{path}.atom").body)
        assert said == {
            "s0": ("Tanya dulu", "train-ai=n, search=n", None, "all"),
            "s1": ("Bebas dibaca", "train-ai=n", None, "ai-train"),
            "for/peneliti": ("Untuk riset", "train-ai=y", "ai-train", None),
            "for/mitra": ("Bebas dibaca", "train-ai=n", None, "ai-train"),
        }
        for path in ("/feeds/s0", "/feeds/s0.ninjs", "/feeds/s0.rss?limit=1"):
            assert ask_built(front, path).headers["Content-Usage"] == "train-ai=n, search=n"
        robots = ask(front, "/robots.txt").body.decode().splitlines()
        usage = [line for line in robots if line.startswith("Content-Usage")]
        assert usage == ["Content-Usage: train-ai=n", "Content-Usage: /feeds/s0 train-ai=n, search=n"]
        licence = etree.fromstring(ask(front, "/license.xml").body)
        places = {one.get("url"): one.findtext(f".//{RSL}prohibits") for one in licence}
        own = dict.fromkeys(("/feeds/s0$", "/feeds/s0.*", "/feeds/s0/*"), "all")
        assert places == {"/": "ai-train"} | own
    finally:
        room.close()


def test_nothing_is_said_by_itself_and_the_menu_names_public_feeds(tmp_path: Path) -> None:
    room = Room(tmp_path, '[[taker]]\nslug = "rahasia"\naccess = "token"\n', articles=12)
    try:
        room.publish()
        front = room.front()
        rss = ask(front, "/feeds/s0.rss")
        assert b"rights" not in rss.body
        assert b"license" not in rss.body
        assert "Content-Usage" not in rss.headers
        assert ask(front, "/license.xml").status == 404
        assert b"License" not in ask(front, "/robots.txt").body
        menu = json.loads(ask(front, "/.well-known/feed-menu.json").body)
        assert menu["feed-menu"] == "Kantor Berita Contoh"
        addresses = [one["atom"] for one in menu["items"]]
        assert addresses[:2] == [f"{BASE}/feeds/latest.atom", f"{BASE}/feeds/s0.atom"]
        for one in addresses:
            assert ask(front, one.removeprefix(BASE)).status == 200
    finally:
        room.close()
