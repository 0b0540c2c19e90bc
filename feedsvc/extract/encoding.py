"""Bytes of a page, a feed or another document → text: the one decoder.

It knows every label of the WHATWG Encoding Standard (4.2: 228 labels of 40 encodings) and reads each as
browsers do, which is often as a superset. RFC 7303 (3) orders the witnesses: a byte order mark, the HTTP
charset, the document itself. Labels are wrong on the web more often than another encoding's bytes happen to
be valid UTF-8, so such bytes are UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from feedsvc.errors import Code, ReadError

#: Python's codec → the labels that mean it. Case and punctuation of labels do not count.
_LABELS = {
    "utf-8": "unicode11utf8 unicode20utf8 utf8 xunicode20utf8 utf8mb4 65001",
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859-2": "csisolatin2 iso88592 iso885921987 isoir101 l2 latin2",
    "iso8859-3": "csisolatin3 iso88593 iso885931988 isoir109 l3 latin3",
    "iso8859-4": "csisolatin4 iso88594 iso885941988 isoir110 l4 latin4",
    "iso8859-5": "csisolatincyrillic cyrillic iso88595 iso885951988 isoir144",
    "iso8859-6": "arabic asmo708 csiso88596e csiso88596i csisolatinarabic ecma114 iso88596 iso885961987 "
    "iso88596e iso88596i isoir127",
    "iso8859-7": "csisolatingreek ecma118 elot928 greek greek8 iso88597 iso885971987 isoir126 suneugreek",
    "iso8859-8": "csiso88598e csiso88598i csisolatinhebrew hebrew iso88598 iso885981988 iso88598e iso88598i "
    "isoir138 logical visual",
    "iso8859-10": "csisolatin6 iso885910 isoir157 l6 latin6",
    "iso8859-13": "iso885913 latin7",
    "iso8859-14": "iso885914 latin8",
    "iso8859-15": "csisolatin9 iso885915 l9 latin9",
    "iso8859-16": "iso885916 latin10",
    "koi8-r": "cskoi8r koi koi8 koi8r",
    "koi8-u": "koi8ru koi8u",
    "mac-roman": "csmacintosh mac macintosh macroman xmacroman",
    "mac-cyrillic": "maccyrillic xmaccyrillic xmacukrainian",
    "cp874": "874 dos874 iso885911 tis620 windows874",
    "cp1250": "1250",
    "cp1251": "1251",
    # HTML 13.2.3.2 reads x-user-defined so; the Encoding Standard's own is for scripts, not for texts
    "cp1252": "1252 ansix341968 ascii cp819 csisolatin1 ibm819 iso88591 iso885911987 isoir100 l1 latin1 "
    "usascii xuserdefined",
    "cp1253": "1253",
    "cp1254": "1254 csisolatin5 iso88599 iso885991989 isoir148 l5 latin5",
    "cp1255": "1255",
    "cp1256": "1256",
    "cp1257": "1257",
    "cp1258": "1258",
    "gb18030": "936 chinese csgb2312 csiso58gb231280 euccn gb18030 gb2312 gb231280 gbk isoir58 xgbk",
    "big5hkscs": "950 big5 big5hkscs cnbig5 csbig5 xxbig5",
    "euc_jp": "cseucpkdfmtjapanese eucjp eucjpwin ujis xeucjp",
    "iso2022_jp_ext": "csiso2022jp iso2022jp",
    "cp932": "932 csshiftjis mskanji shiftjis sjis sjiswin windows31j xsjis",
    "cp949": "949 cseuckr csksc56011987 euckr isoir149 korean ksc5601 ksc56011987 ksc56011989 uhc",
    "utf-16-be": "unicodefffe utf16be",
    "utf-16-le": "csunicode iso10646ucs2 ucs2 unicode unicodefeff utf16 utf16le",
    # 7-bit encodings that hide markup from whoever checks it: browsers read none of them
    "": "csiso2022kr csunicode11utf7 hzgb2312 iso2022cn iso2022cnext iso2022kr replacement unicode11utf7 "
    "utf7 xunicode20utf7",
}
_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
_NOT_LABEL = re.compile(r"[^a-z0-9]+")
_CODE_PAGE = re.compile(r"x?(?:windows|win|cp|ms|ansi|ibm)(\d{3,5})")

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
_XML = re.compile(rb"\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.I)
_META_WITHIN = 4_096  #: bytes; browsers look at 1,024

#: Their text may be ASCII altogether, or happen to be valid UTF-8
_MULTIBYTE = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "iso2022_jp_ext", "cp949"})
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
#: Encodings of scripts other than Latin in which pages were written before UTF-8
_OTHER_SCRIPTS = "cp932 euc_jp gb18030 big5 cp949 cp1251 koi8_r cp1256 cp1255 cp1253 cp874".split()
_SAMPLE = 65_536  #: bytes that are looked at where nothing is declared
_CODE = re.compile(rb"<(/?)(?:script|style)\b", re.I)
_TAG = re.compile(rb"<[^<>]*>")
_HIGH_RUN = re.compile(rb"[\x80-\xff]{4,}")
_C1 = re.compile("[\x80-\x9f]")
_FROM_CP1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
#: Where Python's tables differ from those of the standard
_REPAIRS = {
    "mac-cyrillic": str.maketrans("¢∂¤", "Ґґ€"),
    "euc_jp": str.maketrans("〜‖−¢£¬", "～∥－￠￡￢"),
    "iso2022_jp_ext": str.maketrans("〜‖−¢£¬", "～∥－￠￡￢"),
}


def codec_of(label: str) -> str | None:
    """Python's codec for an encoding's label; "" for one that is not to be read, None for an unknown one."""
    name = _NOT_LABEL.sub("", label.lower())
    number = _CODE_PAGE.fullmatch(name)
    return _CODECS.get(name, _CODECS.get(number[1]) if number else None)


def decode(body: bytes, *, charset: str = "", language: str = "", html: bool = False) -> str:
    """The text of `body`, without a byte order mark and NULs.

    `charset` is HTTP's; where nothing is declared `language` decides, then the letters. Of a page (`html`)
    the <meta> counts too. Never fails on wrong bytes (U+FFFD). Raises ReadError (BAD_XML) for a document that
    is none of a page and in EBCDIC, or declared to be in a 7-bit encoding such as UTF-7.
    """
    return _decoded(body, charset, language, html).replace("\0", "")


def _decoded(body: bytes, charset: str, language: str, html: bool) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for pattern, name in _WIDE:
        if pattern.match(body):
            return body.decode(name, "replace")
    if body.startswith(_EBCDIC) and not html:
        raise ReadError(Code.BAD_XML, "the document is written in EBCDIC, which is not read")
    declared = list(_declared(body, charset, html))
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(body, declared, language)
    return _of_multibyte(body, text, declared) or _without_c1(body, text)


def _declared(body: bytes, charset: str, html: bool) -> Iterator[str]:
    """The codecs that HTTP and the document name, in the order of their authority."""
    found = [_XML.match(body), _META.search(body[:_META_WITHIN]) if html else None]
    for label in (charset, *(one[1].decode("ascii") for one in found if one)):
        codec = codec_of(label)
        if codec == "" and not html:
            raise ReadError(Code.BAD_XML, f"the document is declared as {label.strip()}, which is not read")
        if codec and not codec.startswith("utf-"):  # what is UTF-8 or UTF-16 is known by its bytes
            yield codec


def _of_multibyte(body: bytes, text: str, declared: list[str]) -> str:
    """The text in a declared East Asian encoding, where it is only by chance valid UTF-8 (`text`)."""
    declared = [codec for codec in declared if codec in _MULTIBYTE]
    plain = text.isascii()
    if not declared or (not plain and max(text) > "\u07ff"):
        return ""  # no chance makes sequences of three bytes
    for codec in declared:
        if codec == "iso2022_jp_ext" or not plain:
            try:
                return _read(body, codec)
            except UnicodeDecodeError:
                continue
    return ""


def _legacy(body: bytes, declared: list[str], language: str) -> str:
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") * 20 <= sum(not char.isascii() for char in text):
        return text  # UTF-8 with a few broken characters
    for codec in declared:
        try:
            return _mapped_c1(_read(body, codec))
        except UnicodeDecodeError:
            continue
    guessed = declared or [_LEGACY.get(language[:2].lower()) or _by_letters(body)]
    return _mapped_c1(_read(body, guessed[0], "replace"))


def _read(body: bytes, codec: str, errors: str = "strict") -> str:
    if codec == "euc_jp" and errors == "strict":
        try:
            text = body.decode(codec)
        except UnicodeDecodeError:
            text = body.decode("euc_jis_2004")  # it has the circled figures and the like that makers added
    else:
        text = body.decode(codec, errors)
    return text.translate(_REPAIRS[codec]) if codec in _REPAIRS else text


def _by_letters(body: bytes) -> str:
    """The encoding of a text that declares none: cp1252, unless its words are wholly of bytes above ASCII.

    Accents stand alone among ASCII letters; a detector asked about those guesses between a dozen Latin code
    pages and is often wrong, so it is only asked which of the encodings of other scripts it is.
    """
    sample = _TAG.sub(b" ", _without_code(body[:_SAMPLE]))
    high = sum(byte >= 0x80 for byte in sample)
    if 2 * sum(map(len, _HIGH_RUN.findall(sample))) <= high:
        return "cp1252"
    from charset_normalizer import from_bytes  # only the rare page needs it

    best = from_bytes(sample, cp_isolation=_OTHER_SCRIPTS).best()
    return best.encoding if best is not None else "cp1252"


def _without_code(sample: bytes) -> bytes:
    kept, start, inside = [], 0, False
    for found in _CODE.finditer(sample):
        if not found[1] and not inside:
            kept.append(sample[start : found.start()])
            inside = True
        elif found[1]:
            start, inside = found.start(), False
    return b" ".join(kept if inside else [*kept, sample[start:]])


def _without_c1(body: bytes, text: str) -> str:
    # a text with cp1252's quotes that was taken for ISO 8859-1 on its way to UTF-8
    return text if body.isascii() or not re.search(rb"\xc2[\x80-\x9f]", body) else _mapped_c1(text)


def _mapped_c1(text: str) -> str:
    return text.translate(_FROM_CP1252) if _C1.search(text) else text
