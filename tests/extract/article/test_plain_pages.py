"""Article pages that nothing marks for machines: who signed, where the title is, what is no text."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedsvc.extract import article
from feedsvc.model import ArticleReading

TITLE = "Weather station on the ridge gets a second thermometer"
TEXT = (
    "The station on the ridge has measured since the railway came, and for as long nobody has believed it.",
    "A second thermometer now hangs beside the first one, and a guard reads both at seven in the morning.",
    "They differ by half a degree, which the guard puts down to the wind that comes around the signal box.",
)
OTHERS = (
    "Goats block the pass road for an afternoon",
    "Violin maker finds his spruce in a fallen barn",
    "New timetable leaves the valley before sunrise",
)


def read(body: str, *, title: str = TITLE, language: str = "en") -> ArticleReading:
    """The reading of a page with this body, which its title alone describes."""
    page = f"<html lang={language}><head><title>{title} - Ridge Post</title></head><body>{body}</body></html>"
    return article.read(
        page,
        url="https://ridge.example/read/817",
        zone=ZoneInfo("Europe/Vienna"),
        now=datetime(2026, 3, 9, tzinfo=UTC),
    )


def story(head: str = "", foot: str = "", text: tuple[str, ...] = TEXT) -> str:
    """A headline, what stands below it, the text, what stands below that."""
    return f"<div><h1>{TITLE}</h1>{head}{''.join(f'<p>{one}</p>' for one in text)}{foot}</div>"


@pytest.mark.parametrize(
    ("head", "people"),
    [
        ("<div>Submitted by <a href=/user/3>Edda Firn</a> on Sun, 03/08/2026 - 07:10</div>", ("Edda Firn",)),
        ("<div>Geschrieben von <span>Edda Firn</span></div><div>8. März 2026</div>", ("Edda Firn",)),
        (
            "<div><a href=/x/edda>Edda Firn</a><span>Published: 08.03.2026 - 07:10</span></div>",
            ("Edda Firn",),
        ),
        (
            "<div><a href=/u/1>Edda Firn</a><span>·</span><a href=/f>Follow</a></div><p>8 March 2026</p>",
            ("Edda Firn",),
        ),
        ("<div>Edda Firn (correspondent in the valley)</div><div>8 March 2026</div>", ("Edda Firn",)),
        ("<div>โดย มานะ ใจงาม</div><div>8 มี.ค. 2569 07:10 น.</div>", ("มานะ ใจงาม",)),
        ("<div><span>كتب: سامي ناصر</span> <span>8 مارس 2026</span></div>", ("سامي ناصر",)),
        ("<div>입력 2026.03.08 07:10 <em>이하늘 기자</em></div>", ("이하늘",)),
        ("<div>2026年3月8日 07:10　記者 佐藤一郎</div>", ("佐藤一郎",)),
        ("<div>Laporan Wira Kusuma</div><div>Minggu, 8 Maret 2026 07:10 WIB</div>", ("Wira Kusuma",)),
        ("<div>Minggu, 8 Maret 2026 07.10 WIB / Laporan <b>Wira Kusuma</b></div>", ("Wira Kusuma",)),
        (
            "<div><span>Laporan: <b>WIRA KUSUMA</b></span><span>Minggu, 8/3/2026</span></div>",
            ("Wira Kusuma",),
        ),
        ("<div><span>By <b>EDDA FIRN</b></span><span>SUNDAY, 8 MARCH 2026</span></div>", ("Edda Firn",)),
        (
            "<div><span>Oleh Wira Kusuma</span><span>Terbit: Minggu, 8 Maret 2026</span></div>",
            ("Wira Kusuma",),
        ),
        ("<p>Publicado el 8 de marzo de 2026 por Edda Firn</p>", ("Edda Firn",)),
        ("<p>Texte : Edda Firn. Photos : Max Kern</p><p>8 March 2026</p>", ("Edda Firn",)),
        ("<p>By Edda Read and Max Page</p>", ("Edda Read", "Max Page")),
        ("<p>Bởi Lê Thị Hoa</p>", ("Lê Thị Hoa",)),
        ("<p>Par Edda d'Oise et Max Kern</p>", ("Edda d'Oise", "Max Kern")),
        ("<p>Kyodo | 8 March 2026</p>", ("Kyodo",)),
        ("<p>林志明／高雄報導</p>", ("林志明",)),
        ("<p>文／林志明　圖／陳大文</p>", ("林志明",)),
        ("<p>文・写真＝佐藤一郎</p>", ("佐藤一郎",)),
        ("<p>글 이하늘 · 사진 박산</p>", ("이하늘",)),
        ("<p>كتبت - سلمى ناصر</p>", ("سلمى ناصر",)),
    ],
)
def test_who_wrote_it_is_read_from_the_line_below_the_headline(head: str, people: tuple[str, ...]) -> None:
    assert read(story(head)).draft.authors == people


@pytest.mark.parametrize(
    "foot",
    [
        "<p style='text-align: right'>Edda Firn</p>",
        "<p><strong>Edda Firn</strong></p>",
        "<p>(Edda Firn)</p>",
        "<p>– Edda Firn</p>",
        "<p>(Edda Firn / Innsbruck)</p>",
        "<p>(Reporting by Edda Firn; Editing by Max Kern)</p>",
        "<figure><img src=/a.jpg></figure><p align=right><em>Edda Firn</em></p>",
    ],
)
def test_a_name_below_the_last_paragraph_signs_the_text(foot: str) -> None:
    assert read(story(foot=foot)).draft.authors == ("Edda Firn",)


@pytest.mark.parametrize(
    "foot", ["<p><b>Worth Knowing:</b></p><ul><li>Bring a coat</li></ul>", "<p>Edda Firn was not there.</p>"]
)
def test_what_goes_on_below_the_text_is_no_signature(foot: str) -> None:
    assert read(story(foot=foot)).draft.authors == ()


def test_a_caption_in_a_script_without_capitals_is_no_name() -> None:
    caption = "<img src=/m.jpg width=700><div>محطة القمة القديمة</div><div>8 مارس 2026</div>"
    text = ("أعلنت إدارة محطة القمة القديمة أن ميزان حرارة ثانيا علق إلى جانب الأول هذا الأسبوع في العراء.",)
    assert read(story(caption, text=text), language="ar").draft.authors == ()


@pytest.mark.parametrize("tag", ["div", "p", "span"])
def test_the_line_that_the_title_names_is_the_headline_whatever_element_it_is(tag: str) -> None:
    side = "".join(
        f"<div><img src=/s{n}.jpg width=640><a href=/read/{n}>{t}</a></div>" for n, t in enumerate(OTHERS)
    )
    text = "".join(f"<p>{one}</p>" for one in TEXT)
    body = f"<div><{tag}>{TITLE}</{tag}><img src=/ridge.jpg width=1200>{text}</div>"
    image = read(f"<ul><li>Home</li><li>{TITLE}</li></ul>{body}<div>{side}</div>").draft.image
    assert image is not None
    assert image.url == "https://ridge.example/ridge.jpg"


LONG = "It has been said in the valley for years that somebody should look into this; now somebody does."


@pytest.mark.parametrize(
    "teaser",
    [
        "<div><h3><a href=/read/{n}>{t}</a></h3><p>{s}</p></div>",
        "<li><a href=/read/{n}>{t}</a><p>{s}</p></li>",
        "<a href=/read/{n}><h3>{t}</h3><p>{s}</p></a>",
        "<section><h4><a href=/read/{n}>{t}</a></h4><div>{s}</div><a href=/read/{n}>More</a></section>",
        "<li><img src=/t{n}.jpg><h4>{t}</h4><p>{s}</p><a href=/read/{n}>Read on</a></li>",
    ],
)
def test_teasers_below_a_short_article_are_none_of_its_text(teaser: str) -> None:
    cards = "".join(teaser.format(n=n, t=title, s=LONG) for n, title in enumerate(OTHERS))
    body = read(story(text=TEXT[:1]) + f"<div><h2>Also today</h2>{cards}</div>").body_text
    assert body == TEXT[0]


def test_sections_of_an_article_that_begin_with_a_link_stay() -> None:
    tips = "".join(
        f"<div><h3><a href=https://place{n}.example/>{title}</a></h3><p>{LONG}</p></div>"
        for n, title in enumerate(OTHERS)
    )
    assert read(story(foot=tips)).body_text.count(LONG[:40]) >= 1


def test_a_list_in_another_cell_of_the_layout_is_no_text() -> None:
    ranks = "<br>".join(
        f"{n}. <a href=/read/{n}>{t}</a> (9 March 2026 08:00)" for n, t in enumerate(OTHERS, 1)
    )
    text = "<br><br>".join(TEXT)
    cells = f"<td><b>{TITLE}</b><hr>8 March 2026<hr>{text}</td><td>Ranking<br>{ranks}</td>"
    reading = read(f"<table><tr>{cells}</tr></table>")
    assert reading.body_text.split("\n")[-1] == TEXT[-1]
    assert reading.draft.published is not None
    assert reading.draft.published.at.day == 8


@pytest.mark.parametrize("element", ["amp-consent", "cookie-banner", "site-newsletter"])
def test_an_element_of_the_house_says_by_its_name_what_it_is(element: str) -> None:
    asks = f"<{element}><div><p>We and ninety partners of ours would like to know you.</p></div></{element}>"
    assert "partners" not in read(story(foot=asks, text=(*TEXT, LONG))).body_text


def test_a_picture_of_amp_is_a_picture() -> None:
    image = read(story("<amp-img src=/ridge.jpg width=800 height=500></amp-img>")).draft.image
    assert image is not None
    assert image.url == "https://ridge.example/ridge.jpg"


@pytest.mark.parametrize("heading", ["3 comments", "Kommentare (3)", "2 comentarios:", "コメント"])
def test_dates_of_comments_are_not_the_articles(heading: str) -> None:
    said = f"<div><div>{heading}</div><p>I read it too.</p><p>Mon 9 March 2026, 08:15</p></div>"
    published = read(story("<div>8 March 2026</div>", said)).draft.published
    assert published is not None
    assert published.at.day == 8


def test_the_clock_of_the_foot_completes_the_day_above() -> None:
    foot = "<div>Posted by <span>Edda Firn</span> at <a href=/read/817>07:10</a></div>"
    published = read(f"<h2>Sunday, 8 March 2026</h2>{story(foot=foot)}").draft.published
    assert published is not None
    assert published.at.isoformat() == "2026-03-08T07:10:00+01:00"


def test_a_lead_that_nothing_marks_belongs_to_the_text() -> None:
    lead = f"<div>{LONG}</div><img src=/ridge.jpg width=900>"
    text = "".join(f"<p>{one}</p>" for one in TEXT)
    body = f"<div><div>8 March 2026</div><h1>{TITLE}</h1>{lead}<div>{text}</div></div>"
    assert read(body).body_text.split("\n")[0] == LONG


def test_what_stands_under_the_authors_name_again_is_about_the_author() -> None:
    about = "<div><h2>Written by Edda Firn</h2><p>She has four thousand followers. She likes rain.</p></div>"
    reading = read(story("<div>By Edda Firn</div><div>8 March 2026</div>", about))
    assert "followers" not in reading.body_text


def test_a_lesser_heading_is_the_headline_beside_the_name_of_a_house_that_nothing_else_tells() -> None:
    title = "Museum Perahu Buka Malam Hari untuk Pelajar"
    text = "".join(
        f"<div>Paragraf nomor {n} bercerita panjang lebar tentang museum di tepi laut.</div>"
        for n in range(5)
    )
    head = f"<head><title>{title} - KM.ID</title></head>"
    html = f"<html lang=id>{head}<body><h2>{title}</h2><div>{text}</div></body></html>"
    reading = article.read(html, url="https://news.example/read/1")
    assert reading.draft.title == title
    assert title not in reading.body_text


def test_a_zone_and_a_label_that_only_styles_set_apart_are_two_words() -> None:
    head = "<div><span>8 Maret 2026, 19.00 WIB</span><span>LAPORAN: <b>WIRA KUSUMA</b></span></div>"
    published = read(story(head), language="id").draft.published
    assert published is not None
    assert published.at.isoformat() == "2026-03-08T19:00:00+07:00"


def test_a_bold_line_is_the_headline_where_the_title_is_the_house_with_its_domain() -> None:
    title = "Pasar Ikan Pindah ke Dermaga Baru Sebelum Musim Hujan"
    text = "".join(f"<p>Paragraf {n} bercerita panjang lebar tentang para pedagang.</p>" for n in range(8))
    logo = "<a href='/'><img src=/logo.png alt='Kanal'></a>"
    html = f"<title>KANAL.ID</title><body>{logo}<div><div><b>{title}</b></div>{text}</div></body>"
    assert article.read(html, url="https://news.example/read/1").draft.title == title


@pytest.mark.parametrize(
    ("head", "beginning"),
    [
        ("<span>Harbour</span><h3>{title}</h3><div>8 March 2026</div><div>{text}</div>", TEXT[0]),
        ("<h2>Sunday, 8 March 2026</h2><h1>{title}</h1>{text}", TEXT[0]),
    ],
)
def test_what_stands_above_a_headline_is_no_text(head: str, beginning: str) -> None:
    text = "<br><br>".join(TEXT)
    body = read(f"<div>{head.format(title=TITLE, text=text)}</div>").body_text
    assert body.startswith(beginning)


def test_headings_that_date_the_parts_of_a_chronology_stay() -> None:
    days = "".join(f"<h3>{n} March 2026, 07:00</h3><p>{part}</p>" for n, part in enumerate(TEXT, 5))
    body = read(f"<h1>{TITLE}</h1><div>By Edda Firn</div><div>{days}</div>").body_text
    assert body.count("March 2026, 07:00") == 3


def test_the_line_of_a_chinese_reporter_is_no_text() -> None:
    text = (
        "山頂氣象站自鐵路通車以來每天測量氣溫，今年終於裝上第二支溫度計，管理員每天早上七點讀取兩支。",
    ) * 3
    reading = read(story("<p>記者林志明／高雄報導</p>", text=text), language="zh-TW")
    assert reading.draft.authors == ("林志明",)
    assert reading.body_text.startswith("山頂")


def test_one_picture_in_two_elements_is_shown_once() -> None:
    twice = "<img src=/blank.gif data-src=/ridge.jpg><noscript><img src=/ridge.jpg></noscript>"
    content = read(story(text=(TEXT[0], f"<figure>{twice}</figure>", *TEXT[1:], LONG))).draft.content
    assert content.count("<img") <= 1


POINTS = ("Bring a coat of oilcloth.", "The last train leaves at four.", "Dogs wait at the signal box.")


@pytest.mark.parametrize(
    "points", ["<div><ul>{}</ul></div>", "<ol>{}</ol>", "<section><div><ul>{}</ul></div></section>"]
)
@pytest.mark.parametrize(
    "point", ["<li>{}</li>", "<li><div>{}</div></li>", "<li><p><b>Mind:</b> {}</p></li>"]
)
def test_points_in_wrappers_of_their_own_are_text(points: str, point: str) -> None:
    inside = points.format("".join(point.format(one) for one in POINTS))
    text = f"<p>{TEXT[0]}</p>{inside}<p>{TEXT[1]}</p><p>{TEXT[2]}</p>"
    body = read(f"<div><h1>{TITLE}</h1>{text}</div>").body_text
    assert all(one in body for one in POINTS)


@pytest.mark.parametrize(
    ("linked", "place"),
    [
        ("<p><a href=/read/5>{}</a></p>", 0),
        ("<p><b><a href=/read/5>{}</a></b></p>", 3),
        ("<div><b><a href=/read/5>{}</a></b></div>", 1),
    ],
)
def test_a_sentence_that_is_one_link_is_text(linked: str, place: int) -> None:
    said = (*TEXT, LONG)
    parts = [f"<p>{one}</p>" for one in said]
    parts[place] = linked.format(said[place])
    assert said[place] in read(f"<div><h1>{TITLE}</h1>{''.join(parts)}</div>").body_text


@pytest.mark.parametrize(
    "picture",
    [
        "<img src='' data-image=/ridge.jpg>",
        "<img src=/dot.gif data-of-theme-source=/ridge.jpg?w=900>",
        "<a href=/ridge.jpg><img src=/ridge-150x100.jpg width=150></a>",
        "<div data-src=/ridge.jpg></div>",
        "<div data-bg=/ridge.jpg></div>",
    ],
)
def test_a_picture_whose_address_a_script_looks_for(picture: str) -> None:
    image = read(story(f"<figure>{picture}</figure>")).draft.image
    assert image is not None
    assert image.url.startswith("https://ridge.example/ridge.jpg")


def test_numbered_lines_of_code_are_text() -> None:
    cells = "<td><pre>1\n2</pre></td><td><pre>read(sun)\nwait()</pre></td>"
    code = f"<figure><table><tr>{cells}</tr></table></figure>"
    body = read(
        f"<div><h1>{TITLE}</h1><p>{TEXT[0]}</p>{code}<p>{TEXT[1]}</p><p>{TEXT[2]}</p></div>"
    ).body_text
    assert "read(sun)" in body


@pytest.mark.parametrize(
    "element",
    [
        "<relative-time datetime=2026-03-08T06:10:00Z>yesterday</relative-time>",
        "<span data-timestamp=1772950200>a day ago</span>",
        "<span title='8 March 2026, 07:10'>yesterday</span>",
        "<div data-date=2026-03-08T07:10:00+01:00></div>",
    ],
)
def test_an_element_beside_the_headline_carries_the_time(element: str) -> None:
    published = read(story(element)).draft.published
    assert published is not None
    assert published.at.isoformat(timespec="minutes") in ("2026-03-08T07:10+01:00", "2026-03-08T06:10+00:00")


def test_an_address_with_a_name_in_brackets_names_the_author() -> None:
    html = f"<meta name=author content='edda@ridge.example (Edda Firn)'><h1>{TITLE}</h1><p>{TEXT[0]}</p>"
    assert article.read(html, url="https://ridge.example/read/1").draft.authors == ("Edda Firn",)


@pytest.mark.parametrize(
    "mark", ["<h3>{}</h3>", "<p><b>{}:</b></p>", "<p><strong>{}</strong></p>", "<h4>{}</h4>"]
)
@pytest.mark.parametrize(
    "times", [("7:00", "9:30", "11:05"), ("5 March 2026", "6 March 2026", "7 March 2026")]
)
def test_lines_that_date_the_parts_of_a_text_stay(mark: str, times: tuple[str, ...]) -> None:
    parts = "".join(f"{mark.format(time)}<p>{part}</p>" for time, part in zip(times, TEXT, strict=True))
    body = read(f"<div><h1>{TITLE}</h1><div>8 March 2026</div>{parts}</div>").body_text
    assert all(time in body for time in times)


@pytest.mark.parametrize(
    "sign", ["<a class=headerlink href=#two>¶</a>", "<a href='#two' aria-hidden=true>#</a>"]
)
def test_the_sign_that_leads_to_a_heading_is_none_of_it(sign: str) -> None:
    body = read(
        story(text=(TEXT[0],), foot=f"<h2 id=two>Two{sign}</h2><p>{TEXT[1]}</p><p>{TEXT[2]}</p>")
    ).body_text
    assert "\nTwo\n" in body


def test_a_table_with_one_cell_in_each_row_is_none() -> None:
    rows = "".join(f"<tr><td><p>{one}</p></td></tr>" for one in (*TEXT, LONG))
    content = read(f"<h1>{TITLE}</h1><table>{rows}</table>").draft.content
    assert "<table" not in content
    assert content.count("<p>") == 4


@pytest.mark.parametrize(
    "box", ["<blockquote><a href=/read/3>{}</a></blockquote>", "<p>(Lies dazu: <a href=/read/3>{}</a>)</p>"]
)
def test_a_title_of_another_page_among_paragraphs_is_no_text(box: str) -> None:
    text = f"<p>{TEXT[0]}</p>{box.format(OTHERS[0])}<p>{TEXT[1]}</p><p>{TEXT[2]}</p>"
    assert OTHERS[0] not in read(f"<div><h1>{TITLE}</h1>{text}</div>").body_text


ASKING = (
    "<div><h4>Rain by mail</h4><p>Each morning, what fell in the night.</p><form><input name=m></form></div>",
    "<div><p>We and our partners count drops and you.</p><button>Fine</button><button>No</button></div>",
)


@pytest.mark.parametrize("box", ASKING)
@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_small_box_that_asks_for_something_is_no_text(box: str, place: int) -> None:
    parts = [f"<p>{one}</p>" for one in (*TEXT, LONG)]
    body = read(f"<div><h1>{TITLE}</h1>{''.join([*parts[:place], box, *parts[place:]])}</div>").body_text
    assert all(one in body for one in (*TEXT, LONG))
    assert "partners" not in body
    assert "Each morning" not in body


def test_the_house_before_a_headline_that_is_in_no_heading() -> None:
    text = "".join(f"<p>{one}</p>" for one in (*TEXT, LONG))
    html = f"<title>The Ridge: {TITLE}</title><a href=/>The Ridge</a><div><div>{TITLE}</div>{text}</div>"
    assert article.read(html, url="https://news.example/read/1").draft.title == TITLE


def test_the_still_of_a_film_is_a_picture() -> None:
    image = read(story("<video poster=/ridge.jpg><source src=/ridge.mp4></video>")).draft.image
    assert image is not None
    assert image.url == "https://ridge.example/ridge.jpg"
