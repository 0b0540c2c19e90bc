# ruff: noqa: E501 - markup and word lists read better whole
"""Pages of newsrooms that do not exist: layouts, languages and habits of markup put together by chance.

`make(seed)` writes a page and says what is right for it, so that the reader is measured on pages that nobody
tuned it on. The same seed gives the same page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from babel.dates import format_datetime

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Tongue:
    """A language, as far as these pages need it."""

    code: str
    vocabulary: str
    sections: str
    popular: str
    latest: str
    more: str
    by: str
    following: str

    def words(self, random: Random, least: int, most: int) -> str:
        """A sentence of made-up news."""
        pool = self.vocabulary.split()
        chosen = [random.choice(pool) for _ in range(random.randint(least, most))]
        if self.code in ("zh", "ja"):
            return "".join(chosen)
        text = " ".join(chosen)
        return text[:1].upper() + text[1:]


TONGUES = (
    Tongue(
        "id",
        "harga beras naik gubernur resmikan jembatan baru warga banjir polisi tangkap pencuri menteri rapat "
        "sekolah dibuka hujan deras petani panen pasar turun pemilu bupati sidang korupsi jalan tol kapal nelayan",
        "Politik Ekonomi Olahraga Daerah Hukum Dunia Budaya",
        "Terpopuler",
        "Terbaru",
        "Selengkapnya",
        "Oleh",
        "Berikutnya",
    ),
    Tongue(
        "en",
        "council votes bridge plan after flood farmers demand new prices minister opens school police arrest man "
        "over harbour fire union strike ends court rules team wins final budget talks stall storm warning issued",
        "Politics Business Sport Local World Culture Science",
        "Most read",
        "Latest",
        "Read more",
        "By",
        "Next",
    ),
    Tongue(
        "de",
        "Stadtrat beschließt neue Brücke Landwirte fordern höhere Preise Polizei sucht Zeugen nach Brand im Hafen "
        "Gericht weist Klage ab Mannschaft gewinnt Finale Sturm legt Verkehr lahm Schule wird saniert",
        "Politik Wirtschaft Sport Region Kultur Wissen",
        "Meistgelesen",
        "Neueste",
        "Mehr",
        "Von",
        "Nächste Seite",
    ),
    Tongue(
        "fr",
        "le conseil vote un nouveau pont les agriculteurs réclament des prix la police arrête un homme après "
        "incendie du port la grève prend fin le tribunal rejette équipe gagne la finale tempête attendue",
        "Politique Économie Sport Monde Culture Sciences",
        "Les plus lus",
        "Dernières",
        "Lire la suite",
        "Par",
        "Suivant",
    ),
    Tongue(
        "es",
        "el consejo aprueba un puente nuevo los agricultores piden precios la policía detiene al autor del "
        "incendio termina la huelga el tribunal rechaza la demanda el equipo gana la final aviso de tormenta",
        "Política Economía Deportes Mundo Cultura Ciencia",
        "Lo más leído",
        "Últimas",
        "Ver más",
        "Por",
        "Siguiente",
    ),
    Tongue(
        "pt",
        "conselho aprova nova ponte agricultores pedem preços polícia prende suspeito após incêndio no porto "
        "greve termina tribunal rejeita ação equipe vence a final alerta de tempestade escola reabre",
        "Política Economia Esporte Mundo Cultura Ciência",
        "Mais lidas",
        "Últimas",
        "Ver mais",
        "Por",
        "Próxima",
    ),
    Tongue(
        "ru",
        "совет одобрил новый мост фермеры требуют цены полиция задержала мужчину после пожара в порту "
        "забастовка закончилась суд отклонил иск команда выиграла финал шторм идет школа открыта",
        "Политика Экономика Спорт Мир Культура Наука",
        "Самое читаемое",
        "Последние",
        "Подробнее",
        "Автор",
        "Следующая",
    ),
    Tongue(
        "ar",
        "المجلس يوافق على جسر جديد المزارعون يطالبون بأسعار الشرطة توقف رجلا بعد حريق الميناء انتهاء الإضراب "
        "المحكمة ترفض الدعوى الفريق يفوز بالنهائي تحذير من عاصفة افتتاح مدرسة",
        "سياسة اقتصاد رياضة عالم ثقافة علوم",
        "الأكثر قراءة",
        "آخر الأخبار",
        "المزيد",
        "بقلم",
        "التالي",
    ),
    Tongue(
        "zh",
        "市议会 通过 新桥 计划 农民 要求 提高 价格 警方 逮捕 男子 港口 火灾 罢工 结束 法院 驳回 诉讼 球队 赢得 决赛 暴雨 预警 学校 开学",
        "政治 经济 体育 国际 文化 科学",
        "热门",
        "最新",
        "更多",
        "作者",
        "下一页",
    ),
    Tongue(
        "ja",
        "市議会 が 新しい 橋 を 承認 農家 は 価格 引き上げ 要求 警察 男 逮捕 港 火災 スト 終了 裁判所 訴え 退ける 決勝 勝利 大雨 警報 学校 再開",
        "政治 経済 スポーツ 国際 文化 科学",
        "ランキング",
        "新着",
        "もっと見る",
        "文",
        "次へ",
    ),
    Tongue(
        "tr",
        "meclis yeni köprü planını onayladı çiftçiler fiyat istiyor polis liman yangını sonrası şüpheliyi yakaladı "
        "grev bitti mahkeme davayı reddetti takım finali kazandı fırtına uyarısı okul açıldı",
        "Siyaset Ekonomi Spor Dünya Kültür Bilim",
        "En çok okunan",
        "Son dakika",
        "Devamı",
        "Yazan",
        "Sonraki",
    ),
)
_NAMES = "Rina Adi Maria Jonas Amir Lucía Pavel Yuki Deniz Claire Tom Sari".split()
_SURNAMES = "Wijaya Keller Santos Moreau Orlov Tanaka Yılmaz Hartono Meyer Costa Haddad Brown".split()


@dataclass(frozen=True)
class Story:
    """One article that a page leads to."""

    url: str
    title: str
    kicker: str
    author: str
    summary: str
    at: datetime


@dataclass
class Truth:
    """What is right for a page."""

    url: str
    html: str
    main: list[Story]
    boxes: list[tuple[str, list[Story]]] = field(default_factory=list)
    is_union: bool = False
    dated: bool = False
    layout: str = ""


class Skin:
    """How one site names its classes."""

    def __init__(self, random: Random) -> None:
        self.kind = random.choice(["plain", "bem", "hashed", "utility", "none", "plain"])
        self._names: dict[str, str] = {}
        self._random = random

    def __call__(self, name: str) -> str:
        """A class attribute for the part of a page."""
        if self.kind == "none":
            return ""
        if name not in self._names:
            letters = "abcdefghijkmnpqrstuvwxyzABCDEFGH123456789"
            made = "".join(self._random.choice(letters) for _ in range(7))
            self._names[name] = {
                "plain": name,
                "bem": f"c-{name.partition('-')[0]}__{name.partition('-')[2] or 'root'}",
                "hashed": f"css-{made} e{made[:4]}0",
                "utility": f"flex mt-{len(name) % 7} md:w-1/{len(name) % 5 + 1} text-{name[0]}s",
            }[self.kind]
        return f' class="{self._names[name]}"'


class Maker:
    """Writes the parts of one page."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.tongue = random.choice(TONGUES)
        self.skin = Skin(random)
        self.headings = random.random() < 0.8  #: titles stand in h2…h4
        self.landmarks = random.random() < 0.7
        self.dated = random.random() < 0.7
        self.pictured = random.random() < 0.7
        self.relative = random.random() < 0.3
        self.host = (
            "https://"
            + random.choice(["www.", "", "m."])
            + random.choice(["kabar", "tagblatt", "diario"])
            + ".example"
        )
        self.address = random.choice(["slug", "dated", "number", "html", "query"])
        self.rare = False  #: odder cards, more furniture
        self.number = random.randint(10_000, 900_000)
        self.sections = self.tongue.sections.split()
        patterns = {"zh": ["y年M月d日 HH:mm", "y-MM-dd HH:mm"], "ja": ["y年M月d日 HH:mm", "y/MM/dd HH:mm"]}
        usual = ["d MMMM y, HH:mm", "d MMM y HH:mm", "dd/MM/y HH:mm", "dd.MM.y HH:mm"]
        self.pattern = random.choice(
            patterns.get(self.tongue.code, usual if self.tongue.code != "en" else usual[:2])
        )
        self._level = random.choice(["h2", "h3", "h4"])

    # ── stories and their parts ───────────────────────────────────────────────────────────────────────

    def story(self, section: str) -> Story:
        """A new article of a section."""
        random, tongue = self.random, self.tongue
        self.number += random.randint(1, 40)
        title = tongue.words(random, 5, 10) if tongue.code not in ("zh", "ja") else tongue.words(random, 5, 9)
        slug = (
            re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
            if title.isascii()
            else f"berita-{self.number}"
        )
        at = NOW - timedelta(minutes=random.randint(5, 60 * 24 * 3))
        path = {
            "slug": f"/{_plain(section)}/{slug}-{self.number}",
            "dated": f"/{at:%Y/%m/%d}/{slug}/",
            "number": f"/read/{self.number}/{slug}",
            "html": f"/{_plain(section)}/{self.number}.html",
            "query": f"/news.php?id={self.number}",
        }[self.address]
        author = f"{random.choice(_NAMES)} {random.choice(_SURNAMES)}"
        return Story(self.host + path, title, section, author, tongue.words(random, 12, 24) + ".", at)

    def stories(self, count: int, section: str = "") -> list[Story]:
        """Several new articles."""
        return [self.story(section or self.random.choice(self.sections)) for _ in range(count)]

    def time(self, story: Story) -> str:
        """A printed time, or nothing on pages without times."""
        if not self.dated:
            return ""
        text = format_datetime(story.at, self.pattern, locale=self.tongue.code)
        if self.relative and self.tongue.code == "en":
            text = f"{max(1, int((NOW - story.at).total_seconds() // 3600))} hours ago"
        if self.random.random() < 0.3:
            return f'<time datetime="{story.at.isoformat()}"{self.skin("card-time")}>{text}</time>'
        return f"<span{self.skin('card-date')}>{text}</span>"

    def picture(self, story: Story) -> str:
        """An image, or nothing on pages without images."""
        return f'<img src="/img/{abs(hash(story.url)) % 9999}.jpg" alt="">' if self.pictured else ""

    def titled(self, inner: str, name: str = "card-title") -> str:
        """A title in a heading, or in a div on sites without."""
        tag = self._level if self.headings else "div"
        return f"<{tag}{self.skin(name)}>{inner}</{tag}>"

    def heading(self, text: str) -> str:
        """The heading of a block."""
        tag = self.random.choice(["h2", "h3", "div", "h4"]) if self.headings else "div"
        return f"<{tag}{self.skin('block-heading')}>{text}</{tag}>" if text else ""

    def link(self, story: Story, inner: str, extra: str = "") -> str:
        """A link to an article."""
        return f'<a href="{story.url.removeprefix(self.host)}"{extra}>{inner}</a>'

    def advert(self) -> str:
        """What stands between cards."""
        return f"<div{self.skin('advert-slot')}><span>Advertisement</span><a href='https://ads.example/c?x=1'><img src='/a.gif'></a></div>"

    def list_of(self, stories: list[Story], card: Callable[[Maker, Story], str], adverts: float = 0.0) -> str:
        """Cards in their container, or in rows of two or three."""
        cards = [card(self, story) for story in stories]
        if adverts:
            cards = [c + (self.advert() if self.random.random() < adverts else "") for c in cards]
        if cards[0].startswith("<li"):
            return f"<ul{self.skin('list-items')}>{''.join(cards)}</ul>"
        if cards[0].startswith("<dt"):
            return f"<dl{self.skin('list-terms')}>{''.join(cards)}</dl>"
        if cards[0].startswith("<tr"):
            return f"<table{self.skin('list-table')}><tbody>{''.join(cards)}</tbody></table>"
        if self.random.random() < 0.2 and len(cards) >= 6 and not adverts:
            size = self.random.choice([2, 3])
            rows = ("".join(cards[i : i + size]) for i in range(0, len(cards), size))
            return "".join(f"<div{self.skin('grid-row')}>{row}</div>" for row in rows)
        return f"<div{self.skin('list-cards')}>{''.join(cards)}</div>"


