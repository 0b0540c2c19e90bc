"""One page of an invented newsroom as many themes would write it, without metadata: the same is read."""

from __future__ import annotations

from itertools import product

import pytest

from feedsvc.extract import article
from feedsvc.model import ArticleReading

TITLE = "Pelabuhan Lama Dibuka Kembali untuk Kapal Penumpang"
WHEN = "SELASA, 3 MARET 2026 | 16:40 WIB"
CAPTION = "Dermaga timur setelah diperbaiki (Foto: Humas Pelabuhan)"
PARAGRAPHS = [
    "Pelabuhan lama di sisi timur kota dibuka kembali pada Selasa pagi setelah perbaikan selama dua tahun.",
    "Wali kota menyebut pembukaan itu penting bagi nelayan yang selama ini memakai dermaga sempit.",
    "“Kami menunggu lama, tetapi dermaga ini sekarang kuat,” ujar seorang nakhoda kapal penumpang di lokasi.",
    "Kapal pertama berangkat pukul sembilan dengan dua ratus penumpang menuju pulau-pulau di teluk selatan.",
]
OTHERS = [
    ("Harga Ikan Turun Menjelang Akhir Pekan di Pasar Utara", "Rabu, 04 Maret 2026 | 08:15"),
    ("Sekolah Pelayaran Menerima Seratus Siswa Baru Tahun Ini", "Senin, 02 Maret 2026 | 19:05"),
    ("Jembatan Gantung di Hulu Sungai Ditutup Dua Hari", "Minggu, 01 Maret 2026 | 11:30"),
    ("Perpustakaan Keliling Kembali Menyusuri Pesisir Barat", "Jumat, 27 Februari 2026 | 07:45"),
]


def _boxes(tag: str) -> str:
    cards = "".join(
        f"<{tag}><a href=/baca/{n}><img src=/kecil/{n}.jpg></a><a href=/baca/{n}>{title}</a>"
        f"<span>{when}</span></{tag}>"
        for n, (title, when) in enumerate(OTHERS)
    )
    return f"<div><span>Terpopuler</span>{cards}</div><a href=/indeks>Selengkapnya</a>"


def _page(photo: str, date: str, boxes: str, style: str, named: bool) -> str:
    def called(name: str) -> str:
        return f' class="{name if named else "k" + str(len(name))}"'

    picture = f"<div{called('foto')}><img src=/besar/dermaga-timur.jpg><p>{CAPTION}</p></div>"
    line = f"<div{called('tanggal')}>{WHEN} | LAPORAN: <b>RINA HALIM</b></div>"
    heading = f"<h1>{TITLE}</h1>"
    head = line + heading if date == "before" else heading + line
    head = picture + head if photo == "above" else head + picture
    if style == "breaks":
        text = "<br><br>".join(PARAGRAPHS)
    else:
        tag = "p" if style == "paragraphs" else "div"
        text = "".join(f"<{tag}>{paragraph}</{tag}>" for paragraph in PARAGRAPHS)
    story = f"<div>{head}<div{called('isi')}>{text}</div></div>"
    side = f"<div{called('kolom')}>{_boxes('li' if named else 'div')}</div>"
    columns = side + story if boxes == "left" else story + side
    menu = "<ul><li><a href=/kota>Kota</a><li><a href=/laut>Laut</a><li><a href=/pasar>Pasar</a></ul>"
    return f"<html lang=id><head><title>{TITLE}</title></head><body>{menu}<div>{columns}</div></body></html>"


MARKUPS = list(
    product(
        ("above", "below"),
        ("before", "after"),
        ("left", "right"),
        ("paragraphs", "divs", "breaks"),
        (True, False),
    )
)


@pytest.mark.parametrize(("photo", "date", "boxes", "style", "named"), MARKUPS)
def test_a_reader_sees_the_same_in_every_markup(
    photo: str, date: str, boxes: str, style: str, named: bool
) -> None:
    page = _page(photo, date, boxes, style, named)
    reading = article.read(page, url="https://kabarlaut.example/kota/pelabuhan-lama-dibuka")
    draft = reading.draft
    assert draft.title == TITLE
    assert draft.published is not None
    assert draft.published.at.isoformat() == "2026-03-03T16:40:00+07:00"
    assert draft.authors == ("Rina Halim",)
    assert draft.image is not None
    assert draft.image.url.endswith("/besar/dermaga-timur.jpg")
    assert reading.body_text.split("\n") == PARAGRAPHS


TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def _read(head: str, body: str = TEXT, meta: str = "") -> ArticleReading:
    page = (
        f"<html lang=en><head><title>{TITLE}</title>{meta}</head><body><article><h1>{TITLE}</h1>{head}{body}"
    )
    return article.read(page, url="https://harbour.example/2026/03/03/port")


@pytest.mark.parametrize(
    ("head", "people"),
    [
        ("<div>Posted on March 3, 2026 by Mara Quill</div>", ("Mara Quill",)),
        ("<small>03.03.2026 | 13:10 Uhr | Uwe Keller</small>", ("Uwe Keller",)),
        ("<p>Mara Quill</p><p>3 March 2026</p>", ("Mara Quill",)),
        ("<div class=author>Dan Fields</div>", ("Dan Fields",)),
        ("<p>By Lucía Arce y Romero, 3 March 2026</p>", ("Lucía Arce y Romero",)),
        ("<p>記者陳小美／高雄報導</p>", ("陳小美",)),
    ],
)
def test_bylines_that_readers_see(head: str, people: tuple[str, ...]) -> None:
    assert _read(head).draft.authors == people


@pytest.mark.parametrize(
    ("head", "people"),
    [
        ("<div class=names><span>Mara Quill</span> <span>Ivo Brandt</span></div><p>3 March 2026</p>", 2),
        ("<div><b>Mara Quill</b> Deputy Content Hub Director</div><p>3 March 2026</p>", 1),
        ("<div>Mara Quill</div><div>Ivo Brandt</div><p>3 March 2026, 10:15</p>", 2),
        ("<p><strong>Mara Quill/Ivo Brandt</strong></p>", 2),
        ("<div class=byline>Mara Quill | Ivo Brandt</div>", 2),
        ("<p>von Mara Quill, Redaktion</p>", 1),
        ("<p>By Mara Quill and Ivo Brandt <span>Reuters</span></p>", 2),
    ],
)
def test_people_are_parted_by_elements_bars_lines_and_roles(head: str, people: int) -> None:
    assert _read(head).draft.authors == ("Mara Quill", "Ivo Brandt")[:people]


@pytest.mark.parametrize(
    "head",
    [
        "<span class=author-views>Views (<b>23925</b>)</span>",
        "<h2>Mara Quill</h2>",
        "<a href=/other><h4>Harbour master resigns after a dispute</h4><i class=author>Mara Quill</i></a>",
        "<div>© Mara Quill</div><p>3 March 2026</p>",
    ],
)
def test_what_is_written_like_a_name_is_not_always_the_author(head: str) -> None:
    assert _read(head).draft.authors == ()


def test_who_is_in_the_news_is_not_its_reporter() -> None:
    told = f"<p>Mara Quill went to the port on Monday.</p><p>{PARAGRAPHS[0]} So said Mara Quill.</p>"
    assert _read("<p>Mara Quill</p>", told + TEXT).draft.authors == ()
    assert _read("<p>Mara Quill</p>").draft.authors == ("Mara Quill",)


def test_a_reporter_who_took_the_pictures_is_no_editor() -> None:
    data = (
        '<script type="application/ld+json">{"@type":"NewsArticle","author":{"name":"Mara Quill"}}</script>'
    )
    house = '<meta name=author content="Northern Press Group">'
    head = "<p>By Mara Quill</p><p>Photograph: Mara Quill</p>"
    assert _read(head, TEXT, data + house).draft.authors == ("Mara Quill",)


def test_the_byline_is_whole_where_the_data_name_only_the_first() -> None:
    data = (
        '<script type="application/ld+json">{"@type":"NewsArticle","author":{"name":"Mara Quill"}}</script>'
    )
    assert _read("<p>By Mara Quill and Ivo Brandt</p>", TEXT, data).draft.authors == (
        "Mara Quill",
        "Ivo Brandt",
    )


