"""Names of people: cut out of bylines, cleaned, and told from houses, roles and agencies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC

from feedsvc import dates
from feedsvc.extract.article.compare import words
from feedsvc.extract.article.house import House
from feedsvc.extract.article.words import (
    AGENCIES,
    EDITOR_AFTER,
    LABEL,
    LABEL_ALONE,
    NAME_SPLIT,
    NO_NAME,
    NO_PERSON,
    NOBODY,
    ORGANISATION,
    PARTICLES,
    ROLE,
)
from feedsvc.extract.clean import fold

MAX_NAME = 60
MAX_PEOPLE = 12
MAX_BYLINE = 1_500  #: characters that are looked at for them
#: a conjunction that a comma left before a name; in small letters: `Dan Rivers`, `Y Lan` are names
_AND = re.compile(r"^\s*(?:and|und|dan|et|en|og|och|y|e)\s+(?=[^a-z])")
#: what joins two people, or the two surnames of one: `Ana Gil y Luis Mora`, `Marta Arango y Molina`
_JOINS_SURNAMES = frozenset({"y", "e", "i"})
_SUFFIX = re.compile(r",?\s{1,3}((?:Jr|Sr)\b\.?|II\b|III\b|IV\b)", re.I)
_FULL_STOP = re.compile(r"(?<=[^\W\d_A-Z]{3})\.$")  #: of a sentence, not of `Jr.`
_DEGREES = re.compile(
    r",?\s{1,3}(?:Ph\.?\s?D|M\.?D|MBA|M\.?Sc|B\.?Sc|MPH|Esq|R\.?N|J\.?D|LL\.?M)\b\.?(?=\s*(?:[,;&|/]|and\b|$))"
)
#: `記者王小明／基隆報導`: the reporter, and where from
CJK_REPORT = re.compile(
    r"(?:(?:本報|特約|特派)?記者\s*|^\W?)(?P<names>[\u4e00-\u9fff]{2,4}(?:[、．·\s]+[\u4e00-\u9fff]{2,4}){0,3})"
    r"\s*[／/]\s*[\u4e00-\u9fff]{2,6}(?:報導|報道)"
)
#: `… 19:05 記者 山田花子`, `文 王小明`: the word and the name, parted by a space
CJK_LABELLED = re.compile(
    r"(?:^|[\s|｜/／])(?:本[報报网刊]|特[約约]|见习)?"
    r"(?:記者|记者|文(?:[・＆&](?:写真|圖|图|攝影))?|作者|執筆|撰稿|撰文|取材)"
    r"(?:\s{1,2}|\s?[／/＝=]\s?)(?P<name>[\u3040-\u30ff\u4e00-\u9fff]{2,6})(?=$|[\s|｜/／])"
)
#: `순천, 광양 구현모 기자`: places, the name, what he is
KOREAN_REPORTER = re.compile(
    r"(?<![가-힣])([가-힣]{2,4})"
    r"(?: (?:[가-힣]{0,2}기자|특파원)(?![가-힣])|(?<=^글 [가-힣]{3})(?= ?[·,/] ?사진))"
)
#: surnames that are also words of buttons and papers; only data or a label make a name of them
_WORDY_SURNAME = re.compile(
    r"(?:Press|Post|Read|More|Share|Times|Page|Story|View|Print|Church|Office|Image)$"
)
_ADDRESSES = re.compile(r"https?://\S+|(?<!\S)[^\s@]{1,64}@[^\s@]{1,200}|(?<![\w@])@\w+")
_ADDRESS_AND_NAME = re.compile(r"[^\s@]{1,64}@[^\s@]{1,200}\s?\(([^()]{2,60})\)")  #: as RSS has its authors
_IN_BRACKETS = re.compile(r"\([^()]{2,200}\)")
_BRACKETS = re.compile(r"[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]")
_ROLE_AFTER = re.compile(rf"\s{{0,2}}(?:[/|,–—-]\s{{0,2}}|\s)(?:{ROLE})\b.*$", re.I)
_ROLE_BEFORE = re.compile(rf"^(?:{ROLE})\s+(?=(?-i:[^\W\d_a-z]))", re.I)
_ROLE_FIRST = re.compile(rf"(?:{ROLE})\s", re.I)
_ROLE_ONLY = re.compile(rf"(?:{ROLE})(?:\s+(?:der|des|of|at|di|pada|de|du|für|for|in|im)\b|$)", re.I)
_OF_PLACE = re.compile(
    r"(?:kontributor|koresponden|contributor|correspondent|korrespondent)\s\S+(?:\s\S+)?", re.I
)
_COMPOUND_ROLE = re.compile(
    r"^\S*(?:[Ee]xpert\w*|[Rr]edakteur\w*|[Rr]eporter\w*|[Kk]orrespondent\w*|[Kk]olumnist\w*|"
    r"[Aa]utor(?:in)?)\s+"
    r"(?=[A-ZÄÖÜ])"
)
_CJK_ROLE = re.compile(
    r"\s{0,2}(?:[가-힣]{0,10}기자|記者|特派員|특파원|編集委員|本报记者)(?:\s?외\s?\d+\s?명)?\s?$"
)
_PLACE_AFTER = re.compile(r"\s(?:in|at|aus|für|[Ff]or|from|di)\s+[A-Z\d].*$")
_DATE_AFTER = re.compile(
    r"\s{0,2}(?:[|•·–—]|(?:\b(?:às?|at|um|alle|ore|kl|pukul|jam|en|a las|о|в)\s+)?\b\d{1,2}[.:/]|\d{4}|"
    r"\b(?:published|updated|posted|publisert|veröffentlicht|aktualisiert|am|on|le|el|pada|pada tanggal|"
    r"tanggal)\s+\d).*$",
    re.I,
)
_HOUSE_AFTER = re.compile(r"\s[-–—]\s+\S+$")  #: `Hani Fatunnisa - kabarkini`
_ELIDED = re.compile(r"[dl]['’](?=[^\W\d_])(?-i:[^a-z])")  #: `d'Arcy`
_MC = re.compile(r"(Mc|Mac)([A-Z]{3,})$")
#: `来源：X 作者：Y 责任编辑：Z`: fields in one line, each with its label
_FIELD = re.compile(
    r"(?P<author>作者|记者|記者|撰文|文)|(?:来源|來源|责任编辑|責任編輯|责编|編輯|编辑|校对|审核|发布时间|时间|時間|字号|原标题|版权声明)"
)
_FIELDS = re.compile(rf"(?:^|\s|(?<=[\d\u3040-\u9fff]))(?:{_FIELD.pattern})\s*[:：]\s*")
_BARS = re.compile(r"\s{0,2}[|•·]\s{0,2}")
_OTHERS = re.compile(rf"\d|{NO_PERSON.pattern}", re.I)  #: beside a bar: a date, a section, a place
_EDGES = ' ,;:|/·•-–—()[]"“”„«»*>+_'


def names_in(text: str, house: House, *, is_line: bool = False, sure: bool = False) -> tuple[str, ...]:
    """The people in a byline like `LAPORAN: HANI FATUNNISA` or `A. Smith, Political Editor, and B. Lee`.

    A line of the page (`is_line`) holds other things besides (`By X on 3 May`); a field's value does not.
    `sure` says that these are people: a surname may then be a word like Press or More.
    """
    text = fold(text)[:MAX_BYLINE]
    if _IN_BRACKETS.fullmatch(text):
        text = text[1:-1]
    if report := CJK_REPORT.search(text):
        return unique(re.split(r"[、．·\s]+", report["names"]))
    if reporters := KOREAN_REPORTER.findall(text):
        return unique(reporters)
    if inside := _ADDRESS_AND_NAME.fullmatch(text):
        text = inside[1]
    text = _DEGREES.sub("", _SUFFIX.sub(r" \1", _BRACKETS.sub(" ", text)))
    if house.is_named(text):
        return ()  # `Work & Wages` is one house, not two people
    sure = sure or (is_line and LABEL.match(text) is not None)
    if is_line:
        text = EDITOR_AFTER.sub("", text)
        field = author_field(text)
        text = _before_date(_bars_as_commas(_without_label(text if field is None else field)))
    found: list[str] = []
    parts = _people_of(text)
    for number, part in enumerate(map(str.strip, parts)):
        if NOBODY.fullmatch(part) or _ROLE_ONLY.match(part) or house.is_named(part):
            continue
        name = clean_name(part)
        if not found and number + 1 < len(parts) and _OF_PLACE.fullmatch(part):
            continue  # `Kontributor Sukamaju, Rina Andini`
        if found and " " not in name and _ROLE_FIRST.match(part):
            continue  # `A. Smith, Redakteurin Lokales`: the name's department
        if name and is_person(name, house, sure=sure):
            found.append(name)
        elif is_line and found and (name or _ROLE_ONLY.match(part)):
            break  # `By A. Smith, in News, Portugal`: what follows is no name any more
    return unique(found)


def _before_date(text: str) -> str:
    """What stands before the date of a line, its weekday and label left out too."""
    found = dates.find(text, zone=UTC) if any(map(str.isdigit, text)) else None
    return _DATE_AFTER.sub("", text[: found.start] if found is not None and found.start else text)


def author_field(text: str) -> str | None:
    """The author's of several labelled fields, "" if none is the author's; None if there are no fields."""
    fields = list(_FIELDS.finditer(text)) if "：" in text or ":" in text else []
    if not fields:
        return None
    ends = [field.start() for field in fields[1:]] + [len(text)]
    values = (
        text[field.end() : end].strip() for field, end in zip(fields, ends, strict=True) if field["author"]
    )
    return next((value for value in values if value), "")


def _people_of(text: str) -> list[str]:
    """The parts of a byline that may be people; a lone word behind a full name and a bar is a place."""
    parts, ends = _joined_surnames(
        [_without_agency(part) for part in NAME_SPLIT.split(text)],
        [match.group().strip() for match in NAME_SPLIT.finditer(text)],
    )
    return [
        part
        for number, part in enumerate(parts)
        if not (
            number and ends[number - 1] == "|" and " " not in part.strip() and is_full_name(parts[number - 1])
        )
    ]


def _joined_surnames(parts: list[str], ends: list[str]) -> tuple[list[str], list[str]]:
    """`Marta Arango y Molina` is one person: a lone word behind a full name is her second surname."""
    kept, between = parts[:1], []
    for part, end in zip(parts[1:], ends, strict=True):
        if end in _JOINS_SURNAMES and len(part.split()) == 1 and len(kept[-1].split()) >= 2:
            kept[-1] = f"{kept[-1]} {end} {part}"
        else:
            kept.append(part)
            between.append(end)
    return kept, between


def _without_agency(part: str) -> str:
    """`Ann Lee The Associated Press`, two elements of a line: the person."""
    parts = part.split()
    for cut in range(2, len(parts)):
        front = parts[:cut]
        if words(" ".join(parts[cut:])) in AGENCIES and front[-1].isalpha() and is_full_name(" ".join(front)):
            return " ".join(front)
    return part


def _bars_as_commas(text: str) -> str:
    """`Ann Lee | Max Kern`: where full names stand on both sides, the bar parts people."""
    parts = _BARS.split(text)
    if len(parts) < 2 or not all(is_full_name(part) and not _OTHERS.search(part) for part in parts[:2]):
        return text
    return ", ".join(parts)


def clean_name(text: str) -> str:
    """One name without label, role, place, address and brackets; capitals become a name's case."""
    text = _ADDRESSES.sub(" ", _BRACKETS.sub(" ", _AND.sub("", text)))
    text = _without_label(" ".join(text.split()))
    text = _COMPOUND_ROLE.sub("", text)
    text = _HOUSE_AFTER.sub("", text)
    text = _ROLE_BEFORE.sub("", _PLACE_AFTER.sub("", _CJK_ROLE.sub("", text)))
    text = _ROLE_AFTER.sub("", text) or text
    return name_case(_said_once(_FULL_STOP.sub("", " ".join(text.split()).strip(_EDGES))))