def _plain(text: str) -> str:
    made = re.sub(r"[^a-z]+", "", text.lower())
    return made or f"s{len(text)}{ord(text[0]) % 97}"


# ── cards ─────────────────────────────────────────────────────────────────────────────────────────────


def media(m: Maker, s: Story) -> str:
    """Picture beside title, time and summary."""
    return (
        f"<div{m.skin('card-item')}>{m.link(s, m.picture(s)) if m.pictured else ''}<div{m.skin('card-body')}>"
        f"{m.titled(m.link(s, s.title))}{m.time(s)}<p{m.skin('card-text')}>{s.summary}</p></div></div>"
    )


def whole(m: Maker, s: Story) -> str:
    """One link around everything: kicker, title, standfirst, author, time, counter."""
    inner = (
        f"{m.picture(s)}<span{m.skin('card-kicker')}>{s.kicker}</span>{m.titled(s.title)}"
        f"<p{m.skin('card-standfirst')}>{s.summary}</p><span{m.skin('card-author')}>{m.tongue.by} {s.author}</span>"
        f"{m.time(s)}<span{m.skin('card-comments')}>{m.random.randint(0, 99)}</span>"
    )
    return f"<article{m.skin('card-whole')}>{m.link(s, inner)}</article>"


def bare_whole(m: Maker, s: Story) -> str:
    """One link around divs that are told apart by their order alone."""
    inner = f"<div><div>{m.picture(s)}</div><div><div>{s.kicker}</div><div>{s.title}</div><div>{m.time(s)}</div></div></div>"
    return f"<div{m.skin('tile')}>{m.link(s, inner)}</div>"


