"""Foreign HTML → HTML that may stand in a feed, and → plain text.

The output of `clean_html` is HTML, not XML: void elements are written `<br>`, and it has to be escaped like
any other text where it goes into an XML document. It never holds characters that XML 1.0 forbids.

Cost is bounded before a parser sees anything: html5ever (nh3) and lexbor both take time that grows with the
square of the nesting depth.
"""

from __future__ import annotations

import html
import re
import threading
import unicodedata
from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote, urlsplit

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from feedsvc.extract.bounds.html import depth
from feedsvc.urls import absolute

MAX_CHARS = 1_000_000  #: of one fragment; what follows is cut off
MAX_MARKS = 20_000  #: `<` and `&` of one fragment; nh3 takes seconds for a million bare ampersands
MAX_DEPTH = 256  #: elements nested in one another; a deeper fragment is read as plain text

TAGS = frozenset(
    "a abbr b bdi blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h1 h2 h3 "
    "h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small strong sub summary sup table tbody "
    "td tfoot th thead tr u ul var wbr".split()
)
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
#: Elements whose content is no text for readers
SILENT = frozenset(
    "script style template noscript noembed noframes head title textarea select option svg math canvas "
    "button input object applet frameset map dialog".split()
)
_EMBEDS = "iframe[src], iframe[data-src], embed[src], object[data], video, audio"
_LAZY = ("data-src", "data-original", "data-lazy-src")
_BREAKS = frozenset(
    "address article aside blockquote br caption dd details div dl dt fieldset figcaption figure footer h1 "
    "h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table td tfoot th thead tr ul".split()
)

#: Forbidden in XML 1.0 (section 2.2), lone surrogates, and what has no business in a text: bidi embeddings,
#: overrides and isolates (they reorder what stands after the text), zero-width space, BOM, soft hyphen
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)
_local = threading.local()  # a thread's cleaner, and the base of the fragment that it cleans
_MARK = re.compile("[<&]")
_MARKUP = re.compile(r"<[^<>]*>")
_SENTENCE = re.compile(r"[.!?…]['\"”’»)\]]*(?=\s)|[。！？]")


def clean_html(fragment: str, *, base: str) -> str:
    """`fragment` with nothing in it but text, structure, links and pictures.

    Addresses are absolute (against `base`) and http, https or (links only) mailto; frames and players become
    links. Cleaning what is clean changes nothing. Never raises.
    """
    room = MAX_CHARS
    for _ in range(6):
        taken = _cut(fragment, room)
        cleaned = _clean_once(taken, base)
        if cleaned == fragment:
            return cleaned
        if len(cleaned) > MAX_CHARS or _marks(cleaned) > MAX_MARKS:
            # escaping and long addresses made it larger than what is read again: so much less of it is taken
            share = min(MAX_CHARS / len(cleaned), MAX_MARKS / max(_marks(cleaned), 1))
            room = int(len(taken) * share * 0.97)
        else:
            fragment, room = cleaned, MAX_CHARS
    # A parser that reads its own output differently each time: only the words are safe to keep.
    return _clean_once(_paragraphs(_cut(to_text(fragment), MAX_MARKS)), base)


def _clean_once(fragment: str, base: str) -> str:
    fragment = _allowed(fragment)
    if depth(fragment, MAX_DEPTH) > MAX_DEPTH:
        fragment = _paragraphs(_stripped(fragment))
    _local.base = base
    return _cleaner().clean(_settled(fragment, base)).strip()


def _allowed(text: str) -> str:
    # nothing that is forbidden is printable, and asking for that takes a tenth of looking for it
    return text if text.replace("\n", "").isprintable() else _FORBIDDEN.sub("", text)


def _cleaner() -> nh3.Cleaner:
    """This thread's; making one costs several times what cleaning an article does."""
    made: nh3.Cleaner | None = getattr(_local, "cleaner", None)
    if made is None:
        made = _local.cleaner = nh3.Cleaner(
            tags=set(TAGS),
            clean_content_tags=set(SILENT - {"head"}),
            attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
            attribute_filter=lambda tag, name, value: _attribute(tag, name, value, _local.base),
            link_rel=None,
            url_schemes={"http", "https", "mailto"},
        )
    return made


