"""Texts of a feed → plain titles and summaries, clean full text.

What RSS means by its texts was never settled: titles hold entities escaped twice, descriptions hold HTML.
Here markup and entities are undone once; what then still looks like markup is text that speaks of markup.
"""

from __future__ import annotations

import html
import re

from feedsvc.extract.bounds.xml import Budget, is_strange, stripped
from feedsvc.extract.clean import clean_html, fold, one_line, summarise, to_text
from feedsvc.extract.feed.wire import Text

TITLE = 500  #: characters
NAME = 200  #: of an author or a tag
LONG = 1_000  #: a description with more characters of text than this is the full text
MAX_CONTENT = 500_000  #: characters of one full text
_ENOUGH = 6_000  #: characters of HTML that a summary is made from
_MOSTLY = 800  #: characters that are enough nearly always
SUMMARY = 300  #: characters of a summary, at most

#: What publishers put into titles; anything else in angle brackets is meant as text (`the <canvas> element`)
_IN_TITLES = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|blink|br|center|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|nobr|"
    r"ol|p|q|s|samp|script|small|span|strike|strong|style|sub|sup|tt|u|ul|var|wbr)(?:\s[^<>]*)?/?>",
    re.I,
)
#: Tags that can be left out with a space, or without one, and change nothing else
_BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|blockquote|figure|figcaption|br)(?:\s+[A-Za-z-]+=\"[^\"<>]*\")*\s*/?>"
)
_INLINE = re.compile(r"</?(?:a|b|i|em|strong|span|u|img|small|sup|sub)(?:\s+[A-Za-z-]+=\"[^\"<>]*\")*\s*/?>")
_BREAKING = re.compile(r"</?(?:br|center|div|h[1-6]|hr|li|ol|p|ul)\b", re.I)


def title(text: Text) -> str:
    """`text` as one line of plain text."""
    value = text.value[: 10 * TITLE]
    value = _without_markup(value) if text.html else one_line(value)
    return value if len(value) <= TITLE else summarise(value, TITLE)


def name(text: str) -> str:
    """A person's name or a tag as plain text."""
    value = _without_markup(text[: 10 * NAME])
    return value if len(value) <= NAME else summarise(value, NAME)


def _without_markup(value: str) -> str:
    if "<" in value:
        value = _IN_TITLES.sub(lambda tag: " " if _BREAKING.match(tag[0]) else "", value)
    return fold(value)


def summary(text: Text) -> str:
    """The beginning of `text` as one paragraph of plain text."""
    if not text.html:
        return summarise(text.value[:_ENOUGH])
    fragment = text.value
    if "<" not in fragment:
        return summarise(fold(fragment[:_ENOUGH]))
    first = _words(_beginning(fragment, _MOSTLY)) if len(fragment) > _MOSTLY else ""
    if len(first) > SUMMARY + 20:  # what follows has no say in the first sentences
        return summarise(first, SUMMARY)
    if len(fragment) <= _ENOUGH:
        return summarise(_words(fragment), SUMMARY)
    # a whole article is not parsed for its first sentences, unless it begins with a style sheet
    return summarise(_words(_beginning(fragment, _ENOUGH))) or summarise(
        _words(_beginning(fragment, 10 * _ENOUGH))
    )


def is_full(text: Text) -> bool:
    """Whether a description is as long as only a full text is."""
    if len(text.value) <= LONG or not text.html:
        return len(text.value) > LONG
    return len(_words(_beginning(text.value, 10 * _ENOUGH))) > LONG


def content(text: Text, *, base: str, budget: Budget) -> str:
    """`text` as clean HTML with absolute addresses; "" when too much has been cleaned already."""
    value = text.value if len(text.value) <= MAX_CONTENT else _beginning(text.value, MAX_CONTENT)
    if not budget.covers(value):
        return ""
    if not text.html:
        return _paragraphs(value)
    if is_strange(value):
        return _paragraphs(stripped(value))
    return clean_html(value, base=text.base or base)


def _words(fragment: str) -> str:
    """What `to_text` says, but for white space, without an HTML parser where a fragment is simple."""
    simple = _BLOCK.sub(" ", _INLINE.sub("", fragment))
    if "<" not in simple:
        return fold(simple)
    return stripped(fragment) if is_strange(fragment) else to_text(fragment)


def _beginning(fragment: str, length: int) -> str:
    cut = fragment[:length]
    opened = cut.rfind("<")
    return cut[:opened] if opened > cut.rfind(">") else cut


def _paragraphs(text: str) -> str:
    lines = (one_line(line) for line in text.split("\n"))
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)
