"""Bytes of an XML or JSON document → text.

RFC 7303 (section 3): a byte order mark, then the HTTP charset, then the XML declaration. Both labels are
wrong on the web more often than another encoding's bytes happen to be valid UTF-8, so such bytes are UTF-8
(the same rule as for pages). UTF-7 is refused, as browsers do.
"""

from __future__ import annotations

import codecs
import re

from feedsvc.errors import Code, ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with that one's mark
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: XML 1.0 appendix F: how `<` and its neighbour look without a mark
_WIDE = (
    (re.compile(rb"[<{]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{]"), "utf-32-be"),
    (re.compile(rb"[<{\s]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[<{\s]\0[^\0]"), "utf-16-be"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xm"
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
_REFUSED = frozenset({"utf-7", "utf7", "unicode-1-1-utf-7", "csunicode11utf7", "x-unicode-2-0-utf-7"})

#: Labels that are read, with the codec that browsers use for them (WHATWG Encoding 4.2: often a superset).
#: Python knows many more codecs, among them some that are no encodings of text.
_CODECS = {
    "cp1252": "ascii us-ascii iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 latin-1 l1 cp1252 windows-1252",
    "cp1250": "windows-1250 cp1250",
    "cp1251": "windows-1251 cp1251",
    "cp1253": "windows-1253 cp1253",
    "cp1254": "windows-1254 cp1254 iso-8859-9 iso8859-9 latin5",
    "cp1255": "windows-1255 cp1255",
    "cp1256": "windows-1256 cp1256",
    "cp1257": "windows-1257 cp1257",
    "cp1258": "windows-1258 cp1258",
    "cp874": "windows-874 tis-620 tis620 iso-8859-11 cp874",
    "cp866": "ibm866 cp866",
    "mac-roman": "macintosh x-mac-roman",
    "koi8-r": "koi8-r koi8",
    "koi8-u": "koi8-u koi8-ru",
    "gb18030": "gb2312 gb_2312-80 gbk cp936 x-gbk gb18030 euc-cn",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5",
    "cp932": "shift_jis shift-jis sjis x-sjis cp932 windows-31j ms_kanji",
    "euc_jp": "euc-jp x-euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "cp949": "euc-kr ks_c_5601-1987 ksc5601 cp949 windows-949",
    "utf-8": "utf-8 utf8",
    "utf-16": "utf-16 utf16 utf-16le utf-16be utf_16 u16 ucs-2 iso-10646-ucs-2",
    "utf-32": "utf-32 utf32 utf-32le utf-32be utf_32 ucs-4",
}
_BY_LABEL = {label: codec for codec, labels in _CODECS.items() for label in labels.split()}
_BY_LABEL |= {f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
#: Their text may happen to be valid UTF-8, or is ASCII altogether: only here a label goes first
_MULTIBYTE = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "iso2022_jp", "cp949"})
#: What undeclared text of a language was written in before UTF-8 (WHATWG HTML 13.2.3.2)
_BY_LANGUAGE = {
    "cp1250": "cs hu pl sk sl hr ro",
    "cp1251": "be bg kk ky mk ru sr tg uk",
    "cp1253": "el",
    "cp1254": "ku tr az",
    "cp1255": "he iw",
    "cp1256": "ar fa ur",
    "cp1257": "et lt lv",
    "cp1258": "vi",
    "cp874": "th",
    "cp932": "ja",
    "cp949": "ko",
    "gb18030": "zh",
}
_LEGACY = {language: codec for codec, languages in _BY_LANGUAGE.items() for language in languages.split()}
_C1 = re.compile("[\x80-\x9f]")
_FROM_CP1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


def decode(body: bytes, *, charset: str = "", language: str = "") -> str:
    """The text of `body`, without a byte order mark.

    `charset` is HTTP's, `language` decides where nothing is declared. Never fails on wrong bytes (U+FFFD);
    raises ReadError (BAD_XML) for UTF-7 and EBCDIC.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for pattern, name in _WIDE:
        if pattern.match(body):
            return body.decode(name, "replace")
    if body.startswith(_EBCDIC):
        raise ReadError(Code.BAD_XML, "the feed is written in EBCDIC, which is not read")
    labels = _labels(body, charset)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(body, labels, language)
    return _of_multibyte(body, labels) or _without_c1(body, text)


def _labels(body: bytes, charset: str) -> list[str]:
    """The codecs that HTTP and the document name, in the order of their authority."""
    found = _DECLARED.match(body)
    given = [charset.strip().strip("\"'").lower(), found[1].decode("ascii").lower() if found else ""]
    if refused := _REFUSED.intersection(given):
        raise ReadError(Code.BAD_XML, f"the feed is declared as {min(refused)}, which is not read")
    return [_BY_LABEL[label] for label in given if label in _BY_LABEL]


def _of_multibyte(body: bytes, labels: list[str]) -> str:
    for codec in labels:
        if codec in _MULTIBYTE and (codec == "iso2022_jp" or not body.isascii()):
            try:
                return body.decode(codec)
            except UnicodeDecodeError:
                continue
    return ""


def _legacy(body: bytes, labels: list[str], language: str) -> str:
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") * 20 <= sum(not char.isascii() for char in text):
        return text  # UTF-8 with a few broken characters
    # bytes that are declared as UTF-16 but begin like neither order are not UTF-16
    codecs_ = [codec for codec in labels if not codec.startswith("utf-")]
    for codec in codecs_:
        try:
            return _mapped_c1(body.decode(codec))
        except UnicodeDecodeError:
            continue
    codecs_.append(_LEGACY.get(language[:2].lower(), "cp1252"))
    return _mapped_c1(body.decode(codecs_[0], "replace"))


def _without_c1(body: bytes, text: str) -> str:
    # a text with cp1252's quotes that was taken for ISO 8859-1 on its way to UTF-8
    return text if body.isascii() or not re.search(rb"\xc2[\x80-\x9f]", body) else _mapped_c1(text)


def _mapped_c1(text: str) -> str:
    return text.translate(_FROM_CP1252) if _C1.search(text) else text
