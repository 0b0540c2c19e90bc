"""Article pages of invented newsrooms as many themes would write them: no metadata, other markup each time.

A seed chooses the language, the line of the date, where picture, byline and boxes stand, what they are
made of, what stands among the paragraphs, and how classes are named. No layout is that of a real site.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

BASE = "https://kanal.example"


@dataclass(frozen=True)
class Story:
    """One article, and the others that its page names."""

    language: str
    title: str
    people: tuple[str, ...]
    caption: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...]
    others: tuple[str, ...]
    words: dict[str, str]
    dates: tuple[tuple[str, str], ...]  #: (line, what it says in ISO 8601)
    card_dates: tuple[str, ...]


STORIES = (
    Story(
        "id",
        "Pasar Terapung Pindah ke Hulu Selama Perbaikan Tanggul",
        ("Rina Halim", "Bayu Saputra"),
        "Pedagang menata perahu di dermaga baru (Foto: Humas Kota)",
        (
            "Pedagang pasar terapung mulai berpindah ke dermaga hulu pada Selasa karena tanggul diperbaiki.",
            "Kepala dinas mengatakan perbaikan berlangsung empat bulan dan tidak mengganggu kapal penumpang.",
            "“Pembeli kami tetap datang, hanya jalannya lebih jauh,” ujar seorang penjual sayur di perahu.",
            "Jumlah perahu yang berjualan turun dibanding tahun lalu, namun pengunjung luar bertambah.",
            "Pemerintah kota berjanji membangun tempat parkir dan jalan kayu sebelum musim hujan tiba.",
        ),
        (
            "Dermaga dibuka pukul lima pagi",
            "Parkir sementara di lapangan sekolah",
            "Perahu besar lewat utara",
        ),
        (
            "Harga Ikan Turun Menjelang Akhir Pekan di Pasar Utara",
            "Sekolah Pelayaran Menerima Seratus Siswa Baru Tahun Ini",
            "Jembatan Gantung di Hulu Sungai Ditutup Selama Dua Hari",
            "Perpustakaan Keliling Kembali Menyusuri Pesisir Barat",
            "Petani Garam Menunggu Cuaca Kering Hingga Bulan Depan",
        ),
        {
            "read": "Baca juga",
            "most": "Terpopuler",
            "news": "Terkini",
            "more": "Selengkapnya",
            "by": "Penulis: ",
        },
        (
            ("Selasa, 03 Maret 2026 | 16:40 WIB", "2026-03-03T16:40:00+07:00"),
            ("Selasa, 3 Mar 2026 16:40 WIB", "2026-03-03T16:40:00+07:00"),
            ("03/03/2026, 16.40 WIB", "2026-03-03T16:40:00+07:00"),
            ("3 Maret 2026 pukul 16.40 WIB", "2026-03-03T16:40:00+07:00"),
            ("SELASA, 3 MARET 2026 | 16:40 WIB", "2026-03-03T16:40:00+07:00"),
        ),
        (
            "Rabu, 04 Maret 2026 | 08:15",
            "Senin, 02 Maret 2026 | 19:05",
            "4 Mar 2026 11:30",
            "01/03/2026, 07.45 WIB",
        ),
    ),
    Story(
        "en",
        "Council Keeps the Night Tram for Another Two Winters",
        ("Mara Quill", "Ivo Brandt"),
        "The last tram leaves the depot on Monday (Photo: City Archive)",
        (
            "The night tram will run for two more winters, the council decided after four hours.",
            "Drivers had asked for heated cabins, and the works department can fit them by October.",
            "“Nobody should have to walk home through the snow,” said one of the nurses in the gallery.",
            "Fares stay as they are, although the treasurer warned that the reserve will be spent.",
            "A report on the tunnel, which was promised for last spring, is to be read in summer.",
        ),
        (
            "Trams leave every forty minutes",
            "Two stops are moved to the bridge",
            "Dogs travel free of charge",
        ),
        (
            "Bakers Give Away Bread as the Mill Stands Still",
            "School Choir Returns From the Islands With a Prize",
            "Old Lighthouse Finds a Buyer After Nine Years",
            "Ferry Timetable Changes When the Clocks Go Back",
            "Museum Opens Its Cellar for One Weekend Only",
        ),
        {"read": "Read also", "most": "Most read", "news": "Latest", "more": "More news", "by": "By "},
        (
            ("3 March 2026, 16:40 GMT", "2026-03-03T16:40:00+00:00"),
            ("March 3, 2026 at 4:40 pm GMT", "2026-03-03T16:40:00+00:00"),
            ("Tuesday 3 March 2026 16:40 GMT", "2026-03-03T16:40:00+00:00"),
            ("Published: 3 Mar 2026 16:40 GMT", "2026-03-03T16:40:00+00:00"),
        ),
        ("4 March 2026, 08:15", "March 2, 2026", "1 Mar 2026 11:30", "Updated 27 February 2026"),
    ),
    Story(
        "de",
        "Gemeinde verkauft das alte Hallenbad an einen Verein",
        ("Uwe Keller", "Jana Roth"),
        "Das Becken steht seit dem Herbst leer. Foto: Stadtarchiv",
        (
            "Das Hallenbad gehört bald einem Verein, der es mit Spenden wieder öffnen möchte.",
            "Der Rat stimmte mit großer Mehrheit zu, nachdem drei andere Bieter abgesprungen waren.",
            "„Wir fangen mit dem kleinen Becken an und sehen dann weiter“, sagte die Vorsitzende.",
            "Die Heizung muss ersetzt werden, und auch das Dach hält angeblich keinen Winter mehr.",
            "Bis zum Sommer sollen die Kinder wieder schwimmen lernen, verspricht der Bürgermeister.",
        ),
        ("Eintritt bleibt bei drei Euro", "Kurse beginnen nach den Ferien", "Das Café öffnet erst später"),
        (
            "Radweg am Kanal wird nach langem Streit doch gebaut",
            "Theater spielt im Sommer wieder auf dem Marktplatz",
            "Bäckerei schließt nach hundert Jahren ihre Türen",
            "Hochwasser verschont die Altstadt in diesem Frühjahr",
            "Bücherei verleiht jetzt auch Werkzeug und Zelte",
        ),
        {
            "read": "Lesen Sie auch",
            "most": "Meistgelesen",
            "news": "Aktuelles",
            "more": "Mehr Artikel",
            "by": "Von ",
        },
        (
            ("03.03.2026, 16:40 Uhr", "2026-03-03T16:40:00+01:00"),
            ("Dienstag, 3. März 2026, 16.40 Uhr", "2026-03-03T16:40:00+01:00"),
            ("3. März 2026 um 16:40 Uhr", "2026-03-03T16:40:00+01:00"),
            ("Veröffentlicht am 03.03.2026 um 16:40", "2026-03-03T16:40:00+01:00"),
        ),
        ("04.03.2026, 08:15 Uhr", "2. März 2026", "01.03.2026", "27.02.2026 07:45"),
    ),
)


@dataclass(frozen=True)
class Page:
    """A page and what a reader sees on it."""

    html: str
    url: str
    title: str
    people: tuple[str, ...]
    published: str
    image: str
    first: str  #: line of the text
    last: str
    strange: tuple[str, ...]  #: what is no part of the text
    inside: tuple[str, ...] = ()  #: what is
    made_of: tuple[str, ...] = field(default=())  #: the choices, for whoever mends what fails


class _Theme:
    """The choices of one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.story = self.random.choice(STORIES)
        self.naming = self.random.choice(("none", "short", "hashed", "utility", "misleading"))
        self.made: list[str] = [self.story.language, self.naming]
        self.number = 0

    def pick(self, what: str, *choices: str) -> str:
        """One of these, noted under a name."""
        chosen = self.random.choice(choices)
        self.made.append(f"{what}={chosen}")
        return chosen

    def named(self) -> str:
        """An attribute with the names of a class, in the manner of this theme."""
        self.number += 1
        match self.naming:
            case "short":
                return f" class=k{self.number}"
            case "hashed":
                return f' class="sc-{self.random.randrange(16**5):05x} jx{self.number}"'
            case "utility":
                return f' class="{self.random.choice(("relative flex", "mt-4 text-sm", "md:grid shadow"))}"'
            case "misleading":
                return f' class="{self.random.choice(("has-sidebar", "content-related", "widgetized wrap"))}"'
        return ""

    def head(self) -> tuple[str, str, tuple[str, ...], str]:
        """(above and with the headline, time, people, address of the picture)."""
        story = self.story
        line, when = self.random.choice(story.dates)
        both = self.pick("people", "one", "two") == "two"
        people = story.people if both else story.people[:1]
        joined = self.pick("joined", ", ", " / ") if both else ""
        names = joined.join(people)
        if self.pick("capitals", "no", "no", "yes") == "yes":
            names = names.upper()
        by = self.pick("label", story.words["by"], story.words["by"], "")
        match self.pick("byline", "one line", "two lines", "one line, link", "date first"):
            case "one line":
                meta = f"<div{self.named()}>{by or story.words['by']}{names} | {line}</div>"
            case "one line, link":
                linked = f"<a href=/tim/1><b>{names}</b></a>"
                meta = f"<p{self.named()}>{line} | {by or story.words['by']}{linked}</p>"
            case "two lines":
                meta = f"<div{self.named()}><span>{by}{names}</span></div><div><i></i> {line}</div>"
            case _:
                meta = f"<div{self.named()}>{line}<br>{by or story.words['by']}{names}</div>"
        source = f"/media/2026/03/{self.random.randrange(10**6)}-utama.jpg"
        size = self.pick("size", "", " width=860 height=520")
        match self.pick("picture", "figure", "div", "paragraph", "link"):
            case "figure":
                photo = f"<figure><img src={source}{size}><figcaption>{story.caption}</figcaption></figure>"
            case "div":
                photo = f"<div{self.named()}><img src={source}{size}><p>{story.caption}</p></div>"
            case "paragraph":
                photo = f"<p><img src={source}{size}><br><small>{story.caption}</small></p>"
            case _:
                photo = f"<div><a href={source}><img src={source}{size}></a><div>{story.caption}</div></div>"
        heading = f"<h1{self.named()}>{story.title}</h1>"
        order = self.pick("order", "hmp", "mhp", "phm", "pmh", "hpm")
        return "".join({"h": heading, "m": meta, "p": photo}[each] for each in order), when, people, source

    def text(self) -> tuple[str, tuple[str, ...]]:
        """(the text, what of it is no paragraph)."""
        story = self.story
        kind = self.pick("text", "p", "p", "div", "breaks", "chunks", "wrapped")
        extra = self.pick("extra", "none", "list", "heading", "quote", "related", "advert", "form", "link")
        middle = ""
        inside: tuple[str, ...] = ()
        match extra:
            case "list":
                middle = f"<ul>{''.join(f'<li>{point}</li>' for point in story.points)}</ul>"
                inside = story.points
            case "heading":
                middle, inside = f"<h3>{story.points[0]}</h3>", story.points[:1]
            case "quote":
                middle, inside = (
                    f"<blockquote><p>{story.points[1]}.</p></blockquote>",
                    (f"{story.points[1]}.",),
                )
            case "related":
                middle = f"<p><b>{story.words['read']}:</b> <a href=/n/9>{story.others[4]}</a></p>"
            case "advert":
                middle = f"<div{self.named()}><span>Advertisement</span><div></div></div>"
            case "form":
                middle = f"<form{self.named()}><p>Newsletter</p><input name=mail><button>OK</button></form>"
            case "link":
                middle = ""
        given = list(story.paragraphs)
        if extra == "link":
            given[2] = f"<a href=/n/8>{given[2]}</a>"
        if kind == "breaks":
            half = "<br><br>".join(given[:2]), "<br><br>".join(given[2:])
            return f"<div{self.named()}>{half[0]}</div>{middle}<div>{half[1]}</div>" if middle else (
                f"<div{self.named()}>{'<br><br>'.join(given)}</div>"
            ), inside
        tag = "p" if kind in ("p", "chunks") else "div"
        shown = [f"<{tag}>{each}</{tag}>" for each in given]
        if kind == "wrapped":
            shown = [f"<div{self.named()}><p>{each}</p></div>" for each in given]
        parts = "".join(shown[:2]), "".join(shown[2:])
        if kind == "chunks":
            name = self.named()
            return f"<div{name}>{parts[0]}</div>{middle}<div{name}>{parts[1]}</div>", inside
        return f"<div{self.named()}>{parts[0]}{middle}{parts[1]}</div>", inside

    def box(self, heading: str, first: int) -> str:
        """A list of other articles, with pictures, dates or reporters."""
        story = self.story
        tag = self.pick("cards", "li", "div", "article")
        with_picture = self.pick("thumbs", "yes", "no") == "yes"
        with_date = self.pick("dates", "above", "below", "none")
        reporter = self.pick("reporter", "yes", "no", "no") == "yes"
        whole = self.pick("card link", "whole", "title") == "whole"
        cards = []
        for number in range(first, first + 4):
            title, date = story.others[number % 5], story.card_dates[number % 4]
            said = f"{story.words['by']}Tono Wijaya · {date}" if reporter else date
            shown = f"<div>{said}</div>"
            picture = f"<img src=/kecil/{number}.jpg>" if with_picture else ""
            link = f"<a href=/n/{number}>{title}</a>"
            inner = f"<a href=/n/{number}>{picture}<div>{title}</div></a>" if whole else picture + link
            above, below = (shown if with_date == where else "" for where in ("above", "below"))
            cards.append(f"<{tag}>{above}{inner}{below}</{tag}>")
        over = self.pick("heading", "h2", "h3", "span", "p")
        inner = f"<ul>{''.join(cards)}</ul>" if tag == "li" else "".join(cards)
        more = f"<a href=/index>{story.words['more']}</a>"
        return f"<div{self.named()}><{over}>{heading}</{over}>{inner}{more}</div>"