def without_role(text: str) -> str:
    """`Ann Lee Deputy Content Director`, `Ann Lee Ann Lee`: the name."""
    cut = _ROLE_AFTER.sub("", text) or text
    return _said_once(cut if is_full_name(cut) else text)


def _said_once(name: str) -> str:
    """`Ann Lee Ann Lee` (a picture's text and the name beside it), once."""
    parts = name.split()
    half = len(parts) // 2
    return " ".join(parts[:half]) if half >= 2 and parts[:half] == parts[half:] else name


def _without_label(text: str) -> str:
    for _ in range(3):
        shorter = LABEL.sub("", text, count=1)
        if shorter == text:
            break
        text = shorter
    return text


def name_case(text: str) -> str:
    """`HANI FATUNNISA` as `Hani Fatunnisa`; initials and short marks of agencies stay."""
    letters = [char for char in text if char.isalpha()]
    loud = all(word.isupper() or _MC.match(word) or len(word) <= 3 for word in text.split())
    if len(letters) < 5 or not loud or words(text) in AGENCIES or not text[0].isascii():
        return text
    return " ".join(_word_case(word) if word.isupper() or _MC.match(word) else word for word in text.split())


def _word_case(word: str) -> str:
    if re.fullmatch(r"(?:[^\W\d_]\.?)+", word) and ("." in word or len(word) == 1):
        return word  # initials
    if mac := _MC.match(word):
        return mac[1] + mac[2].capitalize()
    return re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), word)


