"""What a taker's options and its house's rules make of an entry."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from feedsvc.model import Format, Image, ListKind, ListSpec, Part, Profile, Taker
from feedsvc.render import formats
from feedsvc.render.freeze import join
from feedsvc.render.heads import Heads
from feedsvc.render.tailoring import shortened, tracked
from tests.judges import CONTENT, MEDIA, complaints
from tests.makers import SITE, article

NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
MI = "{http://schemas.ingestion.microsoft.com/common/}"
SNF = "{http://www.smartnews.be/snf}"
TERMS = "{http://purl.org/dc/terms/}"
PICTURE = Image(
    url="https://news.example/f/1.jpg", width=1200, height=800, caption="Pasar pagi", credit="Sari"
)


def feed(taker: Taker, form: Format = Format.RSS, **story: object) -> bytes:
    """A taker's feed with one article."""
    spec = ListSpec(
        key="for:mitra",
        slug="mitra",
        kind=ListKind.TAKER,
        title="Contoh untuk mitra",
        content="full",
        language="id",
        logo="https://news.example/logo.png",
        description="Semua berita dari kantor berita contoh di kota",
        taker=taker,
    )
    heads = Heads(SITE, [spec])
    one = heads.entry(spec, replace(article(1, NOW, **story), updated=NOW + timedelta(hours=1)), [])
    frame = formats.frame(heads.head(spec, form, NOW), form)
    made = join(
        frame,
        [Part(formats.entry(one, form))],
        form=form,
        self_url="https://feeds.example/feeds/for/mitra.rss",
    )
    assert not complaints(made)
    return made


def item(taker: Taker, **story: object) -> etree._Element:
    found = etree.fromstring(feed(taker, Format.RSS, **story)).find("channel/item")
    assert found is not None
    return found


def test_msn_gets_a_short_title_beside_a_long_one() -> None:
    taker = Taker(profile=Profile.MSN)
    long = "Pemerintah kota membahas anggaran jalan dan jembatan untuk tahun depan " * 3
    short = item(taker, title=long.strip()).findtext(f"{MI}shortTitle") or ""
    assert 20 <= len(short) <= 150
    assert short.endswith("…")
    assert long.startswith(short[:-1])
    assert item(taker).find(f"{MI}shortTitle") is None


def test_msn_gets_the_moment_of_the_change_and_the_words() -> None:
    one = item(Taker(profile=Profile.MSN), tags=("pasar", "harga"))
    assert one.findtext(f"{TERMS}modified") == "2026-03-01T07:00:00+00:00"
    assert one.findtext(f"{MEDIA}keywords") == "pasar, harga"


@pytest.mark.parametrize("licensed", [True, False])
def test_msn_gets_a_picture_with_its_credit_and_rights_only_where_they_are_given(licensed: bool) -> None:
    picture = item(Taker(profile=Profile.MSN, pictures_licensed=licensed), image=PICTURE).find(
        f"{MEDIA}content"
    )
    assert picture is not None
    assert picture.findtext(f"{MEDIA}credit") == "Sari"
    assert picture.findtext(f"{MEDIA}title") == picture.findtext(f"{MEDIA}text") == "Pasar pagi"
    assert picture.findtext(f"{MI}hasSyndicationRights") == ("1" if licensed else None)


def test_smartnews_gets_its_channel() -> None:
    taker = Taker(profile=Profile.SMARTNEWS, dark_logo="https://news.example/dark.png")
    channel = etree.fromstring(feed(taker)).find("channel")
    assert channel is not None
    assert channel.findtext("pubDate") == "Sun, 01 Mar 2026 06:00:00 +0000"
    assert channel.findtext("link") == "https://news.example/"
    assert (
        channel.findtext(f"{SNF}logo/{SNF}url")
        or channel.findtext(f"{SNF}logo/url") == "https://news.example/logo.png"
    )
    assert channel.findtext(f"{SNF}darkModeLogo/url") == "https://news.example/dark.png"
    assert len(channel.findtext("description") or "") <= 30


def test_smartnews_gets_thumbnail_status_and_analytics_of_each_article() -> None:
    code = "<script>hit('{path}', '{url}'); // ]]> </script>"
    one = item(Taker(profile=Profile.SMARTNEWS, analytics=code), image=PICTURE)
    thumbnail = one.find(f"{MEDIA}thumbnail")
    assert thumbnail is not None
    assert thumbnail.get("url") == PICTURE.url
    assert one.findtext(f"{MEDIA}status") == "active"
    said = one.findtext(f"{SNF}analytics") or ""
    assert "hit('/politik/read/1', 'https://news.example/politik/read/1')" in said
    assert "]]>" in said


