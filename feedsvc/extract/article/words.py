"""Patterns of the article readers. The words in them are data: `words.toml`, by language."""

from __future__ import annotations

import re

from feedsvc.extract.vocabulary import load

_WORDS = load("feedsvc.extract.article")

# ── time ──────────────────────────────────────────────────────────────────────────────────────────────

#: Metas that state when an article was published, the most reliable first
PUBLISHED_METAS = (
    "article:published_time og:article:published_time article:published og:published_time "
    "http://ogp.me/ns/article#published_time datepublished parsely-pub-date sailthru.date "
    "cxenseparse:recs:publishtime cxenseparse:publishtime publishdate publish-date published-date "
    "published_date "
    "publish_time published_time date_published pubdate og:pubdate publication_date originalpublicationdate "
    "displaydate article.published dc.date.issued dcterms.issued citation_publication_date "
    "citation_online_date dcterms.created dc.date.created dc.date dcterms.date datecreated "
    "content_create_date published_on publishedon article:published:time article:publishedtime "
    "ptime date"
).split()
UPDATED_METAS = (
    "article:modified_time og:updated_time datemodified og:article:modified_time last-modified".split()
)
IS_UPDATE = re.compile(_WORDS.alternatives("updated"), re.I)
IS_PUBLISHED = re.compile(_WORDS.alternatives("published"), re.I)
#: class names of elements that hold a date line
DATE_CLASSES = ", ".join(
    [
        "time",
        "[itemprop=datePublished]",
        *(f"[class*={name} i]" for name in "date time publish byline meta tanggal waktu".split()),
    ]
)

# ── people ────────────────────────────────────────────────────────────────────────────────────────────