def line(m: Maker, s: Story) -> str:
    """A headline and its time in a list item."""
    return f"<li{m.skin('line-item')}>{m.link(s, s.title)} {m.time(s)}</li>"


def post(m: Maker, s: Story) -> str:
    """A blog's card with links to category, author, comments and tags."""
    tag = _plain(s.kicker)
    return (
        f"<article{m.skin('post-entry')}><header>{m.titled(m.link(s, s.title, ' rel=bookmark'))}"
        f"<div{m.skin('post-meta')}>{m.time(s)} <a href='/author/{_plain(s.author)}'>{s.author}</a> "
        f"<a href='{s.url}#comments'>{m.random.randint(0, 9)} comments</a></div></header>"
        f"<p>{s.summary} {m.link(s, m.tongue.more)}</p>"
        f"<footer><a href='/category/{tag}'>{s.kicker}</a> <a href='/tag/{tag}x'>{s.kicker[:4]}</a></footer></article>"
    )


def row(m: Maker, s: Story) -> str:
    """A table's row."""
    return f"<tr><td>{m.time(s)}</td><td>{m.link(s, s.title)}</td><td><a href='/{_plain(s.kicker)}/'>{s.kicker}</a></td></tr>"


def kicked(m: Maker, s: Story) -> str:
    """The kicker within the title's link, and the time too."""
    label, title = m.skin("kick-label"), m.skin("kick-title")
    inner = f"<span{label}>{s.kicker}</span> <span{title}>{s.title}</span>"
    return f"<div{m.skin('kick-item')}>{m.link(s, inner)}<br>{m.time(s)}</div>"


