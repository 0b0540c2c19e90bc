"""What is checked before a parser sees anything, and the limits of a reading.

libxml2 refuses depth beyond 256, entity bombs and text beyond 10 MB by itself; feedparser refuses nothing
and needs minutes for 200,000 attributes or nested elements. Cleaning takes time out of proportion for some
fragments, which are not parsed: 200 bold elements left open in a block are opened anew in each of the blocks
that follow (HTML 13.2.4.3), so that 14 kB become 200,000 elements.
"""

from __future__ import annotations

import html
import re

from feedsvc.errors import Code, ReadError

MAX_ENTRIES = 1_000
MAX_DEPTH = 256
MAX_ATTRIBUTES = 1_000  #: of one element
MAX_TAGS = 400_000  #: and attributes; each costs about 200 bytes of memory

#: What may stand before the root element, except a document type declaration
PROLOG = re.compile(r"(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.S)
_DECLARATION = re.compile(r"\s*<\?xml\s[^<>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:(\[)|>)", re.I)
_SUBSET_END = re.compile(r"\]\s*>")
#: From one tag to the next, where there is room for too many attributes (of two characters: ` a`)
_LONG = re.compile(rf"<[A-Za-z_][^<]{{{2 * MAX_ATTRIBUTES},}}")
_TAG = re.compile(r"[^\"'>]*(?:\"[^\"]*\"[^\"'>]*|'[^']*'[^\"'>]*)*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NESTING = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][\w:.-]*+)[^<>]*+(?:(?<=(/))|(?<!/))>", re.S
)
_LEFT_OPEN = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th".split()
)


def without_declaration(text: str) -> str:
    """`text` without its XML declaration, which spoke of bytes, and space that must not stand before it."""
    found = _DECLARATION.match(text)
    return text[found.end() :] if found else text


def without_doctype(text: str) -> str:
    """`text` without its document type declaration; raises ReadError (BAD_XML) where that declares entities.

    Feeds need none (RSS 0.91 had one, for names such as `&eacute;`, which are mended without it), and what
    it can do beyond that is only harm.
    """
    prolog = PROLOG.match(text)
    assert prolog is not None
    found = _DOCTYPE.match(text, prolog.end())
    if found is None:
        return text
    end = found.end()
    if found[1]:
        close = _SUBSET_END.search(text, end)
        if close is None or "<!ENTITY" in text[end : close.end()].upper():
            raise ReadError(Code.BAD_XML, "the file declares entities of its own, which are not expanded")
        end = close.end()
    return text[: found.start()] + text[end:]


def check_number(text: str) -> None:
    """Raises ReadError (BAD_XML) for a feed with more than MAX_TAGS tags or attributes."""
    if len(text) <= 3 * MAX_TAGS:
        return  # no room for so many
    # of a feed with too many entries only the beginning is parsed, whose tags are counted then
    if text.count("<") > MAX_TAGS and not has_too_many(text):
        raise too_many_tags()
    if text.count("='") + text.count('="') > MAX_TAGS:
        raise ReadError(Code.BAD_XML, f"the feed has more than {MAX_TAGS:,} attributes")


def too_many_tags() -> ReadError:
    """The error for a feed that would need too much memory."""
    return ReadError(Code.BAD_XML, f"the feed has more than {MAX_TAGS:,} tags")


def too_crowded() -> ReadError:
    """The error for an element that would take a reader too long."""
    return ReadError(Code.BAD_XML, f"an element has more than {MAX_ATTRIBUTES:,} attributes")


def has_too_many(text: str) -> bool:
    """Whether `text` seems to hold more than MAX_ENTRIES entries."""
    return text.count("<item") + text.count("<entry") > MAX_ENTRIES


def is_crowded(text: str) -> bool:
    """Whether an element, of XML or HTML, has more than MAX_ATTRIBUTES."""
    return any(attributes(found[0]) > MAX_ATTRIBUTES for found in _LONG.finditer(text))


def attributes(piece: str) -> int:
    """How many attributes the tag has that `piece` begins with: an upper estimate."""
    tag = _TAG.match(piece)
    assert tag is not None
    closed = piece[tag.end() : tag.end() + 1] == ">"
    names = _QUOTED.sub("", tag[0]) if closed else piece  # a quotation that never ends: everything counts
    return max(names.count("="), len(names.split()) - 1)


def depth(text: str) -> int:
    """How deep the elements of a text that is not well-formed nest, at most: counted up to MAX_DEPTH + 1.

    Elements that HTML leaves open do not count: descriptions with bare HTML in them are common.
    """
    level = deepest = 0
    for found in _NESTING.finditer(text):
        if found[2] is None or found[3] or found[2].lower() in _LEFT_OPEN:
            continue
        level = max(0, level - 1) if found[1] else level + 1
        deepest = max(deepest, level)
        if deepest > MAX_DEPTH:
            break
    return deepest


def too_many(entries: int) -> tuple[str, ...]:
    """The note for a feed of so many entries, if not all are read."""
    if entries <= MAX_ENTRIES:
        return ()
    return (f"only the first {MAX_ENTRIES:,} entries were read",)


# ── what cleaning may cost ──────────────────────────────────────────────────────────────────────────────────

#: Units of about 0.2 µs for all full texts of one feed together
BUDGET = 5_000_000
MAX_BOLD = 30  #: formatting elements inside one another
_FORMATTING = re.compile(r"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])", re.I)
_MARKUP = re.compile(r"<[^<>]*>")


class Budget:
    """How much may still be cleaned for one feed: a count, so that the same bytes always read the same."""

    def __init__(self, units: int = BUDGET) -> None:
        self._left = units
        self.refused = 0  #: fragments that were not covered

    def spend(self, units: int) -> bool:
        """Whether so much was left; it is gone then."""
        self._left -= units
        if self._left < 0:
            self.refused += 1
        return self._left >= 0

    def covers(self, fragment: str) -> bool:
        """Whether cleaning `fragment` is still covered."""
        lower = fragment.lower()
        addresses = lower.count("src") + lower.count("href")
        blocks = fragment.count("<")
        return self.spend(
            len(fragment) + 250 * addresses + 16 * blocks * min(_open_formatting(fragment), MAX_BOLD)
        )


def is_strange(fragment: str) -> bool:
    """Whether a parser's time for `fragment` would be out of proportion."""
    return _open_formatting(fragment) > MAX_BOLD or is_crowded(fragment)


def _open_formatting(fragment: str) -> int:
    if fragment.count("<") <= MAX_BOLD:
        return 1
    level = deepest = 0
    for found in _FORMATTING.finditer(fragment):
        level = max(0, level - 1) if found[1] else level + 1
        deepest = max(deepest, level)
    return deepest


def stripped(fragment: str) -> str:
    """The words of a fragment that no parser should see, a tag a space."""
    return html.unescape(_MARKUP.sub(" ", fragment))
