"""Small mends for XML that is not well-formed, so that the strict reader can read it after all.

Each mend is what a browser or feedparser would make of the fault, and none of them guesses at structure:
wrong nesting, unquoted attributes and the like are left to feedparser. A feed that ends in the middle is
not mended: its missing entries would look like removed ones.
"""

from __future__ import annotations

import re
from html.entities import html5

from feedsvc.errors import Code, ReadError
from feedsvc.extract.bounds.xml import PROLOG

#: Not a Char of XML 1.0 (section 2.2)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_START = re.compile(
    r"<\?xml\s|<(?:[A-Za-z][\w.-]{0,40}:)?(?:rss|feed|entry|RDF|channel|urlset|sitemapindex)(?=[\s>/])"
)
_OPENING = re.compile(r"<((?:[A-Za-z][\w.-]{0,40}:)?[A-Za-z]+)(?=[\s>/])")
#: In this order: what is taken as it stands, references, and a `<` that opens nothing
_WARTS = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?:#(?:x([0-9a-fA-F]+)|([0-9]+));|([A-Za-z][A-Za-z0-9]{0,31});)?|<(?![A-Za-z_/!?])",
    re.S,
)
_PREDEFINED = frozenset(("amp", "lt", "gt", "quot", "apos"))
_PREFIX = re.compile(
    r"<([A-Za-z_][\w.-]{0,40}):[A-Za-z_]|[\s\"']([A-Za-z_][\w.-]{0,40}):[A-Za-z_][\w.-]{0,40}\s*=\s*[\"']"
)
_DECLARED = re.compile(r"xmlns:([\w.-]+)\s*=")
_MOST_PREFIXES = 50
_CP1252 = {code: bytes([code]).decode("cp1252", "ignore") or "\ufffd" for code in range(0x80, 0xA0)}
_C1_REFERENCE = re.compile(r"&#(?:[xX]([89][0-9a-fA-F])|(1[2-5][0-9]));")


def cp1252_references(text: str) -> str:
    """`text` with `&#150;` and its like as the characters that were meant (HTML 13.2.5.80 does the same)."""
    return _C1_REFERENCE.sub(_cp1252, text) if "&#" in text else text


def _cp1252(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    return _CP1252.get(code, found[0])


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` as far as it can be mended, and a note on each mend; raises ReadError (BAD_XML) if truncated."""
    notes = []
    text, junk = _only_the_feed(text)
    if junk:
        notes.append("text around the feed was left out")
    clean = FORBIDDEN.sub("", text)
    if clean != text:
        notes.append("characters that XML forbids were left out")
    mended = _WARTS.sub(_wart, clean)
    if mended != clean:
        notes.append("stray & and < and unknown entities were mended")
    declared = _with_prefixes(mended)
    if declared != mended:
        notes.append("prefixes of namespaces were used without a declaration")
    return declared, tuple(notes)


def _only_the_feed(text: str) -> tuple[str, bool]:
    """The feed without what stands before and after it; raises ReadError where its end is missing."""
    start = _START.search(text)
    begin = start.start() if start else 0
    prolog = PROLOG.match(text, begin)
    root = _OPENING.match(text, prolog.end() if prolog else begin)
    if root is None:
        return text, False
    closing = f"</{root[1]}"
    end = text.rfind(closing)
    if end < 0:
        raise ReadError(Code.BAD_XML, f"the file ends in the middle: {closing}> is missing")
    end += len(closing)
    junk = bool(text[:begin].strip("\ufeff \t\r\n") or text[end:].strip("> \t\r\n"))
    return f"{text[begin:end]}>", junk


def _wart(found: re.Match[str]) -> str:
    piece = found[0]
    if piece[0] == "<":
        return piece if len(piece) > 1 else "&lt;"
    hexadecimal, decimal, name = found.groups()
    if name:
        return _named(name)
    if hexadecimal or decimal:
        return _numbered(hexadecimal, decimal)
    return "&amp;"


def _named(name: str) -> str:
    if name in _PREDEFINED:
        return f"&{name};"
    known = html5.get(f"{name};")
    if known is None:
        return f"&amp;{name};"
    # `&LT;` means `<` as well, and must not become markup
    return "".join(f"&#{ord(char)};" for char in known)


def _numbered(hexadecimal: str | None, decimal: str | None) -> str:
    digits = (hexadecimal or decimal or "").lstrip("0")
    if len(digits) > 7:  # also: no quadratic int() of a megabyte of digits
        return "\ufffd"
    code = int(digits or "0", 16 if hexadecimal else 10)
    if code > 0x10FFFF or code == 0 or FORBIDDEN.match(chr(code)):
        return "\ufffd"
    return f"&#{code};"


def _with_prefixes(text: str) -> str:
    """Every prefix that is used without a declaration is declared on the root element."""
    from feedsvc.extract.feed.document import PREFIXES

    used = {found[1] or found[2] for found in _PREFIX.finditer(text)} - {"xml", "xmlns"}
    missing = sorted(used.difference(_DECLARED.findall(text)))
    prolog = PROLOG.match(text)
    root = _OPENING.match(text, prolog.end() if prolog else 0)
    if root is None or not 0 < len(missing) <= _MOST_PREFIXES:
        return text
    uris = {prefix: PREFIXES.get(prefix, f"urn:feedsvc:undeclared:{prefix}") for prefix in missing}
    declarations = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in uris.items())
    return text[: root.end()] + declarations + text[root.end() :]
