"""The source namespace in RSS: where it is switched on, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from tests.asking import ask
from tests.judges import complaints
from tests.takers.room import Room

SOURCE = "{http://source.scripting.com/}"
SITE = 'markdown = true\naccounts = { mastodon = "@redaksi@sosial.example", bluesky = "news.example" }\n'


def test_accounts_and_full_texts_stand_in_rss(tmp_path: Path) -> None:
    """The channel names the accounts, each full entry has its text in Markdown; Atom has nothing of it."""
    room = Room(tmp_path, "", articles=8, site=SITE)
    try:
        room.publish()
        front = room.front()
        rss = ask(front, "/feeds/s0.rss").body
        assert not complaints(rss)
        channel = etree.fromstring(rss).find("channel")
        assert channel is not None
        accounts = {one.get("service"): one.text for one in channel.findall(f"{SOURCE}account")}
        assert accounts == {"mastodon": "@redaksi@sosial.example", "bluesky": "news.example"}
        for item in channel.findall("item"):
            text = item.findtext(f"{SOURCE}markdown")
            assert text
            assert "<" not in text
            paragraphs = etree.HTML(
                item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") or ""
            ).findall(".//p")
            assert text.split("\n\n") == [one.text for one in paragraphs]
        assert b"source.scripting.com" not in ask(front, "/feeds/s0.atom").body
    finally:
        room.close()


def test_nothing_is_said_unless_it_is_switched_on(tmp_path: Path) -> None:
    room = Room(tmp_path, "", articles=8)
    try:
        room.publish()
        assert b"source.scripting.com" not in ask(room.front(), "/feeds/s0.rss").body
    finally:
        room.close()
