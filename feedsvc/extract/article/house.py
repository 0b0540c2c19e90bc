"""The names of the newsroom itself: never a part of a headline, never an author."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from feedsvc.extract.article.compare import squeezed, words
from feedsvc.extract.article.ldjson import LinkedData, text_of
from feedsvc.extract.clean import fold
from feedsvc.urls import absolute, same_site

_METAS = ("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher")
_HOUSE_TYPES = frozenset({"WebSite", "NewsMediaOrganization"})
#: second labels under a country: co.uk, or.id
_SECOND_LEVEL = frozenset("co com or ac go gov net org web my ne in edu sch desa biz".split())
_BEFORE = re.compile(
    r"^(?:(?:the|der|die|das|le|la|les|il|el|los|tim|team|redaksi|redaktion|redaccion|redazione|redaction|"
    r"von|by|oleh) )+"
)
_AFTER = re.compile(
    r"(?:com|coid|id|net|org|de|tv|online|digital|news|newsroom|team|redaksi|redaktion|redaction|redaccion|"
    r"redazione|desk|staff|wire|agency|editors|reporters?|writers?)$"
)

#: `標題_網易新聞`: what a Chinese, Japanese or Korean title ends with, if it says that it is a newsroom
_WIDE_TAIL = re.compile(
    r"[-_|｜—–]\s*(?P<name>(?P<own>[^-_|｜—–\s]{2,10}?)(?:新闻(?:网|中心)?|新聞(?:網)?|网|網|日报|日報|晚报|晚報|时报|時報|"
    r"在线|资讯|資訊|财经|科技|体育|娱乐|订阅|频道|传媒|官网|官方网站|门户网站|ニュース|オンライン|뉴스|일보|신문))\s*$"
)

_MOST_LINKS = 200  #: links of a page that are looked at for the one that leads home
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright)[\s\d,–-]{0,20}([^.|©\d\n]{3,40})", re.I)
_END = 600  #: characters of a page in which its rights are reserved
_PARTS = re.compile(r"\s[-–—|·•»«]\s|[|｜]|:\s")


@dataclass(frozen=True, slots=True)
class House:
    """What the newsroom calls itself, in squeezed spelling."""

    names: frozenset[str]

    def is_named(self, text: str) -> bool:
        """Whether `text` is nothing but the name of the newsroom (`Redaksi Kabar Kini`, `kabarkini.id`)."""
        bare = _BEFORE.sub("", words(text)).replace(" ", "")
        if not bare or bare in self.names or squeezed(text) in self.names:
            return True
        for _ in range(2):
            shorter = _AFTER.sub("", bare, count=1)
            if len(shorter) < 3:
                break
            bare = shorter
        *front, last = words(text).split()
        # `Ilanga D`: the name and a desk
        return bare in self.names or (len(last) <= 2 and "".join(front) in self.names)

    def is_desk(self, text: str) -> bool:
        """Whether `text` is the name of the newsroom and one or two words more: `NPX World Service`."""
        parts = text.split()
        for cut in range(1, len(parts)):
            front = parts[:cut]
            telling = cut > 1 or (len(front[0]) > 2 and front[0].isupper())
            if telling and squeezed(" ".join(front)) in self.names:
                return len(parts) - cut <= 2 and not text.isupper()
        return False

    def is_part(self, text: str) -> bool:
        """Whether `text` is a tail like `Kabar Kini Nasional`: the name, or the name and a little more."""
        bare = squeezed(text)
        if self.is_named(text):
            return True
        return len(bare) > 3 and any(
            len(name) > 3 and ((name in bare and len(bare) < 2.2 * len(name)) or bare in name)
            for name in self.names
        )


def read_house(
    url: str,
    metas: Mapping[str, tuple[str, ...]],
    linked: LinkedData,
    title: str = "",
    shown: Iterable[str] = (),
) -> House:
    """The names under which the newsroom shows itself on this page, whose `<title>` is `title`.

    `shown` are names that readers see (`shown_names`).
    """
    given = [name for key in _METAS for name in metas.get(key, ())]
    given += [text_of(node.get("name")) for node in linked.of_type(_HOUSE_TYPES)]
    publisher = linked.article.get("publisher")
    given.append(
        text_of(linked.resolved(publisher).get("name") if isinstance(publisher, dict) else publisher)
    )
    # twitter:creator is not asked: it is often the author
    given += [name.rsplit("/", 1)[-1].lstrip("@") for name in metas.get("twitter:site", ())[:1]]
    given += _host_names(url)
    given += shown
    if match := _WIDE_TAIL.search(title):
        given += [match["name"], match["own"]]
    return House(frozenset(_kept(given)))


def shown_names(tree: LexborHTMLParser, url: str, title: str) -> list[str]:
    """What the page's link home and its line of rights call the newsroom, as far as `<title>` has it too."""
    given = [part.strip() for part in (title, *_PARTS.split(title)) if len(part) < 60]
    parts = {_AFTER.sub("", squeezed(part), count=1): part for part in given}  # `Kabar.ID`, called Kabar
    parts |= {squeezed(part): part for part in given}
    said = []
    for link in tree.css("a[href]")[:_MOST_LINKS]:
        target = absolute(url, link.attributes.get("href"))
        if target is None or not same_site(target, url) or urlsplit(target).path not in ("", "/"):
            continue
        logo = link.css_first("img[alt]")
        said += [link.text(deep=True), link.attributes.get("title") or ""]
        said.append(logo.attributes.get("alt") or "" if logo is not None else "")
    if tree.body is not None:
        end = tree.body.text(deep=True, separator=" ")[-_END:]
        said += [match[1] for match in _RIGHTS.finditer(end)]
    return [parts[name] for text in said if len(name := squeezed(fold(text))) > 3 and name in parts]


def _kept(given: Iterable[str]) -> Iterator[str]:
    for text in given:
        if len(text) < 60 and (name := squeezed(text)):
            yield name
            if len(shorter := _AFTER.sub("", name, count=1)) >= 5:
                yield shorter


def _host_names(url: str) -> Iterator[str]:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    if len(labels) < 2:
        return
    own = labels[-3] if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else labels[-2]
    yield from (host, own, f"{own}.{labels[-1]}")
