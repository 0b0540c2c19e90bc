"""The rules of single fields, each with the shapes that they were made for."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedsvc.extract import article
from feedsvc.extract.article.captions import split_credit
from feedsvc.extract.article.house import House
from feedsvc.extract.article.people import clean_name, names_in
from feedsvc.extract.article.renditions import picture_keys, width_in
from feedsvc.model import Draft

HOUSE = House(frozenset({"kabarkini", "kabarkiniexample"}))
URL = "https://kabarkini.example/politik/2025/12/18/690412/sidang-dewan-ditunda"
TEXT = "<p>Sidang dewan ditunda sampai hari Senin karena ruang sidang masih tergenang air.</p>" * 3


def _draft(head: str = "", above: str = "", body: str = TEXT, *, url: str = URL) -> Draft:
    page = f"<html lang=id><head>{head}</head><body><article><h1>Sidang Dewan Ditunda</h1>{above}{body}"
    zone = ZoneInfo("Asia/Jakarta")
    now = datetime(2025, 12, 20, tzinfo=UTC)
    return article.read(page, url=url, zone=zone, now=now, body=False).draft


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("LAPORAN: HANI PUSPITA", ("Hani Puspita",)),
        ("REPORT : BUDI A. SANTOSO", ("Budi A. Santoso",)),
        ("Penulis: Rani Kusuma, Editor", ("Rani Kusuma",)),
        ("Oleh Made Suarta dan Ketut Lestari", ("Made Suarta", "Ketut Lestari")),
        ("By A. Smith, Political Editor, and Bea Lee", ("A. Smith", "Bea Lee")),
        ("Von Lene Brachvogel | 11.06.2025, 06:30 Uhr", ("Lene Brachvogel",)),
        ("Par Maëlle Trévidic à Brest", ("Maëlle Trévidic à Brest",)),
        ("記者：佐伯みどり", ("佐伯みどり",)),
        ("박준석 기자", ("박준석",)),
        ("Redaksi", ()),
        ("Tim Redaksi Kabar Kini", ()),
        ("kabarkini.example", ()),
        ("admin", ()),
        ("No Author", ()),
        ("ani@kabarkini.example", ()),
        ("By Anne O'NEILL-SMITH", ("Anne O'NEILL-SMITH",)),
        ("ANNE O'NEILL-SMITH", ("Anne O'Neill-Smith",)),
        ("Reuters", ("Reuters",)),
    ],
)
def test_names_in_a_byline(line: str, expected: tuple[str, ...]) -> None:
    assert names_in(line, HOUSE, is_line=True) == expected


def test_roles_and_places_are_no_part_of_a_name() -> None:
    assert clean_name("Reporter Ida Wirasti") == "Ida Wirasti"
    assert clean_name("Tobias Lund / Journalist") == "Tobias Lund"
    assert clean_name("Oda Fenwick (Coast Correspondent)") == "Oda Fenwick"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Forum film di Beijing (Foto: KBRI Beijing)", ("Forum film di Beijing", "KBRI Beijing")),
        ("Ketua dewan/Net", ("Ketua dewan", "Net")),
        ("Petugas di dermaga. Foto: Dok. Humas", ("Petugas di dermaga.", "Dok. Humas")),
        ("Nelayan pulang melaut (ANTARA FOTO/Budi)", ("Nelayan pulang melaut", "ANTARA FOTO/Budi")),
        ("Das Boot am Steg. © Tjark Ohlendieck", ("Das Boot am Steg.", "Tjark Ohlendieck")),
        ("A ship in harbour", ("A ship in harbour", "")),
        ("Jalan 24/7 dan/atau tol", ("Jalan 24/7 dan/atau tol", "")),
    ],
)
def test_caption_and_credit_are_apart(text: str, expected: tuple[str, str]) -> None:
    assert split_credit(text) == expected


def test_one_picture_in_two_sizes_is_recognised() -> None:
    one, other = (
        "https://i.example/crop/750x500/sekolah-apung.jpg",
        "https://cdn.example/sekolah-apung-1280x720.webp?q=1",
    )
    assert picture_keys(one) & picture_keys(other)
    assert not picture_keys("https://i.example/a/image.jpg") & picture_keys("https://i.example/b/image.jpg")
    assert width_in(one) == 750
    assert width_in("https://i.example/a.jpg?wid=54&w=650") == 54


@pytest.mark.parametrize(
    ("head", "above", "expected"),
    [
        # the time that is most carefully stated
        (
            '<meta property="article:published_time" content="2025-12-18T19:00:00+07:00">',
            "",
            "2025-12-18T19:00:00+07:00",
        ),
        # a naive stamp is in the zone of the site
        (
            '<meta property="article:published_time" content="2025-12-18 19:00:00">',
            "",
            "2025-12-18T19:00:00+07:00",
        ),
        # … or in that of another stamp
        (
            (
                '<meta name="pubdate" content="2025-12-18 19:00:00">'
                '<meta property="article:modified_time" content="2025-12-18T21:00:00+08:00">'
            ),
            "",
            "2025-12-18T19:00:00+08:00",
        ),
        # a day, completed by the line that readers see
        (
            '<meta name="date" content="2025-12-18">',
            "<p>Kamis, 18 Desember 2025 | 19:00 WIB</p>",
            "2025-12-18T19:00:00+07:00",
        ),
        # a lying Z, convicted by a written zone; with dashes in the time, too
        (
            '<meta name="publishdate" content="2025-12-18T19-00-53Z">',
            "<p>Kamis, 18 Des 2025 19:00 WIB</p>",
            "2025-12-18T19:00:53+07:00",
        ),
        # … or by the calendar: it would lie in the future
        (
            '<meta property="article:published_time" content="2025-12-20T05:00:00Z">',
            "",
            "2025-12-20T05:00:00+07:00",
        ),
        # an honest Z stays
        (
            '<meta property="article:published_time" content="2025-12-18T12:00:00Z">',
            "",
            "2025-12-18T12:00:00+00:00",
        ),
        # the address, when nothing else says anything
        ("", "", "2025-12-18T00:00:00+07:00"),
    ],
)
def test_published(head: str, above: str, expected: str) -> None:
    published = _draft(head, above).published
    assert published is not None
    assert published.at.isoformat() == expected


@pytest.mark.parametrize(
    ("canonical", "believed"),
    [
        ("https://kabarkini.example/politik/2025/12/18/690412/sidang-dewan-ditunda-lagi", True),
        ("https://www.kabarkini.example/politik/690412/sidang-dewan-ditunda", True),
        ("https://kabarkini.example/", False),
        ("https://kabarkini.example/politik", False),
        ("https://kabarkini.example/politik/2025/12/18/690777/harga-garam-naik-dua-kali-lipat", False),
        ("https://lain.example/politik/2025/12/18/690412/sidang-dewan-ditunda", False),
        ("javascript:alert(1)", False),
        ("http://[", False),
    ],
)
def test_a_canonical_address_has_to_name_this_article(canonical: str, *, believed: bool) -> None:
    draft = _draft(f'<link rel="canonical" href="{canonical}">')
    assert draft.url == (canonical if believed else URL)


def test_pieces_of_one_article_are_one_address() -> None:
    draft = _draft(f'<link rel="canonical" href="{URL}">', url=f"{URL}/2")
    assert draft.url == URL
    assert draft.also == (f"{URL}/2",)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Sidang Dewan Ditunda - Kabar Kini", "Sidang Dewan Ditunda"),
        ("Sidang Dewan Ditunda &amp; Diulang | Kabar Kini", "Sidang Dewan Ditunda & Diulang"),
        ("Kabar Kini: Sidang Dewan Ditunda Sampai Senin", "Sidang Dewan Ditunda Sampai Senin"),
        ("Sidang Dewan - Ditunda", "Sidang Dewan - Ditunda"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_headline(title: str, expected: str) -> None:
    page = f"<html><head><title>{title}</title></head><body><h1>Kabar Kini</h1>{TEXT}</body></html>"
    assert article.read(page, url=URL, body=False).draft.title == expected


def test_publishers_are_no_authors() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Sidang Dewan Ditunda",'
        '"author":[{"@type":"Organization","name":"Kabar Kini"},{"@type":"Person","name":"Admin"}]}</script>'
        '<meta name="author" content="Kabar Kini (www.kabarkini.example)">'
    )
    assert _draft(head).authors == ()
    assert _draft(head, "<p>KAMIS, 18 DESEMBER 2025 | LAPORAN: RANI KUSUMA</p>").authors == ("Rani Kusuma",)


def test_a_user_name_gives_way_to_the_name_that_readers_see() -> None:
    head = '<meta name="author" content="rkusuma">'
    assert _draft(
        head, '<span class="byline">Oleh <a rel="author" href="/p/rk">Rani Kusuma</a></span>'
    ).authors == ("Rani Kusuma",)


def test_a_picture_further_down_that_the_data_names_is_not_the_lead() -> None:
    text = "".join(
        f"<p>The harbour board met for the {n}th time and spoke at length about the bridge.</p>"
        for n in range(4, 9)
    )
    data = '{"@type": "NewsArticle", "headline": "Board agrees on the bridge", "image": ["/i/deck.jpg"]}'
    page = (
        '<html lang=en><head><meta property="og:image" content="/share/card.jpg">'
        f'<script type="application/ld+json">{data}</script></head><body><article>'
        "<h1>Board agrees on the bridge</h1><figure><img src=/i/bridge.jpg width=900>"
        f"</figure>{text}<figure><img src=/i/deck.jpg width=900></figure>{text}</article></body></html>"
    )
    image = article.read(page, url="https://post.example/2026/03/14/bridge").draft.image
    assert image is not None
    assert image.url == "https://post.example/i/bridge.jpg"
