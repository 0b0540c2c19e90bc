"""Where a list goes on: next, older, numbers and "more" in the languages of the press."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.dates.moment import Precision
from feedsvc.extract import listing
from feedsvc.extract.listing.paging import turns_page

URL = "https://news.example/politik"
NUMBERS = "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh".split()
CARDS = "".join(
    f"<li><h3><a href='/politik/{9000 + n}-menteri-bertemu-warga-desa-{word}'>"
    f"Menteri bertemu warga desa {word}</a></h3><p>Kamis, 18 Desember 2025 | 1{n}:00 WIB</p></li>"
    for n, word in enumerate(NUMBERS)
)


def older(links: str, url: str = URL, head: str = "") -> list[str]:
    """The addresses of older pages that a section page with these links after its list leads to."""
    menu = "<nav><a href=/>Home</a><a href=/politik>Politik</a></nav>"
    page = (
        f"<html><head>{head}<title>Politik</title></head><body>{menu}<h1>Politik</h1><ul>{CARDS}</ul>"
        f"{links}<footer>Kabar</footer></body></html>"
    )
    return [address.removeprefix("https://news.example") for address in listing.read(page, url=url).older]


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/politik?page=2'>Muat lebih banyak</a>",
        "<a href='/politik?page=2'>Halaman selanjutnya</a>",
        "<div class=load><a class=btn href='/politik?page=2'>Muat Berita Lainnya</a></div>",
        "<a rel=next href='?page=2'>&nbsp;</a>",
        "<div class=pager><a href='/politik?page=2'>Weitere Artikel laden</a></div>",
        "<div class=nav-previous><a href='/politik?page=2'>← Older posts</a></div>",
        "<a class=more href='/politik?page=2'>Page suivante ›</a>",
        "<a href='/politik?page=2'>Siguiente &raquo;</a>",
        "<a href='/politik?page=2'>Mais notícias</a>",
        "<a href='/politik?page=2'>Carica altri</a>",
        "<a href='/politik?page=2'>Meer laden</a>",
        "<a href='/politik?page=2'>Następna strona</a>",
        "<a href='/politik?page=2'>Показать ещё</a>",
        "<a href='/politik?page=2'>Daha fazla</a>",
        "<a href='/politik?page=2'>الصفحة التالية</a>",
        "<a href='/politik?page=2'>次のページへ</a>",
        "<a href='/politik?page=2'>더보기</a>",
        "<a href='/politik?page=2'>加载更多</a>",
        "<a href='/politik?page=2'>Trang sau</a>",
        "<a href='/politik?page=2'>Words of no language that is known here</a>",
    ],
)
def test_a_link_to_the_next_page_is_known_in_any_language(link: str) -> None:
    assert older(link) == ["/politik?page=2"]


@pytest.mark.parametrize(
    ("links", "url", "expected"),
    [
        ("<a href='/indeks/politik'>Selengkapnya</a>", URL, ["/indeks/politik"]),
        (
            "<a href='/politik?pagina=2&amp;sort=new'>Ver</a>",
            f"{URL}?sort=new",
            ["/politik?pagina=2&sort=new"],
        ),
        ("<a href='/politik/page/2/'>Berikutnya</a>", URL, ["/politik/page/2/"]),
        ("<a href='/politik/seite-2.html'>Dort</a>", URL, ["/politik/seite-2.html"]),
        (
            "<p><b>2</b><a href='/politik/page/3'>3</a><a href='/politik/page/4'>4</a></p>",
            f"{URL}/page/2",
            ["/politik/page/3", "/politik/page/4"],
        ),
        (
            "<p><a href='/politik?page=2'>Sebelumnya</a><a href='/politik?page=4'>Selanjutnya</a></p>",
            f"{URL}?page=3",
            ["/politik?page=4"],
        ),
        (
            "<p><b>1</b><a href='?page=2'>2</a><a href='?page=3'>3</a>…<a href='?page=90'>90</a></p>",
            URL,
            ["/politik?page=2", "/politik?page=3", "/politik?page=90"],
        ),
    ],
)
def test_older_pages_come_nearest_first(links: str, url: str, expected: list[str]) -> None:
    assert older(links, url) == expected


@pytest.mark.parametrize(
    "links",
    [
        "",
        "<div class=pagination><a href='https://other.example/politik?page=2'>Next</a></div>",
        "<div class=pagination><a href='/politik'>Next</a><a href='/politik#x'>Selengkapnya</a></div>",
        "<p><a href='/politik?page=1'>Terbaru</a></p>",
        "<p><a href='/ekonomi?page=2'>Ekonomi</a></p>",
        "<p><a href='/politik?sort=2'>Urutkan</a></p>",
    ],
    ids=["none", "foreign", "itself", "newer", "elsewhere", "sorted"],
)
def test_what_leads_nowhere_older_is_left_out(links: str) -> None:
    assert older(links) == []


def test_what_the_head_declares_is_taken() -> None:
    assert older("", head="<link rel=next href='/politik?page=2'>") == ["/politik?page=2"]


@given(st.integers(1, 998), st.sampled_from(["?page={}", "/page/{}/", "?hal={}&a=b", "/seite-{}.html"]))
def test_only_the_number_after_this_one_turns_the_page(number: int, form: str) -> None:
    here = URL + form.format(number)
    assert turns_page(URL + form.format(number + 1), here)
    assert not turns_page(URL + form.format(number), here)
    assert not turns_page(URL + form.format(number + 2), here)


@pytest.mark.parametrize("canonical", ["/", "/politik/9000-menteri-bertemu-warga", "https://other.example/"])
def test_a_wrong_canonical_address_of_a_section_and_days_without_clocks_do_no_harm(canonical: str) -> None:
    cards = re.sub(r" \| 1\d:00 WIB", "", CARDS)
    head = f"<html lang=id><head><link rel=canonical href='{canonical}'></head>"
    page = f"{head}<body><h1>Politik</h1><ul>{cards}</ul>"
    main = listing.read(page, url=URL, zone=ZoneInfo("Asia/Jakarta")).main
    assert main is not None
    assert len(main.items) == len(NUMBERS)
    assert {item.url.split("/")[2] for item in main.items} == {"news.example"}
    assert {item.published.precision for item in main.items if item.published} == {Precision.DAY}
    assert all(item.published for item in main.items)