def test_the_editor_in_the_data_gives_way_to_the_reporter_on_the_page() -> None:
    named = '{"@type":"NewsArticle","author":{"@type":"Person","name":"Gustav Orr"}}'
    data = f'<script type="application/ld+json">{named}</script>'
    reading = _read("<div class=author>Mara Quill</div>", TEXT + "<p>Editor: Gustav Orr</p>", data)
    assert reading.draft.authors == ("Mara Quill",)


def test_entities_in_addresses_are_undone_once() -> None:
    meta = '<meta property="og:image" content="https://img.example/p.jpg?w=900&amp;section=2&amp;copy=1">'
    image = _read("", TEXT, meta).draft.image
    assert image is not None
    assert image.url == "https://img.example/p.jpg?w=900&section=2&copy=1"


def test_a_table_of_times_stays_in_the_text() -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>{clock}</td></tr>"
        for name, clock in [("Subuh", "04:12"), ("Zuhur", "11:58"), ("Asar", "15:20"), ("Magrib", "18:04")]
    )
    content = _read("", f"<p>{PARAGRAPHS[0]}</p><table>{rows}</table>{TEXT}").draft.content
    assert all(clock in content for clock in ("04:12", "11:58", "15:20", "18:04"))


def test_the_weight_of_a_date_is_told() -> None:
    reading = _read("<p>3 March 2026, 10:15 WIB</p>")
    said = [one for one in reading.evidence if one.field == "published" and one.used]
    assert said
    assert "by the headline" in said[0].note


def test_what_is_certain_is_called_so_and_what_is_missing_is_not() -> None:
    sure = _read("<div class=author>Mara Quill</div><p>3 March 2026, 10:15 WIB</p>").draft.confidence
    assert sure["published"] >= 0.9
    assert sure["title"] >= 0.9
    assert sure["image"] == 0.0
    assert _read("").draft.confidence["authors"] == 0.0


def test_a_hidden_twin_of_the_text_is_left_out() -> None:
    twin = f"<div style='display:none'><div>{' '.join(PARAGRAPHS)}</div></div>"
    assert _read("", TEXT + twin).body_text.split("\n") == PARAGRAPHS


def test_adverts_between_parts_of_a_text_end_nothing() -> None:
    paragraphs = [f"<p>{each}</p>" for each in PARAGRAPHS]
    halves = [f"<div class=part>{''.join(half)}</div>" for half in (paragraphs[:2], paragraphs[2:])]
    assert _read("", "<div class=ad><i>Advert</i></div>".join(halves)).body_text.split("\n") == PARAGRAPHS


def test_what_people_posted_is_quoted() -> None:
    said = "<p>The new pier looks crooked.</p>— A <a href=https://x.example/1>1</a>"
    post = f"<blockquote class=twitter-tweet>{said}</blockquote>"
    content = _read("", f"<p>{PARAGRAPHS[0]}</p>{post}{TEXT}").draft.content
    assert "The new pier looks crooked." in content


def test_a_heading_that_leads_home_is_no_headline() -> None:
    page = (
        f"<html><head><title>Notes of Ann: {TITLE}</title></head><body><h1><a href=/>Notes of Ann</a></h1>"
        f"<div><h3>{TITLE}</h3><h1>The beginning</h1>{TEXT}</div>"
    )
    meta = f'<meta property="og:title" content="{TITLE}">'
    page = page.replace("</head>", meta + "</head>")
    assert article.read(page, url="https://ann.example/notes/port").draft.title == TITLE


def test_a_line_of_tags_is_no_text() -> None:
    tags = "<div>Tags: <a href=/tag/a>Harbour</a> <a href=/tag/b>Ships</a></div>"
    assert _read("", TEXT + tags).body_text.split("\n") == PARAGRAPHS


def test_days_in_bold_letters_divide_a_chronology() -> None:
    days = [f"<p><b>Monday {day} March 2026 18:0{day}</b></p>" for day in (2, 9)]
    text = f"<p>{PARAGRAPHS[0]}</p>{days[0]}<p>{PARAGRAPHS[1]}</p>{days[1]}<p>{PARAGRAPHS[3]}</p>"
    content = _read("", text).draft.content
    assert "Monday 2 March 2026 18:02" in content
    assert "Monday 9 March 2026 18:09" in content
