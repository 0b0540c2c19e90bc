"""Bytes of pages that say nothing of their encoding."""

from __future__ import annotations

import pytest

from feedsvc.extract import html

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
    assert html.decode(page.encode(codec)) == page


def test_what_is_declared_goes_before_what_the_letters_say() -> None:
    page = "<meta charset=windows-1251><p>" + "Совет утвердил бюджет " * 9
    assert html.decode(page.encode("cp1251")) == page
    assert html.decode(page.encode("cp1251"), "koi8-r") != page