def overlay(m: Maker, s: Story) -> str:
    """Picture with section and title over it, as theme shops make them."""
    return (
        f"<div{m.skin('module-wrap')}><div{m.skin('module-thumb')}>{m.link(s, m.picture(s) or '<span></span>')}"
        f"<a href='/{_plain(s.kicker)}/'{m.skin('module-cat')}>{s.kicker}</a></div>"
        f"<div{m.skin('module-info')}>{m.titled(m.link(s, s.title))}<span{m.skin('module-meta')}>"
        f"<a href='/author/{_plain(s.author)}/'>{s.author}</a> - {m.time(s)}</span></div></div>"
    )


def paragraph(m: Maker, s: Story) -> str:
    """A paragraph with the linked title first."""
    return f"<p>{m.time(s)}<br><b>{m.link(s, s.title)}</b><br>{s.summary}</p>"


def stretched(m: Maker, s: Story) -> str:
    """An empty link over the whole card; the title itself is not linked."""
    return (
        f"<div{m.skin('stretch-card')}>{m.picture(s)}<h3{m.skin('stretch-title')}>{s.title}</h3>{m.time(s)}"
        f"<p>{s.summary}</p><a href='{s.url}' aria-label='{s.kicker}'{m.skin('stretch-link')}></a></div>"
    )


