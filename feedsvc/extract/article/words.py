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
LABEL = re.compile(rf"^\W{{0,3}}(?:(?:{_ROLE_LABELS}|{_BY})\s*[:：]\s*|(?:{_BY})\s+)", re.I)
#: … and anywhere in a line, behind a separator: `KAMIS, … WIB | LAPORAN: X`
LABEL_INSIDE = re.compile(
    rf"(?:^|[|•·/–—-]\s*)(?P<label>(?:{_ROLE_LABELS}|{_BY_INSIDE})\s*[:：]\s*|(?:{_BY_INSIDE})\s+)"
    r"(?P<name>[^|•·:]{3,90})",
    re.I,
)
#: A label that is meant as one wherever it stands: with a colon, or in so many words
LABEL_EXPLICIT = re.compile(
    rf"^\W{{0,3}}(?:(?:{_ROLE_LABELS})\s*[:：]|(?:{_WORDS.alternatives('by_explicitly')})\s)", re.I
)
#: Where the name of the editor begins in a line that names the reporter first: `Rep: X/ Red: Y`
EDITOR_AFTER = re.compile(
    r"(?:[\s/|,;–—-](?:red|ed|editor|redaktur|penyunting)\s*[:：].*|[/|]\s*(?:red|editor|redaktur)\s*)$", re.I
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
#: What people are, not who they are
ROLE = (
    r"journalist\w*|reporter\w*|redakteur\w*|redaktör|editor(?:-in-chief| in chief)?|wartawan|jurnalis|"
    r"kontributor|contributors?|contributing \w+|correspondents?|korrespondent\w*|staff(?: writers?)?|"
    r"writers?|"
    r"fotograf\w*|photographer|columnist|kolumnist\w*|kolomnis|redaksi|redaktion|redacción|redazione|"
    r"rédaction|"
    r"redactie|기자|記者|특파원|muhabir|autor(?:in)?|author|penulis|pewarta|reporter|producer|analyst|"
    r"(?:[\w-]*(?:leiter|direktor|sprecher|präsident|professor|referent|chef)(?:in)?)|"
    r"freelance\w*|(?:political|business|sports?|news|health|science|senior|chief|deputy|managing|associate|"
    r"assistant|executive|lifestyle|showbiz|foreign|crime|education|environment|world|national) "
    r"(?:\w+ )?(?:editor|reporter|writer|correspondent|journalist|producer|director)|head of \w+"
)
AGENCIES = frozenset(_WORDS.words("agency"))
#: Names of nobody
NOBODY = re.compile(
    r"(?:super ?)?admin\w*|redaksi\w*|redaktion\w*|redaction|rédaction|redacci[oó]n|redactie|redazione|"
    r"redakcja|redakce|"
    r"newsroom|news ?desk|(?:web ?|news ?|online ?)?staff(?: writers?)?|editorial\w*(?: \w+)?|editors?|"
    r"the editors|"
    r"(?:news ?|web ?|online ?|editorial ?)?team|tim (?:redaksi|liputan|editor|penulis|admin)\w*|"
    r"webmaster|web ?desk|developer|unknown|guest|anonymous|"
    r"user\d*|root|wordpress|none|null|undefined|n a|no author|author|autor|authors|various|diverse|"
    r"desk|agency|agencies|agenturen|redaksi \w+|default|test|blogger|posted|published|contributor|"
    r"未知|佚名|匿名|不详|网络(?:整理)?|網絡整理|本站(?:原创)?|综合(?:整理)?|小编|编辑部?|管理员|name|"
    r"press release|advertorial|sponsored|gastautor|gastbeitrag|leserbrief|administrador|administrateur",
    re.I,
)
#: Words that a person's name does not hold
NO_NAME = re.compile(
    r"\b(?:min read|minutes?|published|updated|follow|subscribe|share|comments?|lesezeit|artikel|article|"
    r"read|view|"
    r"all posts|kontakt|contact|e-?mail|newsletter|posts?|facebook|twitter|instagram|linkedin|whatsapp|"
    r"tiktok|"
    r"youtube|http|www|copyright|privacy|login|register|abo|more|mehr|bio|profile|profil|archive|print|"
    r"staff|team|image|images|photo|getty|click|here|source|this|that|with|from|about|our|your)\b|"
    r"kommentare?\b|关注|關注|授权|查看|更多|登录|登錄|注册|返回",
    re.I,
)
ORGANISATION = re.compile(
    r"\b(?:gmbh|e\.\s?v|ag|ltd|inc|llc|plc|stiftung|verlag|magazin|magazine|zeitung|media|medien|medios|"
    r"news|online|redaktion|"
    r"redaksi|redacción|newsroom|desk|tribune|journal|gazette|herald|foundation|institut\w*|university|"
    r"universität|ministerium|ministry|verein|rundfunk|tv|fernsehen|radio|agency|agentur|press|presse|blog|"
    r"times|post|network|netzwerk|group|gruppe|council|association|verband|studio|club|team|office|polri|"
    r"humas|dinas|"
    r"kementerian|pt|cv)\b|\w{3}\.[a-z]{2,5}\b| – ",
    re.I,
)
#: Small words inside names
PARTICLES = frozenset(_WORDS.words("particle"))
NAME_SPLIT = re.compile(
    r"\s*(?:;|\||、|／|\s/\s|,|•|·|\s&\s|\s\+\s|\s(?:and|und|dan|et|og|och|ve|en|y|e|i|и|та|ja|és|a|with|"
    r"mit)\s)\s*"
)
_WRITERS = "author byline autor reporter penulis writer wartawan journalist redakteur auteur".split()
#: class names and addresses of bylines
BYLINE_NODES = ", ".join(
    [
        *("[rel~=author]", "[itemprop=author]", "[data-testid*=author i]", "[data-testid*=byline i]"),
        *(f"[class*={name} i]" for name in _WRITERS),
        *(f"a[href*='{part}']" for part in ("/author/", "/autor", "/authors/", "/penulis/", "/profile/")),
    ]
)
_AUTHOR_BOXES = ("author-bio", "author-box", "author-info", "about-author", "about-the-author")
#: names in boxes about the author, the more prominent heading first
AUTHOR_BOX_HEADINGS = tuple(
    ", ".join(f"[class*={box} i] {heading}" for box in _AUTHOR_BOXES) for heading in ("h3", "h4")
)
AUTHOR_LINK = re.compile(
    r"auth|autor|profil|penulis|reporter|/von/|/people/|/team/|staff|contribut|redak|journalist|/by/|"
    r"writer|auteur",
    re.I,
)
NOT_BYLINE = re.compile(
    r"comment|avatar|\bbio|-bio|_bio|image|photo|img|desc|social|follow|share|more|box-title|caption|"
    r"title$|related|about",
    re.I,
)