def page(seed: int) -> Page:
    """The page of a seed."""
    theme = _Theme(seed)
    story = theme.story
    head, when, people, image = theme.head()
    text, inside = theme.text()
    share = "".join(f"<a href=//net{n}.example/share>Net{n}</a> " for n in range(3))
    share_bar = f"<div{theme.named()}>{share}</div>"
    shared = theme.pick("share", "above", "below", "none")
    tags = (
        "<div>Tags: <a href=/tag/a>Kota</a> <a href=/tag/b>Air</a></div>"
        if theme.random.random() < 0.5
        else ""
    )
    side = theme.box(story.words["most"], 0) + (
        theme.box(story.words["news"], 2) if theme.random.random() < 0.6 else ""
    )
    related = theme.box(story.words["read"], 1) if theme.pick("below", "related", "none") == "related" else ""
    comments = ""
    if theme.pick("comments", "yes", "no", "no") == "yes":
        said = "<b>Otto Lang</b> <span>05/03/2026 10:00</span><p>Well said.</p>"
        comments = f"<div><p>3 comments</p><div>{said}</div></div>"
    above, below = (share_bar if shared == where else "" for where in ("above", "below"))
    column = f"<div{theme.named()}>{head}{above}{text}{below}{tags}{related}{comments}</div>"
    aside = f"<div{theme.named()}>{side}</div>"
    order = theme.pick("columns", "right", "right", "left")
    columns = aside + column if order == "left" else column + aside
    menu = "".join(
        f"<li><a href=/{name}>{name.title()}</a></li>" for name in ("kota", "desa", "laut", "pasar")
    )
    top = f"<div{theme.named()}><a href=/><img src=/logo.png></a><ul>{menu}</ul></div>"
    foot = "<div>© 2026 Kanal <a href=/about>About</a> <a href=/contact>Contact</a></div>"
    document = (
        f"<!doctype html><html lang={story.language}><head><title>{story.title}</title></head>"
        f"<body>{top}<div{theme.named()}>{columns}</div>{foot}</body></html>"
    )
    return Page(
        html=document,
        url=f"{BASE}/kota/{seed}-berita-hari-ini",
        title=story.title,
        people=people,
        published=when,
        image=BASE + image,
        first=story.paragraphs[0],
        last=story.paragraphs[-1],
        strange=(*story.others, *story.words.values(), "Well said."),
        inside=(*story.paragraphs, *inside),
        made_of=tuple(theme.made),
    )