def badged(m: Maker, s: Story) -> str:
    """Badge, clock and counter in the same link as the title, in spans of one class."""
    badge = m.random.choice(["LIVE", "VIDEO", "Premium", "", ""])
    inner = (
        (f"<b{m.skin('mark')}>{badge}</b> " if badge else "")
        + (f"<em>{s.at:%H:%M}</em> " if m.dated else "")
        + f"<span>{s.title}</span> <i>({m.random.randint(0, 300)})</i>"
    )
    return f"<li{m.skin('flash-item')}>{m.link(s, inner)}</li>"


def headed(m: Maker, s: Story) -> str:
    """The kicker as the first line of the heading."""
    inner = f"<small>{s.kicker.upper()}</small><br>{s.title}"
    return f"<div{m.skin('head-card')}>{m.titled(m.link(s, inner))}{m.time(s)}</div>"


def colon(m: Maker, s: Story) -> str:
    """Everything in one link, parts in paragraphs: section, title, standfirst without a full stop."""
    inner = (
        f"<p>{s.kicker}</p><p><strong>{s.title}</strong></p><p>{s.summary.rstrip('.')}</p><p>{m.time(s)}</p>"
    )
    return f"<div{m.skin('text-card')}>{m.link(s, inner)}</div>"


def quoted(m: Maker, s: Story) -> str:
    """An opinion: portrait, author's name, title."""
    return (
        f"<div{m.skin('opinion-card')}><a href='/author/{_plain(s.author)}'>{m.picture(s)}</a>"
        f"<a href='/author/{_plain(s.author)}'>{s.author}</a>{m.titled(m.link(s, s.title))}{m.time(s)}</div>"
    )


def timed(m: Maker, s: Story) -> str:
    """A definition list's pair: the time, then the headline."""
    return f"<dt>{m.time(s)}</dt><dd>{m.link(s, s.title)}</dd>"


def clustered(m: Maker, s: Story) -> str:
    """A card with three links to the article and one to its gallery."""
    return (
        f"<div{m.skin('cluster-card')}>{m.link(s, m.picture(s) or '&nbsp;')}{m.titled(m.link(s, s.title))}"
        f"<p>{m.link(s, s.summary)}</p>{m.time(s)}<a href='/galeri/{m.number % 89}'>Foto</a></div>"
    )


CARDS = (media, whole, bare_whole, line, post, row, kicked, overlay, paragraph)
RARE_CARDS = (stretched, badged, headed, colon, quoted, timed, clustered)


def ranked(m: Maker, s: Story, rank: int) -> str:
    """A line of a list of the most read."""
    inner = f"<span{m.skin('rank-number')}>{rank}</span><span{m.skin('rank-title')}>{s.title}</span>"
    return f"<li{m.skin('rank-item')}>{m.link(s, inner)}</li>"
