"""Bytes → text: what is declared, what is wrongly declared, and what says nothing of its encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import Code, ReadError
from feedsvc.extract import encoding

LATIN = "Die Bürgermeisterin sagte in Köln: „Müßig“ sei das – auch für Ärzte. El año pasado, été à Besançon."


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", LATIN),
        ("cp1251", "Правительство утвердило бюджет на три года и повысило ставку"),
        ("koi8_r", "Правительство утвердило бюджет на три года и повысило ставку"),
        ("cp932", "市議会、子育て支援条例を全会一致で可決。台風は週末に本州へ接近のおそれ"),
        ("euc_jp", "市議会、子育て支援条例を全会一致で可決。台風は週末に本州へ接近のおそれ"),
        ("gb18030", "国务院召开常务会议部署稳定经济增长的措施，多地出台新政策"),
        ("big5", "行政院召開會議討論明年度預算案，多位部長出席說明政策"),
        ("cp949", "국회는 오늘 본회의를 열고 내년도 예산안을 통과시켰다"),
        ("cp1256", "الحكومة تقر خطة جديدة لدعم المزارعين في المناطق"),
        ("cp1255", "הכנסת אישרה את תקציב המדינה בקריאה ראשונה"),
        ("cp1253", "Η κυβέρνηση ανακοίνωσε νέα μέτρα για την οικονομία"),
        ("cp874", "นายกรัฐมนตรีเปิดโครงการรถไฟสายใหม่วันนี้"),
    ],
)
def test_the_letters_tell_the_encoding_where_nothing_does(codec: str, text: str) -> None:
    page = "<html><body>" + f"<p class='item'><a href='/news/1'>{text}</a>. 12:30</p>\n" * 12
    assert encoding.decode(page.encode(codec), html=True) == page


def test_what_is_declared_goes_before_what_the_letters_say() -> None:
    page = "<meta charset=windows-1251><p>" + "Совет утвердил бюджет " * 9
    assert encoding.decode(page.encode("cp1251"), html=True) == page
    assert encoding.decode(page.encode("cp1251"), charset="koi8-r", html=True) != page


RUSSIAN = "Мост через залив откроют в пятницу"
POLISH = "Żuraw portowy wraca po remoncie, źródła są pewne"

#: What labels declare, by ways to write them: a codec of Python, a text, the labels
DECLARED = [
    ("cp1251", RUSSIAN, "windows-1251 x-cp1251 cp1251 CP-1251 win-1251 Windows_1251"),
    ("iso8859-5", RUSSIAN, "iso-8859-5 ISO_8859-5:1988 cyrillic csISOLatinCyrillic iso-ir-144"),
    ("koi8-r", RUSSIAN, "koi8-r KOI8 koi cskoi8r"),
    ("cp866", RUSSIAN, "ibm866 cp866 866 csIBM866"),
    ("iso8859-2", POLISH, "latin2 l2 iso8859-2 iso88592 csisolatin2"),
    ("cp1250", POLISH, "cp1250 x-cp1250 windows-1250 win1250"),
    ("iso8859-13", "Ūkis auga trečius metus, šaltis grįžta", "iso-8859-13 iso885913"),
    ("iso8859-15", "Le bœuf coûte 12 € le kilo", "latin9 l9 csisolatin9 iso-8859-15"),
    ("cp1252", "Crème “brûlée” – 5 €", "ascii us-ascii latin1 l1 cp819 ibm819 x-user-defined"),
    ("cp1254", "Ağrı'da kış şartları başladı", "latin5 l5 iso-8859-9 x-cp1254"),
    ("iso8859-7", "Το λιμάνι ανοίγει", "greek greek8 ecma-118 elot_928 sun_eu_greek"),
    ("iso8859-8", "הנמל נפתח מחדש", "hebrew visual logical iso-8859-8-i csiso88598e"),
    ("iso8859-6", "افتتاح الميناء", "arabic asmo-708 iso-8859-6-e"),
    ("cp874", "ท่าเรือเปิดแล้ว", "tis-620 dos-874 windows-874 iso8859-11"),
    ("mac-roman", "Élève modèle", "macintosh x-mac-roman mac csmacintosh"),
    ("mac-cyrillic", "Паром идет", "x-mac-cyrillic x-mac-ukrainian"),
    ("cp932", "港が①月に開く", "shift_jis ms932 sjis windows-31j csshiftjis x-sjis MS_Kanji"),
    ("euc_jp", "港が再び開く", "euc-jp x-euc-jp cseucpkdfmtjapanese"),
    ("iso2022_jp", "港が再び開く", "iso-2022-jp csiso2022jp"),
    ("cp949", "항구가 다시 열린다 똠방각하", "euc-kr korean ks_c_5601-1989 ksc_5601 windows-949 iso-ir-149"),
    ("gb18030", "港口重新开放，镕基", "gb2312 gbk x-gbk chinese csgb2312 gb18030 iso-ir-58"),
    ("big5hkscs", "港口重新開放，嘅", "big5 cn-big5 x-x-big5 csbig5 big5-hkscs"),
]


LABELS = [(codec, text, label) for codec, text, labels in DECLARED for label in labels.split()]


@pytest.mark.parametrize(("codec", "text", "label"), LABELS)
def test_every_label_is_read_wherever_it_stands(codec: str, text: str, label: str) -> None:
    feed = f'<?xml version="1.0" encoding="{label}"?><a>{text}</a>'
    page = f'<meta http-equiv="content-type" content="text/html; charset={label}"><p>{text}</p>'
    assert encoding.decode(feed.encode(codec)) == feed
    assert encoding.decode(page.encode(codec), html=True) == page
    assert encoding.decode(text.encode(codec), charset=label) == text


@pytest.mark.parametrize(
    "label", ["utf-8", "unicode-1-1-utf-8", "x-unicode20utf8", "utf-16", "unicodefffe", "nonsense"]
)
def test_what_is_utf_8_is_read_so_whatever_is_declared(label: str) -> None:
    for declared in (label, "windows-1251", "gb2312"):
        assert (
            encoding.decode(f"<p>{RUSSIAN} 港口</p>".encode(), charset=declared) == f"<p>{RUSSIAN} 港口</p>"
        )


def test_an_east_asian_text_may_be_valid_utf_8_by_chance() -> None:
    assert encoding.decode("联通".encode("gbk"), charset="gb2312") == "联通"


@pytest.mark.parametrize("label", ["utf-7", "hz-gb-2312", "iso-2022-kr", "ISO-2022-CN-EXT", "replacement"])
def test_encodings_that_hide_markup_are_refused(label: str) -> None:
    hidden = b"+ADw-script+AD4-"
    with pytest.raises(ReadError) as error:
        encoding.decode(hidden, charset=label)
    assert error.value.code is Code.BAD_XML
    assert encoding.decode(hidden, charset=label, html=True) == hidden.decode()


@given(st.binary(max_size=200), st.sampled_from([label for _, _, label in LABELS]))
def test_wrong_bytes_never_fail(body: bytes, label: str) -> None:
    text = encoding.decode(body, charset=label, html=True)
    assert "\0" not in text
    text.encode()  # no lone surrogates
