"""HTML bytes → text → tree, bounded before a parser sees them."""

from __future__ import annotations

import codecs
import re

from selectolax.lexbor import LexborHTMLParser

from feedsvc.errors import Code, ReadError
from feedsvc.extract.bounds import refuse_excess

MAX_CHARS = 5_000_000  #: a larger page is no news page

#: Labels under which pages declare what is really a superset (WHATWG Encoding 4.2)
_SUPERSET = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "tis-620": "cp874",
    "big5": "big5hkscs",
}
_REFUSED = {"utf-7", "utf7", "unicode-1-1-utf-7"}  # WHATWG: an attack, never a page
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.I)
#: Encodings of scripts other than Latin in which pages were written before UTF-8
_OTHER_SCRIPTS = "cp932 euc_jp gb18030 big5 cp949 cp1251 koi8_r cp1256 cp1255 cp1253 cp874".split()
_SAMPLE = 65_536  #: bytes of a page that are looked at for its encoding
_TAG = re.compile(rb"<(?:script|style)\b.{0,20000}?</(?:script|style)|<[^<>]{0,2000}>", re.I | re.S)
_HIGH_RUN = re.compile(rb"[\x80-\xff]{4,}")


def decode(body: bytes, declared: str = "") -> str:
    """The text of an HTML page, by BOM, valid UTF-8, the header's charset, the meta charset, else letters.

    Valid UTF-8 goes before what header and page declare, because both are wrong more often than a text of
    another encoding happens to be valid UTF-8. Undecodable bytes become U+FFFD, NULs go.
    """
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace").replace("\0", "")
    try:
        return body.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        pass
    meta = _META.search(body[:4096])
    for label in (declared, meta[1].decode("ascii") if meta else ""):
        name = label.strip().lower()
        if not name or name in _REFUSED:
            continue
        try:
            codec = codecs.lookup(_SUPERSET.get(name, name))
        except LookupError:
            continue
        if codec.name in ("utf-8", "utf-16", "utf-32"):
            # declared as UTF-8 but not valid: a few broken bytes in a page that is UTF-8
            if codec.name == "utf-8" and _mostly_utf8(body):
                return body.decode("utf-8", "replace").replace("\0", "")
            continue
        return body.decode(codec.name, "replace").replace("\0", "")
    return body.decode(_by_letters(body), "replace").replace("\0", "")


def _by_letters(body: bytes) -> str:
    """The encoding of a page that declares none: cp1252, unless its words are wholly of bytes above ASCII.

    Accents stand alone among ASCII letters; a detector asked about those guesses between a dozen Latin code
    pages and is often wrong, so it is only asked which of the encodings of other scripts it is.
    """
    sample = _TAG.sub(b" ", body[:_SAMPLE])
    high = sum(byte >= 0x80 for byte in sample)
    if 2 * sum(map(len, _HIGH_RUN.findall(sample))) <= high:
        return "cp1252"
    from charset_normalizer import from_bytes  # only the rare page needs it

    best = from_bytes(sample, cp_isolation=_OTHER_SCRIPTS).best()
    return best.encoding if best is not None else "cp1252"


def _mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 20 <= sum(not c.isascii() for c in text)


def parse(text: str) -> LexborHTMLParser:
    """The tree of an HTML text; raises ReadError (TOO_LARGE, TOO_DEEP) before a parser could be held up."""
    if len(text) > MAX_CHARS:
        raise ReadError(Code.TOO_LARGE, f"the page has {len(text):,} characters; {MAX_CHARS:,} are read")
    refuse_excess(text)
    return LexborHTMLParser(text)