def is_person(name: str, house: House, *, sure: bool = False) -> bool:
    """Whether a cleaned name can be that of a person, or of an agency whose report it is."""
    if not 2 <= len(name) <= MAX_NAME or len(name.split()) > 6:
        return False
    if words(name) in AGENCIES:
        return True
    if re.search(r"[\d<>{}=\\?!…_：，。；]|https?:|:\s|\.\s+\w+\s+\w+\s+\w+", name) or not any(
        map(str.isalpha, name)
    ):
        return False
    if NOBODY.fullmatch(name) or _ROLE_ONLY.match(name) or LABEL_ALONE.match(name):
        return False
    if re.match(r"(?:in|on|at|for|to|and|the)\s", name, re.I) or house.is_named(name) or house.is_desk(name):
        return False
    if sure and len(name.split()) == 2 and name[0].isupper() and _WORDY_SURNAME.search(name):
        return True
    return not NO_NAME.search(name) and not ORGANISATION.search(name)


def is_full_name(name: str) -> bool:
    """Whether it is written like a name: two to five words with a capital, or of a script without them."""
    parts = name.split()
    if len(parts) == 1:
        return 2 <= len(name) <= 6 and not name[0].isascii() and name[0].lower() == name[0].upper()
    return 2 <= len(parts) <= 5 and all(
        part.lower() in PARTICLES or not part[0].islower() or _ELIDED.match(part)
        for part in parts
        if part[0].isalpha()
    )


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order; what runs two others together (`Will Ross BBC Nigeria`) is left out."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(words(name), name)
    joined = {f"{one} {other}" for one in kept for other in kept if one != other}
    return tuple(name for key, name in kept.items() if key not in joined)[:MAX_PEOPLE]