AUTHOR_METAS = (
    "author article:author article:author_name parsely-author sailthru.author cxenseparse:author og:author "
    "og:article:author byl dc.creator dcterms.creator citation_author articleauthor dable:author "
    "article:byline "
    "content_author authors writer jurnalis reporter content_reporter penulis mediator_author"
).split()
_WRITER = r"(?:reporter|penulis|writer|wartawan)"
_EDITOR = r"(?:redaktur|editor)"
_BY = rf"{_WORDS.alternatives('by')}|von unser\w+ \w+"
_ROLE_LABELS = (
    rf"{_EDITOR}\s*(?:&|/|dan|and)\s*{_WRITER}|{_WRITER}\s*(?:&|/|dan|and)\s*{_EDITOR}|"
    rf"{_WORDS.alternatives('author_label')}"
)
_BY_INSIDE = _WORDS.alternatives("by_inside")
#: `LAPORAN: X`, `By X`: the label before a name, at the beginning of a text
LABEL = re.compile(rf"^\W{{0,3}}(?:(?:{_ROLE_LABELS}|{_BY})\s*(?:[:：]|\s[-–—]\s)\s*|(?:{_BY})\s+)", re.I)
#: … and anywhere in a line, behind a separator: `KAMIS, … WIB | LAPORAN: X`
LABEL_INSIDE = re.compile(
    rf"(?:^|[|•·/–—-]\s*|(?<=\d)\s{{1,3}})(?P<label>(?:{_ROLE_LABELS}|{_BY_INSIDE})\s*[:：]\s*|(?:{_BY_INSIDE})\s+)"
    r"(?P<name>[^|•·:]{3,90})",
    re.I,
)
#: A label that is meant as one wherever it stands: with a colon, or in so many words
LABEL_EXPLICIT = re.compile(
    rf"^\W{{0,3}}(?:(?:{_ROLE_LABELS})\s*[:：]|(?:{_WORDS.alternatives('by_explicitly')})\s)", re.I
)
#: Where the name of the editor begins in a line that names the reporter first: `Rep: X/ Red: Y`
EDITOR_AFTER = re.compile(
    rf"(?:[\s/|,;–—-](?:red|ed|redaktur|{_WORDS.alternatives('not_author')})\s*[:：].*|"
    r"[/|]\s*(?:red|editor|redaktur)\s*)$",
    re.I,
)
LABEL_ALONE = re.compile(rf"^\W{{0,3}}(?:{_ROLE_LABELS}|{_BY}|autor(?:in)?/autor(?:in)?)\s*[:：]?\s*$", re.I)
#: `Laporan Wartawan Kabar Kini, Hani Fatunnisa`: whose reporter it is, and the name
REPORT_OF = re.compile(
    r"^\W{0,3}laporan (?:wartawan|reporter|jurnalis|kontributor|koresponden)(?: [\w.]+){0,4}?\s*[,:–—-]\s*"
    r"(?P<name>[^,:.|]{3,60})\W*$",
    re.I,
)
#: Lines that name somebody who is not the author
NOT_AUTHOR = re.compile(
    rf"^\W{{0,3}}(?:{_WORDS.alternatives('not_author')}|(?:{_WORDS.alternatives('not_author_stem')})\w*)\b"
    rf"(?!\s*(?:&|/|dan|and)\s*{_WRITER})",
    re.I,
)
_DESK_ROLES = (
    rf"(?:{_WORDS.alternatives('desk')}) (?:\w{{1,20}} ){{0,2}}(?:{_WORDS.alternatives('desk_role')})"
)
#: What people are, not who they are
ROLE = (
    rf"(?:{_WORDS.alternatives('role_stem')})\w{{0,20}}|{_WORDS.alternatives('role')}|"
    rf"[\w-]{{0,40}}(?:{_WORDS.alternatives('role_end')})(?:in)?|{_DESK_ROLES}|"
    rf"(?:{_WORDS.alternatives('role_of')}) \w{{1,30}}"
)
AGENCIES = frozenset(_WORDS.words("agency"))
#: Names of nobody
NOBODY = re.compile(
    rf"(?:{_WORDS.alternatives('nobody')}|(?:{_WORDS.alternatives('nobody_stem')})\w{{0,20}}(?: \w{{1,30}})?|"
    r"user\d{0,9})",
    re.I,
)
#: Words that a person's name does not hold
NO_NAME = _WORDS.within("no_name")
#: Words of organisations, an address, a dash between two things
ORGANISATION = re.compile(
    rf"{_WORDS.within('organisation').pattern}|\b(?:{_WORDS.alternatives('organisation_stem')})|"
    r"\w{3}\.[a-z]{2,5}\b| – ",
    re.I,
)
#: Words of sections, papers and places, which stand alone beside dates as names do
NO_PERSON = _WORDS.within("no_person")
#: Small words inside names
PARTICLES = frozenset(_WORDS.words("particle"))
#: What stands between two people
NAME_SPLIT = re.compile(rf"\s{{0,2}}(?:[;|、／,•·]|\s(?:[/&+]|{_WORDS.alternatives('and')})(?=\s))\s{{0,2}}")
_WRITERS = "author byline autor reporter penulis writer wartawan journalist redakteur auteur".split()
#: class names and addresses of bylines
BYLINE_NODES = ", ".join(
    [
        *("[rel~=author]", "[itemprop=author]", "[data-testid*=author i]", "[data-testid*=byline i]"),
        *(f"[class*={name} i]" for name in _WRITERS),
        *(
            f"a[href*='{part}']"
            for part in ("/author/", "/autor", "/authors/", "/penulis/", "/profile/", "/muhabir/", "/yazar")
        ),
    ]
)
_AUTHOR_BOXES = ("author-bio", "author-box", "author-info", "about-author", "about-the-author")
#: names in boxes about the author, the more prominent heading first
AUTHOR_BOX_HEADINGS = tuple(
    ", ".join(f"[class*={box} i] {heading}" for box in _AUTHOR_BOXES) for heading in ("h3", "h4")
)
AUTHOR_LINK = re.compile(
    r"auth|autor|profil|penulis|reporter|/von/|/people/|/team/|staff|contribut|redak|journalist|/by/|"
    r"writer|auteur|muhabir|yazar|wartawan|jurnalis|column|colunista|columna|(?:^|/)@",
    re.I,
)
#: words in names of classes that say of an element called a byline what else it is
NOT_BYLINE = frozenset(
    "comment comments commenter avatar bio biography image photo img picture desc description social follow "
    "share sharing more caption related about view views count counter hits".split()
)

# ── other voices ──────────────────────────────────────────────────────────────────────────────────────

#: The line above readers' comments
COMMENTS = re.compile(
    r"^[\W_]*(?:\d{1,6} )?(?:comments?|komentar|kommentare?|commentaires?|comentarios?|comentários?|commenti|"
    r"reacties|yorum(?:lar)?|комментари(?:и|ев|я|й)|коментарі?в?|komentarze|komentáře|"
    r"komentari|comentarii|opmerkingen|kommentarer|hozzászólások|σχόλια|التعليقات|نظرات|دیدگاه(?:‌ها)?|תגובות|"
    r"टिप्पणियाँ|ความคิดเห็น|bình luận|评论|評論|コメント|댓글)"
    r"(?: ?[(（]?\d{1,6}[)）]?)?[\W_]*$|"
    r"^[\W_]*(?:leave a (?:comment|reply)|tinggalkan (?:komentar|balasan)|schreibe? einen kommentar)\b"
    r".{0,20}$",
    re.I,
)
