"""Word tables of the article readers: data, not code. Each list is one alternative of a regular "
"expression."""

from __future__ import annotations

import re

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
IS_UPDATE = re.compile(
    r"modif|updat|aktualis|diperbarui|pembaruan|oppdatert|uppdaterad|aggiornat|actualiz|edited|geändert|"
    r"obnov",
    re.I,
)
IS_PUBLISHED = re.compile(r"publ|entry-?date|posted|ver(?:ö|oe)ff|tayang|terbit|created|release", re.I)
#: class names of elements that hold a date line
DATE_CLASSES = (
    "time, [itemprop=datePublished], [class*=date i], [class*=time i], [class*=publish i], [class*=byline "
    "i], "
    "[class*=meta i], [class*=tanggal i], [class*=waktu i]"
)

# ── people ────────────────────────────────────────────────────────────────────────────────────────────

AUTHOR_METAS = (
    "author article:author article:author_name parsely-author sailthru.author cxenseparse:author og:author "
    "og:article:author byl dc.creator dcterms.creator citation_author articleauthor dable:author "
    "article:byline "
    "content_author authors writer jurnalis reporter content_reporter penulis mediator_author"
).split()
#: Words before a name that say it is the author's
_BY = (
    "alles von|mehr von|alle (?:artikel|beiträge|texte) von|(?:view )?all (?:posts|articles|stories) by|"
    "posts by|escribe|escriben|"
    "postado por|publicado por|diposting oleh|dipublikasikan oleh|eingestellt von|veröffentlicht von|"
    "pubblicato da|geplaatst door|opublikowane przez|"
    "by|von|par|por|di|da|av|af|door|oleh|de|od|przez|autor:|od:|words by|written by|posted by|story by|"
    "reported by|"
    "report by|published by|publié par|propos recueillis par|ditulis oleh|dilaporkan oleh|text von|"
    "ein beitrag von|eine analyse von|ein gastbeitrag von|ein artikel von|ein kommentar von|eine kolumne von|"
    "interview von|kommentar von|von unser\\w+ \\w+|escrito por|redigé par|rédigé par|scritto da|yazan|"
    "tarafından"
)
_ROLE_LABELS = (
    r"(?:redaktur|editor)\s*(?:&|/|dan|and)\s*(?:reporter|penulis|writer|wartawan)|"
    r"(?:reporter|penulis|writer|wartawan)\s*(?:&|/|dan|and)\s*(?:redaktur|editor)|rep|"
    "laporan|report|reporter|reporters|penulis|pewarta|wartawan|kontributor|contributor|jurnalis|"
    "journalist|author|"
    "authors|autor|autorin|autoren|autora|autores|auteur|auteurs|autore|text|texte|texto|testo|tekst|teks|"
    "story|"
    "writer|words|written by|forfatter|skribent|författare|kirjoittaja|yazar|haber|muhabir|szerző|tác giả|"
    "автор|авторы|текст|корреспондент|作者|文|記者|記事|执笔|撰文|글|기자|الكاتب|كتب|نویسنده|מאת"
)
#: `LAPORAN: X`, `By X`: the label before a name, at the beginning of a text
LABEL = re.compile(rf"^\W{{0,3}}(?:(?:{_ROLE_LABELS}|{_BY})\s*[:：]\s*|(?:{_BY})\s+)", re.I)
#: … and anywhere in a line, behind a separator: `KAMIS, … WIB | LAPORAN: X`
LABEL_INSIDE = re.compile(
    rf"(?:^|[|•·/–—-]\s*)(?P<label>(?:{_ROLE_LABELS}|by|von|par|por|oleh|di|av|door)\s*[:：]\s*|(?:by|von|"
    rf"par|por|oleh|di|av|door)\s+)(?P<name>[^|•·:]{{3,90}})",
    re.I,
)
#: A label that is meant as one wherever it stands: with a colon, or in so many words
LABEL_EXPLICIT = re.compile(
    rf"^\W{{0,3}}(?:(?:{_ROLE_LABELS})\s*[:：]|(?:written|reported|words|story) by\s|ditulis oleh\s|"
    rf"dilaporkan oleh\s|(?:postado|publicado) por\s|di(?:posting|publikasikan) oleh\s|pubblicato da\s|"
    r"(?:eingestellt|veröffentlicht) von\s|geplaatst door\s|opublikowane przez\s|"
    r"(?:ein|eine) (?:artikel|beitrag|analyse|kommentar|interview|gastbeitrag) von\s|escrito por\s|"
    r"scritto da\s|"
    r"rédigé par\s)",
    re.I,
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
    r"^\W{0,3}(?:editor|editors|penyunting|redaktur|edited by|editing by|editing|redaktor|redaktion|"
    r"redaksi|foto|photo|"
    r"photos?|fotos?|fotografer|photograph\w*|bild|bilder|images?|sumber|source|quelle|video|herausgeber|"
    r"translat\w+|übersetz\w+|penerjemah|uploader|infografi[ks]\w*|produser|producer|kredit|credit|"
    r"verantwortlich|sunting|copy editor|ilustra\w+|illustrat\w+)\b"
    r"(?!\s*(?:&|/|dan|and)\s*(?:reporter|penulis|writer|wartawan))",
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
AGENCIES = frozenset(
    (
        "dpa|afp|ap|reuters|sda|apa|antara|associated press|the associated press|anadolu ajansı|anka|efe|"
        "ansa|deutsche presse agentur|pa|pa media|kyodo|xinhua|bloomberg|tass|epd|kna|sid|ritzau|ntb|tt|"
        "pti|ians|ani|canadian press|the canadian press|agence france presse|keystone sda|belga|anp|yonhap|"
        "jiji|jiji press|kyodo news|upi|pap|čtk|mti|agerpres|tanjug|hina|bta|agi|adnkronos|askanews|télam|"
        "interfax|press association|europa press|lusa|ria novosti|ukrinform|bernama|vna|spk"
    ).split("|")
)
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
PARTICLES = frozenset(
    "de der den da di do dos das du del della des la le les el al van von vom zu zur zum bin binti ibn y "
    "e i af av "
    "ten ter te 't op in und dan".split()
)
NAME_SPLIT = re.compile(
    r"\s*(?:;|\||、|／|\s/\s|,|•|·|\s&\s|\s\+\s|\s(?:and|und|dan|et|og|och|ve|en|y|e|i|и|та|ja|és|a|with|"
    r"mit)\s)\s*"
)
#: class names and addresses of bylines
BYLINE_NODES = (
    "[rel~=author], [itemprop=author], [class*=author i], [class*=byline i], [class*=autor i], "
    "[class*=reporter i], "
    "[class*=penulis i], [class*=writer i], [class*=wartawan i], [data-testid*=author i], "
    "[data-testid*=byline i], "
    "[class*=journalist i], [class*=redakteur i], [class*=auteur i], a[href*='/author/'], a[href*='/autor'], "
    "a[href*='/authors/'], a[href*='/penulis/'], a[href*='/profile/']"
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
