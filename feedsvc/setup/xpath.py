"""XPath expressions as people write them for scraping → CSS selectors that find the same, where there are."""

from __future__ import annotations

import re

_STEP = re.compile(
    r"(?P<axis>//|/|descendant::|child::|\.//|\./)?(?P<name>\*|[a-zA-Z][\w-]*)(?P<tests>(\[[^\[\]]*\])*)"
)
_TEST = re.compile(r"\[([^\[\]]*)\]")
_NAME = re.compile(r"-?[A-Za-z_][\w-]*")
_EQUALS = re.compile(r"""@([\w-]+)\s*=\s*(["'])(.*?)\2""")
_CONTAINS = re.compile(r"""contains\(\s*@([\w-]+)\s*,\s*(["'])(.*?)\2\s*\)""")
_WORD = re.compile(
    r"""contains\(\s*concat\(\s*(["'])\s\1\s*,\s*(?:normalize-space\()?@class\)?\s*,\s*(["'])\s\2\s*\)\s*,\s*"""
    r"""(["'])\s(.*?)\s\3\s*\)"""
)
_VALUE = re.compile(r"(?:^|/|//)(?:@[\w-]+|text\(\)|normalize-space\(\))$")


def as_css(expression: str) -> str:
    """A selector for the same elements; "" where there is none."""
    rest = expression.strip()
    if rest.startswith("normalize-space(") and rest.endswith(")"):
        rest = rest.removeprefix("normalize-space(")[:-1].strip()
    rest = _VALUE.sub("", rest).rstrip("/").replace("/descendant::", "//").replace("/child::", "/")
    if rest in ("", "."):
        return ""
    found = ""
    while rest:
        step = _STEP.match(rest)
        if step is None:
            return ""
        tests = [_test(each) for each in _TEST.findall(step["tests"])]
        if None in tests:
            return ""
        name = step["name"] if step["name"] != "*" or not tests else ""
        if found:
            found += " > " if step["axis"] in ("/", "child::") else " "
        found += name + "".join(each or "" for each in tests)
        rest = rest[step.end() :]
        if rest and not rest.startswith("/"):
            return ""
    return found


def _test(given: str) -> str | None:
    parts = [_single(each.strip()) for each in re.split(r"\sand\s", given)]
    return None if None in parts else "".join(each or "" for each in parts)


def _single(given: str) -> str | None:
    if match := _WORD.fullmatch(given):
        return f".{match[4]}" if _NAME.fullmatch(match[4]) else None
    if match := _CONTAINS.fullmatch(given):
        return f'[{match[1]}*="{match[3]}"]' if '"' not in match[3] else None
    if match := _EQUALS.fullmatch(given):
        if match[1] == "id" and _NAME.fullmatch(match[3]):
            return f"#{match[3]}"
        return f'[{match[1]}="{match[3]}"]' if '"' not in match[3] else None
    return f"[{given[1:]}]" if re.fullmatch(r"@[\w-]+", given) else None