def _cut(fragment: str, chars: int = MAX_CHARS) -> str:
    """At most `chars` characters and MAX_MARKS marks of `fragment`, cut before a tag or entity."""
    if len(fragment) > chars:
        at = fragment.rfind("<", 0, chars)
        fragment = fragment[: at if at > chars // 2 else chars]
    if _marks(fragment) <= MAX_MARKS:
        return fragment
    following = next(islice(_MARK.finditer(fragment), MAX_MARKS, None))
    return fragment[: following.start()]


def _marks(fragment: str) -> int:
    return fragment.count("<") + fragment.count("&")


def _attribute(tag: str, name: str, value: str, base: str) -> str | None:
    if name == "href":
        return _link(value, base)
    if name == "src":
        return absolute(base, value)
    if name == "dir":
        return value if value in ("rtl", "ltr", "auto") else None
    if name in ("width", "height", "colspan", "rowspan", "start"):
        return value if re.fullmatch(r"[0-9]{1,5}", value) else None
    return value


def _link(value: str, base: str) -> str | None:
    value = value.strip()
    if value[:7].lower() == "mailto:":
        return value if re.fullmatch(r"mailto:[^\s<>\"]{3,200}", value, re.I) else None
    address = absolute(base, value)
    fragment = value.partition("#")[2]
    if address is None or not fragment:
        return address
    return f"{address}#{quote(fragment, safe='!$&()*+,;=:@/?-._~%')}"


def _settled(fragment: str, base: str) -> str:
    """`fragment` after what nh3 cannot do: frames to links, lazy pictures, pixels."""
    if not re.search(r"<(?:img|iframe|embed|object|video|audio)\b", fragment, re.I):
        return fragment
    tree = LexborHTMLParser(f"<body>{fragment}</body>")
    if (body := tree.body) is None:  # a frameset
        return ""
    for node in body.css(_EMBEDS):
        _to_link(tree, node, base)
    for node in body.css("img"):
        _settle_picture(node, base)
    return body.inner_html or ""


def _to_link(tree: LexborHTMLParser, node: LexborNode, base: str) -> None:
    inner = node.css_first("source[src]") if node.tag in ("video", "audio") else None
    given = [
        each.attributes.get(name) for each in (node, inner) if each for name in ("src", "data-src", "data")
    ]
    address = next((found for value in given if (found := absolute(base, value))), None)
    if address is None:
        node.remove()
        return
    link, paragraph = tree.create_node("a"), tree.create_node("p")
    link.attrs["href"] = address
    link.insert_child(fold(node.attributes.get("title") or "") or urlsplit(address).hostname or address)
    paragraph.insert_child(link)
    node.replace_with(paragraph)


def _settle_picture(node: LexborNode, base: str) -> None:
    given = node.attributes
    if any(given.get(side) in ("0", "1") for side in ("width", "height")):
        node.remove()  # a counter, no picture
        return
    sources = [value for name in (*_LAZY, "src") if (value := given.get(name)) and absolute(base, value)]
    if not sources:
        node.remove()
    elif sources[0] != given.get("src"):
        node.attrs["src"] = sources[0]


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n") if line)


def to_text(fragment: str) -> str:
    """The words of `fragment`, a paragraph a line, as a reader would see them. Never raises."""
    fragment = _cut(_allowed(fragment))
    if "<" not in fragment:
        return one_line(html.unescape(fragment))
    if depth(fragment, MAX_DEPTH) > MAX_DEPTH:
        return _stripped(fragment)
    body = LexborHTMLParser(f"<body>{fragment}</body>").body
    text = "".join(_pieces(body)) if body is not None else ""
    return "\n".join(line for each in text.split("\n") if (line := one_line(each)))


def _pieces(top: LexborNode) -> Iterator[str]:
    """The text under `top`; block elements and `<br>` begin and end a line."""
    node: LexborNode | None = top
    last = top.mem_id  # nodes compared with == would be compared by their whole HTML
    while node is not None:
        tag = node.tag
        silent = tag in SILENT and node.mem_id != last
        if tag == "-text":
            yield (node.text_content or "").replace("\n", " ")
        elif tag in _BREAKS:
            yield "\n"
        child = None if silent else node.child
        if child is not None:
            node = child
            continue
        while node is not None and node.mem_id != last and node.next is None:
            node = node.parent
            if node is not None and node.tag in _BREAKS:
                yield "\n"
        if node is None or node.mem_id == last:
            return
        node = node.next


def _stripped(fragment: str) -> str:
    """The words of a fragment that no parser should see."""
    return one_line(html.unescape(_MARKUP.sub(" ", fragment)))


def fold(text: str) -> str:
    """`text` as one line: entities decoded once, white space folded, NFC, nothing that XML forbids."""
    return one_line(html.unescape(text) if "&" in text else text)


def one_line(text: str) -> str:
    """`text` as one line, taken literally: `&amp;` stays what it is."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(unicodedata.normalize("NFC", _FORBIDDEN.sub("", text)).split())


def summarise(text: str, limit: int = 300) -> str:
    """The beginning of a plain text in at most `limit` characters, ended at a sentence or else at a word.

    An ellipsis says that more follows. No grapheme is cut in two.
    """
    text = one_line(text)
    if len(text) <= limit or limit < 1:
        return text[: max(limit, 0)]
    ends = [match.end() for match in _SENTENCE.finditer(text, 0, limit)]
    if ends and ends[-1] >= limit // 2:
        return text[: ends[-1]]
    at = text.rfind(" ", 0, limit)
    if at < limit // 2:  # a script without spaces, or a word longer than the summary
        at = _grapheme_start(text, limit - 1)
    return text[:at].rstrip(" ,;:–—-") + "…"


def _grapheme_start(text: str, at: int) -> int:
    while at > 0 and (_continues(text[at]) or text[at - 1] == "\u200d" or _second_flag_half(text, at)):
        at -= 1
    return at


def _continues(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" or char == "\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _second_flag_half(text: str, at: int) -> bool:
    flags = 0
    while at - flags >= 0 and "\U0001f1e6" <= text[at - flags] <= "\U0001f1ff":
        flags += 1
    return flags > 0 and flags % 2 == 0