def test_a_newsletter_gets_one_picture_of_a_fixed_width_and_plain_tables() -> None:
    content = (
        '<p>Awal <a href="https://news.example/a">tautan</a>.</p><figure><img '
        'src="https://news.example/2.jpg" width="900"><figcaption>Lain</figcaption></figure>'
        "<div><p>Akhir &amp; selesai.</p></div>"
    )
    one = item(Taker(profile=Profile.NEWSLETTER, picture=480), content=content, image=PICTURE)
    made: Any = html.fromstring(one.findtext(f"{CONTENT}encoded") or "")
    pictures = list(made.iter("img"))
    assert made.tag == "table"
    assert made.get("width") == "480"
    assert [(one.get("src"), one.get("width"), one.get("height")) for one in pictures] == [
        (PICTURE.url, "480", "320")
    ]
    assert not {"figure", "div", "style", "class"} & {str(one.tag) for one in made.iter()}
    assert "Akhir & selesai." in made.text_content()
    assert "Lain" not in made.text_content()
    assert all(str(link).startswith("https://") for _, _, link, _ in made.iterlinks())


def test_pictures_in_texts_get_the_width_that_is_wanted() -> None:
    content = (
        '<p>a<img src="https://news.example/1.jpg" width="1200" height="600"> b</p>'
        '<img src="https://news.example/2.jpg" height="9">'
    )
    made = html.fromstring(item(Taker(picture=300), content=content).findtext(f"{CONTENT}encoded") or "")
    assert [(one.get("width"), one.get("height")) for one in made.iter("img")] == [
        ("300", "150"),
        ("300", None),
    ]


def test_a_footer_names_newsroom_and_article_with_links_and_nothing_of_it_is_markup() -> None:
    taker = Taker(footer="Terbit di {site} <b>&: {article}", tracking="utm_source=x")
    text = item(taker, title="Harga <naik> & turun").findtext(f"{CONTENT}encoded") or ""
    assert text.endswith(
        '<p>Terbit di <a href="https://news.example/">Kantor Berita Contoh</a> &lt;b&gt;&amp;: '
        '<a href="https://news.example/politik/read/1?utm_source=x">Harga &lt;naik&gt; &amp; turun</a></p>'
    )


def test_nothing_but_the_tailoring_changes() -> None:
    plain = re.sub(rb"<lastBuildDate>.*?</lastBuildDate>", b"", feed(Taker()))
    tracked_feed = feed(Taker(tracking="a=1"))
    assert re.sub(rb"<lastBuildDate>.*?</lastBuildDate>", b"", tracked_feed).replace(b"?a=1", b"") == plain


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("profile", list(Profile))
def test_every_profile_is_a_valid_feed_in_every_format(profile: Profile, form: Format) -> None:
    feed(
        Taker(profile=profile, footer="{site}", tracking="a=b"),
        form,
        image=PICTURE,
        tags=("x",),
        authors=("Sari",),
    )


@given(
    query=st.lists(st.tuples(st.sampled_from("abcu"), st.text("xyz%20", max_size=4)), max_size=4),
    tracking=st.lists(
        st.tuples(st.sampled_from(["utm_source", "u"]), st.text("xyz", min_size=1)), min_size=1, max_size=2
    ),
)
def test_tracking_keeps_what_an_address_had(
    query: list[tuple[str, str]], tracking: list[tuple[str, str]]
) -> None:
    url = "https://news.example/a?" + "&".join(f"{name}={value}" for name, value in query) + "#teil"
    made = tracked(url, "&".join(f"{name}={value}" for name, value in tracking))
    parts = urlsplit(made)
    names = {name for name, _ in tracking}
    assert parts.fragment == "teil"
    assert parts.path == "/a"
    assert [pair for pair in parse_qsl(parts.query) if pair[0] in names] == tracking
    kept = [f"{name}={value}" for name, value in query if name not in names]
    assert parts.query.split("&")[: len(kept)] == kept
    assert tracked(made, "&".join(f"{name}={value}" for name, value in tracking)) == made


@given(st.text(max_size=300), st.integers(10, 160))
def test_a_shortened_text_is_a_beginning_of_at_most_so_many_characters(text: str, most: int) -> None:
    made = shortened(text, most)
    whole = " ".join(text.split())
    assert len(made) <= most
    assert made == whole or (made.endswith("…") and whole.startswith(made[:-1]))
