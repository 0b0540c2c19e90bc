"""The words and times of pages, catalogues of the package and of an operator's own, the pinned scripts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from feedsvc.dates import Precision
from feedsvc.model import ListKind, ListSpec
from feedsvc.render import assets
from feedsvc.render.language import LOCALE, Language
from feedsvc.render.pages import EmbedLook, Pages
from tests.makers import JAKARTA, SITE, article
from tools.make_catalogues import texts, updated

AT = datetime(2025, 12, 18, 17, 9, tzinfo=UTC)
LATEST = ListSpec(key="latest", slug="latest", kind=ListKind.LATEST, title="Contoh", combined=True)
POLITIK = ListSpec(key="politik", slug="politik", kind=ListKind.SECTION, title="Politik")


@pytest.mark.parametrize("file", sorted(LOCALE.glob("*.po")), ids=lambda path: path.stem)
def test_every_text_is_translated(file: Path) -> None:
    with file.open("rb") as stream:
        catalogue = read_po(stream, abort_invalid=True)
    wanted = {message.id for message in texts() if message.id}
    found = {message.id: message for message in catalogue if message.id}
    assert set(found) == wanted, "python tools/make_catalogues.py brings it up to date"
    for message in found.values():
        assert message.string
        assert not message.fuzzy
        assert all(message.string) if isinstance(message.string, tuple) else True
        one = str(message.id[0] if isinstance(message.id, tuple) else message.id)
        said = str(message.string[0] if isinstance(message.string, tuple) else message.string)
        assert re.findall(r"%\(\w+\)s", one) == re.findall(r"%\(\w+\)s", said)
    assert read_po_text(updated(file)) == {one: found[one].string for one in wanted}


def read_po_text(data: bytes) -> dict[object, object]:
    return {message.id: message.string for message in read_po(data.decode().splitlines()) if message.id}


@pytest.mark.parametrize(
    ("tag", "zone", "precision", "said"),
    [
        ("id", JAKARTA, None, "19 Des 2025, 00.09 WIB"),
        ("id", JAKARTA, Precision.DAY, "19 Des 2025"),
        ("en", ZoneInfo("Europe/London"), None, "Dec 18, 2025, 5:09\N{NARROW NO-BREAK SPACE}PM GMT"),
        ("en", ZoneInfo("Asia/Dubai"), None, "Dec 18, 2025, 9:09\N{NARROW NO-BREAK SPACE}PM UTC+04"),
        ("xx", JAKARTA, Precision.DAY, "Dec 19, 2025"),
    ],
)
def test_times_stand_in_the_zone_and_language(
    tag: str, zone: ZoneInfo, precision: Precision | None, said: str
) -> None:
    assert Language(tag).moment(AT, zone, precision) == said


def test_a_folder_brings_a_language(tmp_path: Path) -> None:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (tmp_path / "ar.po").write_text(head + 'msgid "Latest news"\nmsgstr "آخر الأخبار"\n')
    (tmp_path / "de.po").write_text("this is no catalogue\n")
    site = SITE
    pages = Pages(site, [LATEST, POLITIK], translations=str(tmp_path))
    assert pages.language("ar-EG").translations.gettext("Latest news") == "آخر الأخبار"
    assert pages.language("ar").direction == "rtl"
    assert pages.language("de").translations.gettext("Latest news") == "Latest news"
    assert pages.language("id").translations.gettext("Latest news") == "Berita terbaru"


def test_a_page_speaks_the_language_of_its_list() -> None:
    english = ListSpec(key="en", slug="en", kind=ListKind.SECTION, title="English", language="en")
    pages = Pages(SITE, [LATEST, POLITIK, english])
    assert b'<html lang="id" dir="ltr">' in pages.list_page(POLITIK, [])
    assert b"Langganan" in pages.list_page(POLITIK, [])
    assert b'<html lang="en" dir="ltr">' in pages.list_page(english, [])
    assert b"Subscribe" in pages.list_page(english, [])


def test_nothing_in_an_article_becomes_markup() -> None:
    bad = '"><script>alert(1)</script>'
    one = article(1, AT, title=bad, summary=bad, authors=(bad,), url="https://news.example/1")
    pages = Pages(SITE, [LATEST, POLITIK])
    for html in (
        pages.list_page(POLITIK, [one]),
        pages.embed(POLITIK, [one], EmbedLook()),
        pages.embed(POLITIK, [one], EmbedLook(), fragment=True),
        pages.directory({"latest": [one], "politik": [one]}, tags=[("x", bad, 1)], authors=[], now=AT),
        pages.search_page("q=x", {"q": bad}, [one]),
    ):
        assert b"<script>alert" not in html
        assert b"alert(1)" in html


def test_released_scripts_never_change() -> None:
    """Sites pin them: docs/integrate.md names the hash of each, and each stays as small as it is promised."""
    docs = (Path(__file__).parent.parent.parent / "docs/integrate.md").read_text()
    known = dict(re.findall(r"\| `/embed-(\d+)\.js` \| `(sha384-[^`]+)` \|", docs))
    assert known == {str(number): assets.integrity(number) for number in assets.scripts()}
    for one in assets.assets():
        if one.path.startswith("/embed"):
            assert len(one.gzip) <= 6000
