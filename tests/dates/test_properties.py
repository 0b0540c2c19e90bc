"""What holds for every text and every moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedsvc.dates import Doubt, Moment, Reason, find, is_date, read, read_stamp
from feedsvc.dates.calendars import jalali
from tests.dates.places import JAKARTA, NOW

#: no test here may fail because the machine is busy
unhurried = settings(deadline=None)
#: pieces of dates, so that hypothesis comes near to them
PIECES = st.sampled_from(
    """18 2025 12 31 0 00 7 19:00 19.00 25:99 2568 1404 Desember Des Mei mar Kamis Jum'at WIB GMT+7 +0700
    -05:00 Z T am PM pukul lalu jam menit yang sejam kemarin hari ini ago hours vor Stunden 年 月 日 午後
    小时前 พ.ศ. ธ.ค. ٢٠٢٥ م published Diperbarui: | - – / . , : ( ) ' ’ + ~ 2025-12-18 18/12/2025 1766059200 @
    /Date( st de listopada""".split()
)
LINES = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=14).flatmap(
    lambda parts: st.sampled_from(["", " ", "\u00a0"]).map(lambda between: between.join(parts))
)
LANGUAGES = st.sampled_from(["", "id", "en", "en-US", "de", "ar", "th", "ja", "fa", "zh-Hant-TW", "x", "-"])
ZONES = st.sampled_from([None, JAKARTA, ZoneInfo("America/New_York"), ZoneInfo("UTC")])


@unhurried
@given(st.one_of(st.text(), LINES), LANGUAGES, ZONES, st.sampled_from([None, NOW]))
@example("\ud800 18 Des 2025", "id", JAKARTA, NOW)
@example("9" * 5000, "", None, None)
@example("\x00", "", None, None)
def test_no_text_raises_and_every_moment_is_sane(
    text: str, language: str, zone: ZoneInfo | None, now: datetime | None
) -> None:
    found = read(text, language=language, zone=zone, now=now)
    assert found.text == text
    if isinstance(found, Moment):
        assert 1989 <= found.at.year <= 2101
        assert found.at.microsecond == 0
        assert (found.at.fold, bool(found.at.tzinfo)) == (0, True)
    else:
        assert isinstance(found, Doubt)
    assert isinstance(is_date(text, language), bool)
    stamp = read_stamp(text, zone=zone)
    assert stamp.text == text


@unhurried
@given(LINES, LANGUAGES, ZONES, st.sampled_from([None, NOW]))
def test_what_is_found_lies_in_the_text_and_is_what_is_read(
    text: str, language: str, zone: ZoneInfo | None, now: datetime | None
) -> None:
    found = find(text, language=language, zone=zone, now=now)
    whole = read(text, language=language, zone=zone, now=now)
    if found is None:
        assert isinstance(whole, Doubt)
    else:
        assert found.moment == whole
        assert 0 <= found.start < found.end <= len(text)
        assert 0 < found.fill <= 1


@unhurried
@given(LINES, LANGUAGES)
def test_spaces_around_a_text_change_nothing(text: str, language: str) -> None:
    bare = read(text, language=language, zone=JAKARTA, now=NOW)
    spaced = read(f" \n{text}\t ", language=language, zone=JAKARTA, now=NOW)
    if isinstance(bare, Moment) and isinstance(spaced, Moment):
        assert (bare.at, bare.precision, bare.flags) == (spaced.at, spaced.precision, spaced.flags)
    else:
        assert isinstance(bare, Doubt)
        assert isinstance(spaced, Doubt)
        assert bare.reason is spaced.reason


def names(text: str) -> list[str]:
    return text.split()


#: language → months, weekdays from Monday, and the forms of its newspapers
NEWSPAPERS = {
    "id": (
        names("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"),
        names("Senin Selasa Rabu Kamis Jumat Sabtu Minggu"),
        (
            "{weekday}, {d} {month} {y} | {H}:{M} WIB",
            "{weekday}, {d:02} {short} {y} {H}:{M} WIB",
            "{d} {month} {y} pukul {H}.{M} WIB",
            "{weekday} ({d:02}/{m:02}/{y}) {H}:{M}",
            "Tayang: {d:02}-{m:02}-{y}, {H}.{M} WIB",
            "{H}:{M} WIB, {d} {month} {y}",
        ),
    ),
    "en-US": (
        names("January February March April May June July August September October November December"),
        names("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        (
            "{weekday}, {month} {d}, {y} at {h}:{M} {half}",
            "{short}. {d}, {y} {h}:{M}{half}",
            "{m:02}/{d:02}/{y} {H}:{M}",
            "Published {month} {d}, {y} | {h}:{M} {half}",
        ),
    ),
    "de": (
        names("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        names("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        (
            "{weekday}, {d}. {month} {y}, {H}:{M} Uhr",
            "{d:02}.{m:02}.{y}, {H}.{M} Uhr",
            "Veröffentlicht am {d}. {month} {y} um {H}:{M} Uhr",
            "{d:02}.{m:02}.{yy:02} – {H}:{M}",
        ),
    ),
    "fr": (
        names("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        names("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        (
            "Publié le {weekday} {d} {month} {y} à {H}h{M}",
            "{d:02}/{m:02}/{y} - {H}:{M}",
            "{d} {month} {y}, {H} h {M}",
        ),
    ),
    "ru": (
        names("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
        names("понедельник вторник среда четверг пятница суббота воскресенье"),
        ("{weekday}, {d} {month} {y} г., {H}:{M}", "{d} {month} {y} в {H}:{M}", "{d:02}.{m:02}.{y} {H}:{M}"),
    ),
    "ar": (
        names("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
        names("الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"),
        ("{weekday} {d} {month} {y} - {H}:{M}", "{d} {month}، {y}، {H}:{M}"),
    ),
    "ja": (
        names("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"),
        names("月 火 水 木 金 土 日"),
        ("{y}年{m}月{d}日（{weekday}）{H}時{M}分", "{y}/{m:02}/{d:02} {H}:{M}", "{y}年{m}月{d}日 {H}:{M}"),
    ),
    "vi": (
        names("- - - - - - - - - - - -"),
        ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"],
        ("{weekday}, {d:02}/{m:02}/{y}, {H}:{M} (GMT+7)", "{weekday}, ngày {d} tháng {m} năm {y}, {H}:{M}"),
    ),
}
MINUTES = st.integers(0, 60 * 24 * 365 * 30).map(
    lambda m: datetime(1995, 1, 1, tzinfo=JAKARTA) + timedelta(minutes=m)
)


def printed(form: str, moment: datetime, months: list[str], weekdays: list[str]) -> str:
    """The moment in a newspaper's form."""
    month = months[moment.month - 1]
    return form.format(
        weekday=weekdays[moment.weekday()],
        month=month,
        short=month[:3],
        d=moment.day,
        m=moment.month,
        y=moment.year,
        yy=moment.year % 100,
        H=f"{moment.hour:02}",
        h=moment.hour % 12 or 12,
        M=f"{moment.minute:02}",
        half="am" if moment.hour < 12 else "pm",
    )


@unhurried
@pytest.mark.parametrize("language", NEWSPAPERS)
@given(data=st.data())
def test_what_newspapers_print_is_read_back_in_any_case(language: str, data: st.DataObject) -> None:
    moment = data.draw(MINUTES)
    months, weekdays, forms = NEWSPAPERS[language]
    text = printed(data.draw(st.sampled_from(forms)), moment, months, weekdays)
    text = data.draw(st.sampled_from([text, text.upper(), text.lower()]))
    found = read(
        text, language=language, zone=ZoneInfo("America/New_York") if language == "en-US" else JAKARTA
    )
    assert isinstance(found, Moment), (text, found)
    assert found.at.replace(tzinfo=None) == moment.replace(tzinfo=None), text


@unhurried
@given(MINUTES, st.sampled_from(["seconds", "minutes", "milliseconds"]))
def test_iso_stamps_are_read_back(moment: datetime, timespec: str) -> None:
    found = read_stamp(moment.isoformat(timespec=timespec))
    assert isinstance(found, Moment)
    assert found.at == moment


@unhurried
@given(st.integers(1370, 1427), st.integers(1, 12), st.integers(1, 31))
def test_days_of_the_persian_calendar_follow_one_another(year: int, month: int, day: int) -> None:
    here = jalali(year, month, day)
    following = jalali(year, month, day + 1)
    if isinstance(here, Reason):
        return
    if isinstance(following, Reason):
        following = jalali(year, month + 1, 1) if month < 12 else jalali(year + 1, 1, 1)
    assert following == here + timedelta(days=1)
