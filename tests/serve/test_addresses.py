"""The addresses that docs/serving.md promises are answered, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.asking import ask
from tests.publish.test_archives import Newsroom

PAGE = (Path(__file__).parents[2] / "docs/serving.md").read_text()
TABLE = PAGE.split("| address | what |")[1].split("\n\n")[0]
#: Their names are random, or they are answered by another process; the newsroom has no takers; or they want a
#: token (see test_room).
ELSEWHERE = (
    *("/websub/callback/", "/static/", "/stream", "/feeds/tag/", "/feeds/author/", "/feeds/for/"),
    *("/status", "/metrics"),
)


def documented() -> list[str]:
    """Each address of the table, with names that the newsroom below has."""
    found = []
    for cell in (line.split("|")[1] for line in TABLE.splitlines()[2:]):
        whole, *endings = re.findall(r"`([^`]+)`", cell)
        for address in [whole, *(re.sub(r"\.\w+$", end, whole) if end[0] == "." else end for end in endings)]:
            if not address.startswith(ELSEWHERE):
                address = address.replace("<slug>", "s0").replace("<n>", "1").replace(".…", ".rss")
                found.append(
                    address.replace("?q=…", "?q=ba").replace("?url=…", "?url=https://feeds.example/feeds/s0")
                )
    return found


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("addresses"), articles=205)


@pytest.mark.parametrize("address", documented())
def test_every_documented_address_is_answered(newsroom: Newsroom, address: str) -> None:
    newsroom.front.published.refresh()
    assert ask(newsroom.front, address).status == 200


@pytest.mark.parametrize("address", ["/server-status", "/feeds/nothing.rss", "/admin", "/embed/nothing"])
def test_what_is_not_documented_is_not_there(newsroom: Newsroom, address: str) -> None:
    assert f"`{address}`" not in PAGE
    assert ask(newsroom.front, address).status == 404
