"""Dates of other languages, scripts and calendars."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from feedsvc.dates import Precision, Reason
from tests.dates.places import BERLIN, LONDON, NEW_YORK, UTC, at, moment, reason


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Do., 18. Dezember 2025, 19.05 Uhr", "2025-12-18T19:05"),
        ("de-AT", "18. Jänner 2025", "2025-01-18T00:00"),
        ("de", "18.12.25, 7 Uhr 14 Kommentare", "2025-12-18T07:00"),
        ("de", "um 15:44 am 13. Mai 2025", "2025-05-13T15:44"),
        ("fr", "Publié le jeudi 18 décembre 2025 à 19h05", "2025-12-18T19:05"),
        ("fr", "1er févr. 2025 à 9 h 05", "2025-02-01T09:05"),
        ("fr", "le 3 mai 2025, 9 h 05 min 30 s", "2025-05-03T09:05"),
        ("mn", "2025 оны 5-р сарын 3", "2025-05-03T00:00"),
        ("es", "jueves, 18 de diciembre de 2025, 19:05 h", "2025-12-18T19:05"),
        ("pt-BR", "18 de dezembro de 2025 às 19h05 2 min de leitura", "2025-12-18T19:05"),
        ("pt", "quinta-feira, 18 de dezembro de 2025", "2025-12-18T00:00"),
        ("it", "giovedì 1° gennaio 2026, ore 19:05", "2026-01-01T19:05"),
        ("ca", "18 d’octubre de 2025", "2025-10-18T00:00"),
        ("nl", "do 18 dec. 2025 om 19.05 uur", "2025-12-18T19:05"),
        ("da", "torsdag d. 18/12 2025 kl. 19.05", "2025-12-18T19:05"),
        ("sv", "Publicerad 18 dec 2025 kl 19.05Uppdaterad kl 20.00", "2025-12-18T19:05"),
        ("nb-NO", "torsdag 18. desember 2025 - 19:05", "2025-12-18T19:05"),
        ("fi", "18.12.2025 klo 19.05", "2025-12-18T19:05"),
        ("pl", "18 grudnia 2025, godz. 19:05", "2025-12-18T19:05"),
        ("cs", "18. prosince 2025 v 19:05", "2025-12-18T19:05"),
        ("hu", "2025. december 18-án, 19:05", "2025-12-18T19:05"),
        ("hr", "18. prosinca 2025. u 19:05", "2025-12-18T19:05"),
        ("tr", "18 Aralık 2025 Perşembe, 19:05", "2025-12-18T19:05"),
        ("tr", "18 ARALIK 2025", "2025-12-18T00:00"),
        ("el", "18 ΔΕΚΕΜΒΡΙΟΥ 2025", "2025-12-18T00:00"),
        ("ru", "18 декабря 2025 г. в 19:05", "2025-12-18T19:05"),
        ("uk", "четвер, 18 грудня 2025, 19:05", "2025-12-18T19:05"),
        ("bg", "18 декември 2025 г., 19:05 ч.", "2025-12-18T19:05"),
        ("ar", "الخميس، ١٨ ديسمبر ٢٠٢٥ - ٧:٠٥ م", "2025-12-18T19:05"),
        ("ar", "18 كانون الأول 2025", "2025-12-18T00:00"),
        ("he", "18 בדצמבר 2025", "2025-12-18T00:00"),
        ("hi", "गुरुवार, १८ दिसम्बर २०२५", "2025-12-18T00:00"),
        ("hi", "१८ दिसम्बर २०२५ शाम ७ बजे", "2025-12-18T19:00"),
        ("mr", "18 डिसेंबर 2025, 7 वाजता", "2025-12-18T07:00"),
        ("bn", "১৮ ডিসেম্বর ২০২৫, ১৯:০৫", "2025-12-18T19:05"),
        ("vi", "Thứ Năm, 18 tháng 12 năm 2025, 19:05", "2025-12-18T19:05"),
        ("vi", "18 tháng mười hai 2025", "2025-12-18T00:00"),
        ("ja", "2025年12月18日（木）午後7時5分", "2025-12-18T19:05"),
        ("ja", "令和7年12月18日 19時05分", "2025-12-18T19:05"),
        ("ja", "２０２５／１２／１８　１９：０５", "2025-12-18T19:05"),
        ("zh", "2025年12月18日晚7:05 分享", "2025-12-18T19:05"),
        ("zh-TW", "民國114年12月18日 下午7:05", "2025-12-18T19:05"),
        ("ko", "2025년 12월 18일 (목) 오후 7:05", "2025-12-18T19:05"),
        ("ko", "입력 2025.12.18 19:05 수정 2025.12.19 08:00", "2025-12-18T19:05"),
        ("ka", "2025 წლის 18 დეკემბერი", "2025-12-18T00:00"),
        ("lt", "2025 m. gruodžio 18 d. 19:05", "2025-12-18T19:05"),
        ("lv", "2025. gada 18. decembrī plkst. 19:05", "2025-12-18T19:05"),
        ("eu", "2025eko abenduaren 18a", "2025-12-18T00:00"),
        ("mt", "18 ta’ Diċembru 2025", "2025-12-18T00:00"),
    ],
)
def test_usual_forms(language: str, text: str, expected: str) -> None:
    found = moment(text, language, UTC)
    assert found.at.isoformat(timespec="minutes").removesuffix("+00:00") == expected
    assert (found.precision is Precision.DAY) == expected.endswith("T00:00")


def test_what_has_grown_together_is_parted() -> None:
    assert at("GearDec 18, 2025 10:00 AM", "en-US", NEW_YORK) == "2025-12-18T10:00:00-05:00"
    assert at("18.12.2025, 09:30 UhrStuttgart", "de", BERLIN) == "2025-12-18T09:30:00+01:00"
    assert at("18 Dec 2025Updated 19 Dec 2025", "en-GB", LONDON) == "2025-12-18T00:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18 ธันวาคม 2568 เวลา 19.05 น.", "2025-12-18T19:05:00+07:00"),
        ("วันพฤหัสบดีที่ 18 ธันวาคม พ.ศ. 2568", "2025-12-18T00:00:00+07:00"),
        ("18 ธ.ค. 68 19:05 น.", "2025-12-18T19:05:00+07:00"),
        ("18/12/2568", "2025-12-18T00:00:00+07:00"),
        ("18 ธันวาคม 2025", "2025-12-18T00:00:00+07:00"),
    ],
)
def test_thai_texts_count_in_the_buddhist_era(text: str, expected: str) -> None:
    assert at(text, "th", ZoneInfo("Asia/Bangkok")) == expected


@pytest.mark.parametrize("text", ["پنجشنبه ۲۷ آذر ۱۴۰۴ - ۱۹:۰۵", "۱۴۰۴/۰۹/۲۷ ۱۹:۰۵", "1404/09/27 19:05"])
def test_the_persian_calendar(text: str) -> None:
    assert at(text, "fa", ZoneInfo("Asia/Tehran")) == "2025-12-18T19:05:00+03:30"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("یکشنبه سی‌ام شهریور ماه ۱۴۰۴", "2025-09-21"),
        ("بیست و نهم اسفند ۱۴۰۳", "2025-03-19"),
        ("یکم فروردین ۱۴۰۴", "2025-03-21"),
        ("جمعه پنجم دی ۱۴۰۴", "2025-12-26"),
    ],
)
def test_persian_days_are_counted_in_words(text: str, day: str) -> None:
    assert at(text, "fa", ZoneInfo("Asia/Tehran")).startswith(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10 محرم 1447 هـ", "2025-07-05"),
        ("١ شوال ١٤٤٦", "2025-03-30"),
        ("الاثنين 1 شوال 1446", "2025-03-31"),  # where the moon was seen a day later
        ("5 ذو الحجة 1446هـ", "2025-06-01"),
        ("1446-12-05", "2025-06-01"),
        ("٥/١٢/١٤٤٦ هـ", "2025-06-01"),
        ("5 ذو الحجة 1446هـ - 2 يونيو 2025م", "2025-06-02"),  # ours goes first
    ],
)
def test_the_islamic_calendar_where_no_other_date_stands_beside(text: str, day: str) -> None:
    assert at(text, "ar", ZoneInfo("Asia/Riyadh")).startswith(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("२०८२ साल असार १ गते", "2025-06-15"),
        ("शनिबार, चैत ३०, २०८१", "2025-04-12"),
        ("१ बैशाख २०८२", "2025-04-14"),
        ("2082/01/01", "2025-04-14"),
        ("20 डिसेम्बर 2025", "2025-12-20"),
    ],
)
def test_the_calendar_of_nepal(text: str, day: str) -> None:
    assert at(text, "ne", ZoneInfo("Asia/Kathmandu")).startswith(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二五年十月十日", "2025-10-10"),
        ("二零二六年一月三十一日", "2026-01-31"),
        ("令和七年二月二十日（木）", "2025-02-20"),
        ("民國一百一十四年十一月三日", "2025-11-03"),
    ],
)
def test_chinese_numerals(text: str, day: str) -> None:
    assert at(text, "zh", UTC).startswith(day)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("18 December 2568", "en"),
        ("18/12/2568", "id"),
        ("1447/06/27", ""),
        ("1404/09/27", ""),
        ("2182-09-03", "ne"),
        ("1404/06/27", "ar"),
    ],
)
def test_years_of_calendars_that_the_page_does_not_use_are_not_misread(text: str, language: str) -> None:
    assert reason(text, language, UTC) is Reason.OUT_OF_RANGE


def test_a_month_that_means_two_is_doubted_unless_something_decides() -> None:
    assert reason("18 listopada 2025", "", UTC) is Reason.AMBIGUOUS_MONTH
    assert at("18 listopada 2025", "pl", UTC).startswith("2025-11-18")
    assert at("18 listopada 2025", "hr", UTC).startswith("2025-10-18")
    assert at("wtorek, 18 listopada 2025", "", UTC).startswith("2025-11-18")


def test_words_of_a_headline_are_no_months() -> None:
    assert reason("iPhone 15 Pro 2024", "id") is Reason.NO_DATE
    assert reason("Top 10 Dub 2024", "en") is Reason.NO_DATE


def test_beginnings_of_months_are_read_and_flagged() -> None:
    found = moment("18 Octob 2024", "en", UTC)
    assert (found.at.date().isoformat(), "month-guessed" in found.flags) == ("2024-10-18", True)


def test_a_span_of_days_is_no_date() -> None:
    assert reason("12-14 Juni 2025") is Reason.NO_DATE
    assert reason("12 – 14 June 2025", "en") is Reason.NO_DATE
    assert at("19.00 – 14 Juni 2025") == "2025-06-14T19:00:00+07:00"


@pytest.mark.parametrize(
    ("text", "hour"),
    [("12:05 am", 0), ("12:05 pm", 12), ("1:05 p.m.", 13), ("11:05PM", 23), ("19:05 PM", 19), ("noon", 12)],
)
def test_halves_of_the_day(text: str, hour: int) -> None:
    assert moment(f"Dec. 18, 2025 at {text}", "en-US", NEW_YORK).at.hour == hour


def test_a_half_of_the_day_that_cannot_be_is_doubted() -> None:
    assert reason("December 18, 2025 15:05 am", "en-US") is Reason.IMPOSSIBLE_TIME
    assert reason("December 18, 2025 0:05 pm", "en-US") is Reason.IMPOSSIBLE_TIME
