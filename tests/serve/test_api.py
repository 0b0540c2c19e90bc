"""`/api/articles`: publish, correct, withdraw; and what stands behind it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from werkzeug.test import TestResponse

from feedsvc.editorial import Editorial
from feedsvc.errors import Code, EditorialError
from feedsvc.model import ListKind, ListSpec, Newsroom
from feedsvc.serve.api.models import ArticleIn
from feedsvc.serve.api.openapi import description
from feedsvc.serve.api.routes import FAILURE_BURST
from feedsvc.serve.app import create_app
from feedsvc.store.articles import lists
from feedsvc.store.articles.editorial import SqlEditorial
from feedsvc.wiring.editorial import open_editorial
from tests.conftest import Clock
from tests.kinds import examples
from tests.makers import SITE
from tests.stores import migrated

LISTS = tuple(
    ListSpec(key=key, slug=key, kind=ListKind.SECTION, title=key, language=language, was=(f"old-{key}",))
    for key, language in (("politik", ""), ("dunia", "en"))
)
CMS = Newsroom("cms")
ONE = {
    "id": "104",
    "url": "https://news.example/politik/104",
    "title": "Balai warga dibuka",
    "content": "<p>Isi <script>alert(1)</script>berita.</p>",
    "authors": ["Hani F"],
    "sections": ["politik"],
    "published": "2025-12-18T18:00:00+07:00",
}


class Room:
    """A store, what its editors use, and a client with a token."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.database = migrated(url)
        self.clock = clock
        specs = [("latest", ListKind.LATEST), ("politik", ListKind.SECTION), ("dunia", ListKind.SECTION)]
        with self.database.write() as connection:
            lists.sync_lists(connection, [(key, key, kind, key) for key, kind in specs], clock())
        self.store = SqlEditorial(self.database)
        self.editorial: Editorial = open_editorial(url, LISTS, SITE, clock)
        app = create_app(
            ready=lambda: True,
            editorial=lambda: self.editorial,
            site=SITE,
            lists=(),
        )
        self.app = app
        self.store.access.add_token("cms", "fs_secret", clock())

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str = "fs_secret",
        kind: str = "application/json",
        **headers: str,
    ) -> TestResponse:
        given = {"Authorization": f"Bearer {token}"} if token else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.app.test_client().open(
            f"/api/articles{path}",
            method=method,
            data=json.dumps(body) if isinstance(body, dict) else body,
            content_type=kind,
            headers=given,
        )

    def as_if_collected(self) -> None:
        """What the API said so far was said by a page."""
        with self.database.write() as connection:
            connection.exec_driver_sql(
                "UPDATE upstream SET kind = 'page', key = 'a page' WHERE key = 'api:cms'"
            )
            connection.exec_driver_sql("DELETE FROM \"key\" WHERE scope = 'api:cms'")

    def article(self, name: str = "104") -> Any:
        return self.editorial.file(self.editorial.find_own(name, CMS))


@pytest.fixture
def newsroom(store_url: str, clock: Clock) -> Iterator[Room]:
    found = Room(store_url, clock)
    yield found
    found.editorial.close()
    found.database.close()


def test_entries_of_one_page_are_answered_each_as_itself(newsroom: Room) -> None:
    page = "https://news.example/langsung"
    sent = [
        ("pagi", f"{page}#pagi", "Kapal pertama berangkat", "08"),
        ("siang", f"{page}#siang", "Dermaga ditutup angin", "11"),
        (f"{page}#sore", f"{page}#sore", "Pelayaran dibuka lagi", "16"),  # its own id is its address
    ]
    ids = {}
    for own, url, title, hour in sent:
        one = ONE | {"id": own, "url": url, "title": title, "published": f"2025-12-18T{hour}:00:00+07:00"}
        answer = newsroom.send("POST", "", one | {"content": f"<p>{title}, kata petugas.</p>"})
        told = answer.get_json()
        assert (answer.status_code, told["own_id"], told["title"]) == (201, own, title)
        ids[url] = told["id"]
    assert len(set(ids.values())) == 3
    for own, url, title, _ in sent:
        for name in (own, url, ids[url]):
            assert newsroom.send("GET", f"/{quote(name, safe='')}").get_json()["title"] == title
    assert newsroom.send("GET", f"/{quote(page + '#malam', safe='')}").status_code == 404
    answer = newsroom.send("POST", "", ONE | {"id": "malam", "url": f"{page}#malam"}, If_None_Match="*")
    assert answer.status_code == 201


def test_two_ids_are_two_articles_whatever_they_share(newsroom: Room) -> None:
    """The system that publishes knows what is one article: neither address nor headline joins two ids."""
    first = newsroom.send("POST", "", ONE | {"id": "a"}).get_json()
    second = newsroom.send("POST", "", ONE | {"id": "b"})
    assert second.status_code == 201
    assert second.get_json()["id"] != first["id"]
    corrected = newsroom.send("PUT", "/b", ONE | {"id": "b", "title": "Balai warga dibuka lagi"})
    assert corrected.status_code == 200
    assert [newsroom.send("GET", f"/{own}").get_json()["title"] for own in ("a", "b")] == [
        ONE["title"],
        "Balai warga dibuka lagi",
    ]


def test_a_section_is_taken_under_its_former_slug(newsroom: Room) -> None:
    answer = newsroom.send("POST", "", ONE | {"sections": ["old-politik"]})
    assert (answer.status_code, answer.get_json()["sections"]) == (201, ["politik"])


def test_publishing_is_live_at_once(newsroom: Room) -> None:
    answer = newsroom.send("POST", "", ONE)
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["state"] == "live"
    assert told["own_id"] == "104"
    assert told["sections"] == ["politik"]
    assert answer.headers["Location"] == told["self"]
    kept = newsroom.article()
    assert kept.article.story.content == "<p>Isi berita.</p>"
    assert kept.article.published.isoformat() == "2025-12-18T11:00:00+00:00"
    assert {place.list for place in kept.places} == {"politik", "latest"}
    assert all(place.entered == 1 and not place.backfill for place in kept.places)


def test_the_same_again_changes_nothing_and_a_correction_does(newsroom: Room) -> None:
    first = newsroom.send("POST", "", ONE).get_json()
    newsroom.clock.forward(minutes=5)
    again = newsroom.send("POST", "", ONE)
    assert (again.status_code, again.get_json()) == (200, first)
    corrected = newsroom.send("PUT", "/104", ONE | {"title": "Balai warga dibuka kembali"}).get_json()
    assert corrected["id"] == first["id"]
    assert corrected["published"] == first["published"]
    assert corrected["updated"] > first["updated"]
    assert len(newsroom.article().revisions) == 1


def test_an_article_is_named_by_id_own_id_or_address(newsroom: Room) -> None:
    told = newsroom.send("POST", "", ONE).get_json()
    for name in (told["id"], "104", "https:%2F%2Fnews.example%2Fpolitik%2F104"):
        assert newsroom.send("GET", f"/{name}").get_json()["id"] == told["id"]


def test_put_makes_what_is_not_there(newsroom: Room) -> None:
    body = {name: value for name, value in ONE.items() if name != "id"}
    answer = newsroom.send("PUT", "/abc-7", body)
    assert answer.status_code == 201
    assert answer.get_json()["own_id"] == "abc-7"
    assert newsroom.send("PUT", "/abc-7", body | {"id": "other"}).status_code == 422


def test_withdrawing_and_publishing_anew(newsroom: Room) -> None:
    told = newsroom.send("POST", "", ONE).get_json()
    newsroom.clock.forward(minutes=5)
    assert newsroom.send("DELETE", "/104").get_json()["state"] == "withdrawn"
    gone = newsroom.send("GET", "/104")
    assert gone.status_code == 410
    assert gone.content_type == "application/problem+json"
    assert newsroom.send("DELETE", "/104").status_code == 200
    withdrawn = newsroom.article().article.withdrawn
    newsroom.clock.forward(minutes=5)
    back = newsroom.send("POST", "", ONE).get_json()
    assert (back["state"], back["id"]) == ("live", told["id"])
    assert newsroom.article().article.updated > withdrawn


def test_an_embargo_waits(newsroom: Room) -> None:
    later = (newsroom.clock() + timedelta(hours=2)).isoformat()
    sent = newsroom.send("POST", "", ONE | {"published": later}).get_json()
    assert (sent["state"], sent["published"]) == ("waiting", later)
    # what is shown and sent back keeps it; another date is another version
    shown = newsroom.send("GET", "/104").get_json()
    assert newsroom.send("PUT", "/104", shown).get_json()["version"] == shown["version"]
    assert newsroom.send("GET", "/104").get_json() == shown
    moved = (newsroom.clock() + timedelta(hours=3)).isoformat()
    again = newsroom.send("PUT", "/104", shown | {"published": moved}).get_json()
    assert (again["state"], again["published"]) == ("waiting", moved)
    assert again["version"] != shown["version"]


def test_a_moved_section_is_left(newsroom: Room) -> None:
    newsroom.send("POST", "", ONE)
    assert newsroom.send("PUT", "/104", ONE | {"sections": ["dunia"]}).get_json()["sections"] == ["dunia"]
    assert newsroom.send("PUT", "/104", ONE | {"sections": ["dunia", "politik"]}).get_json()["sections"] == [
        "dunia",
        "politik",
    ]


def test_ids_of_two_newsrooms_do_not_meet(newsroom: Room) -> None:
    newsroom.store.access.add_token("other", "fs_other", newsroom.clock())
    body = ONE | {"url": "https://other.example/104"}
    first = newsroom.send("POST", "", ONE).get_json()
    second = newsroom.send("POST", "", body, token="fs_other").get_json()
    assert first["id"] != second["id"]
    assert newsroom.send("GET", "/104", token="fs_other").get_json()["id"] == second["id"]


def test_what_is_shown_may_be_sent_back_and_is_the_same_article(newsroom: Room) -> None:
    image = {"url": "https://news.example/a.jpg", "width": 9, "height": 8, "type": "image/jpeg", "length": 7}
    whole = ONE | {
        "content": "<p>Isi berita.</p>",
        "summary": "Singkat",
        "sections": ["dunia", "politik"],
        "tags": ["feri", "aturan"],
        "image": image | {"caption": "Balai", "credit": "Rian"},
        "enclosures": [{"url": "https://news.example/a.mp3", "type": "audio/mpeg", "length": 5}],
        "updated": "2025-12-18T19:00:00+07:00",
        "language": "en-GB",
        "episode": {
            "duration": 62,
            "number": 0.0,
            "season": 1,
            "kind": "bonus",
            "explicit": False,
            "image": "https://news.example/e.jpg",
            "title": "Kedua",
            "summary": "Bunyi.",
            "transcripts": [
                {"url": "https://news.example/e.vtt", "type": "", "language": "", "captions": True}
            ],
            "chapters": "https://news.example/e.json",
        },
    }
    newsroom.send("POST", "", whole)
    shown = newsroom.send("GET", "/104").get_json()
    same = whole.keys() - {"id", "published", "updated"}
    assert {name: shown[name] for name in same} == {name: whole[name] for name in same}
    newsroom.clock.forward(minutes=5)
    again = newsroom.send("POST", "", shown)
    assert (again.status_code, again.get_json()["version"]) == (200, shown["version"])
    assert newsroom.send("PUT", f"/{shown['id']}", shown).get_json()["version"] == shown["version"]
    assert newsroom.send("GET", "/104").get_json() == shown
    # without the names that only the service gives, too: an id is the public one, or the system's own
    bare = {name: shown[name] for name in ("id", "title", "sections", "content")}
    corrected = newsroom.send("POST", "", bare | {"title": "Judul baru"})
    assert (corrected.status_code, corrected.get_json()["id"]) == (200, shown["id"])
    assert corrected.get_json()["own_id"] == "104"


def test_what_is_shown_without_an_address_may_be_sent_back_too(newsroom: Room) -> None:
    nothing = {"episode": {"title": "\x1f"}}  # and with an episode of which nothing is left
    newsroom.send("POST", "", {"id": "7", "title": "Pengumuman", "sections": ["politik"], **nothing})
    shown = newsroom.send("GET", "/7").get_json()
    for method, path in (("POST", ""), ("PUT", "/7"), ("PUT", f"/{shown['id']}")):
        again = newsroom.send(method, path, shown)
        assert (again.status_code, again.get_json()["version"]) == (200, shown["version"])
    assert newsroom.send("GET", "/7").get_json() == shown


def test_ids_whose_letters_were_lost_do_not_meet(newsroom: Room) -> None:
    """A system that writes Latin-1 into addresses: %E9 and %E8 would be one article."""
    body = {"title": "Balai", "sections": ["politik"]}
    for path in ("/%E9", "/%E8", "/%ED%A0%80"):
        refused = newsroom.send("PUT", path, body)
        assert (refused.status_code, "UTF-8" in refused.get_json()["detail"]) == (422, True)
    assert newsroom.send("POST", "", body | {"id": "kaf\ufffd"}).status_code == 422
    assert newsroom.send("PUT", "/caf%C3%A9", body).status_code == 201


NINJS: dict[str, Any] = {
    "uri": "urn:wire:9",
    "type": "text",
    "headlines": [{"value": "Balai warga dibuka"}],
    "bodies": [{"contentType": "text/html", "value": "<p>Isi.</p>"}],
    "firstCreated": "2025-12-18T18:00:00+07:00",
    "versionCreated": "2025-12-18T18:00:00+07:00",
    "by": "Hani F; Rian",
    "subjects": [{"rel": "section", "literal": "dunia"}, {"name": "balai"}],
    "renditions": [{"name": "web", "href": "https://news.example/9", "contentType": "text/html"}],
    "associations": [
        {
            "name": "p",
            "uri": "urn:wire:p",
            "type": "picture",
            "renditions": [{"name": "o", "href": "https://news.example/p.jpg", "width": 9}],
        }
    ],
}


def test_an_item_of_ninjs_is_taken(newsroom: Room) -> None:
    def send(item: Any, method: str = "POST", path: str = "", **headers: str) -> TestResponse:
        return newsroom.send(method, path, item, kind="application/ninjs+json", **headers)

    first = send(NINJS)
    assert first.status_code == 201
    shown = newsroom.send("GET", "/urn:wire:9").get_json()
    assert (shown["own_id"], shown["url"]) == ("urn:wire:9", "https://news.example/9")
    assert (shown["sections"], shown["tags"]) == (["dunia"], ["balai"])
    assert (shown["authors"], shown["content"]) == (["Hani F", "Rian"], "<p>Isi.</p>")
    assert (shown["image"]["url"], shown["image"]["width"]) == ("https://news.example/p.jpg", 9)
    assert shown["published"] == "2025-12-18T11:00:00+00:00"
    keyed = send(NINJS, "PUT", "/urn:wire:9?section=politik", Idempotency_Key="7")
    assert keyed.status_code == 200
    assert send(NINJS, "PUT", "/urn:wire:9?section=dunia", Idempotency_Key="7").status_code == 422
    moved = send(NINJS, "PUT", "/urn:wire:9?section=politik")
    assert (moved.status_code, moved.get_json()["sections"]) == (200, ["politik"])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "not valid JSON"),
        (b"[]", "no item of ninjs"),
        ({"uri": "urn:wire:9"}, "no item of ninjs"),
        (NINJS | {"pubStatus": "canceled"}, "send DELETE"),
        (NINJS | {"subjects": []}, "/sections"),
        (NINJS | {"subjects": [{"rel": "section", "literal": "nirwana"}]}, "nirwana"),
        (NINJS | {"firstCreated": "kemarin"}, "/published"),
        (NINJS | {"uri": "urn:" + "x" * 300}, "/id"),
    ],
)
def test_what_is_wrong_with_an_item_of_ninjs_is_told(newsroom: Room, body: Any, says: str) -> None:
    answer = newsroom.send("POST", "", body, kind="application/ninjs+json")
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_an_article_without_an_own_id_keeps_to_its_public_one(newsroom: Room) -> None:
    first = newsroom.send("POST", "", {name: value for name, value in ONE.items() if name != "id"}).get_json()
    moved = ONE | {"id": first["id"], "url": "https://news.example/politik/104-baru"}
    again = newsroom.send("POST", "", moved)
    assert (again.status_code, again.get_json()["id"], again.get_json()["own_id"]) == (200, first["id"], "")
    assert newsroom.send("PUT", f"/{first['id']}", ONE | {"id": ""}).get_json()["id"] == first["id"]


@pytest.mark.parametrize("collected", [False, True])
def test_a_token_reaches_its_own_articles_only(newsroom: Room, collected: bool) -> None:
    newsroom.store.access.add_token("other", "fs_other", newsroom.clock())
    told = newsroom.send("POST", "", ONE).get_json()
    if collected:
        newsroom.as_if_collected()
    before = newsroom.editorial.file(newsroom.editorial.find(told["id"]))
    address = "https:%2F%2Fnews.example%2Fpolitik%2F104"
    fake = {"title": "Palsu", "sections": ["politik"], "url": "https://other.example/1"}
    for name in (told["id"], address):
        for method in ("GET", "PUT", "DELETE"):
            answer = newsroom.send(method, f"/{name}", fake, token="fs_other")
            assert (answer.status_code, answer.get_json()["code"]) == (404, "UNKNOWN_ARTICLE"), (method, name)
    assert newsroom.send("POST", "", fake | {"id": told["id"]}, token="fs_other").status_code == 404
    if not collected:
        taken = newsroom.send("POST", "", fake | {"url": ONE["url"], "id": "9"}, token="fs_other")
        assert (taken.status_code, taken.get_json()["code"]) == (403, "NOT_YOURS")
    assert newsroom.editorial.file(newsroom.editorial.find(told["id"])) == before
    with newsroom.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM article").scalar() == 1


def test_a_token_may_be_for_some_sections(newsroom: Room) -> None:
    newsroom.store.access.add_token("other", "fs_other", newsroom.clock(), sections=["dunia"])
    body = ONE | {"url": "https://other.example/7", "id": "7"}
    refused = newsroom.send("POST", "", body, token="fs_other")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "NOT_YOURS")
    assert "politik" in refused.get_json()["detail"]
    assert newsroom.send("POST", "", body | {"sections": ["dunia"]}, token="fs_other").status_code == 201
    both = newsroom.send("PUT", "/7", body | {"sections": ["dunia", "politik"]}, token="fs_other")
    assert both.status_code == 403
    # one that was collected is taken over where the token covers all of its sections
    newsroom.send("POST", "", ONE)
    newsroom.as_if_collected()
    mine = ONE | {"id": "8", "sections": ["dunia"]}
    assert newsroom.send("POST", "", mine, token="fs_other").status_code == 403
    assert newsroom.send("POST", "", mine).status_code == 200


def test_writing_keeps_preconditions(newsroom: Room) -> None:
    assert newsroom.send("PUT", "/104", ONE, If_Match="*").status_code == 412
    made = newsroom.send("PUT", "/104", ONE, If_None_Match="*")
    assert made.status_code == 201
    assert newsroom.send("PUT", "/104", ONE, If_None_Match="*").status_code == 412
    assert newsroom.send("POST", "", ONE, If_None_Match="*").status_code == 412
    tag = made.headers["ETag"]
    assert newsroom.send("GET", "/104").headers["ETag"] == tag
    unchanged = newsroom.send("GET", "/104", If_None_Match=tag)
    assert (unchanged.status_code, unchanged.data, unchanged.headers["ETag"]) == (304, b"", tag)
    assert newsroom.send("GET", "/104", If_Match='"other"').status_code == 412
    corrected = newsroom.send("PUT", "/104", ONE | {"title": "Judul baru"}, If_Match=f'"x", {tag}')
    assert corrected.status_code == 200
    assert corrected.headers["ETag"] != tag
    for method in ("PUT", "POST", "DELETE"):
        late = newsroom.send(method, "" if method == "POST" else "/104", ONE, If_Match=tag)
        assert (late.status_code, late.get_json()["code"]) == (412, "OTHER_VERSION")
    weak = f"W/{corrected.headers['ETag']}"
    assert newsroom.send("DELETE", "/104", If_Match=weak).status_code == 412
    assert newsroom.article().article.story.title == "Judul baru"
    assert newsroom.send("DELETE", "/104", If_Match=corrected.headers["ETag"]).status_code == 200


@pytest.mark.parametrize("own", ["/2026/11/ferry", "a/", "x//y", "//", "a?b#c", "h\u00e9 1%"])
def test_an_own_id_may_have_slashes(newsroom: Room, own: str) -> None:
    path = f"/{quote(own, safe='')}"
    assert newsroom.send("PUT", path, ONE | {"id": own}).status_code == 201
    assert newsroom.send("GET", path).get_json()["own_id"] == own
    assert newsroom.send("DELETE", path).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"published": "9999-12-31T23:59:59-05:00"},
        {"published": "0001-01-01T00:00:00+14:00"},
        {"updated": "9999-12-31T20:00:00-08:00"},
        {"enclosures": [{"url": "https://news.example/a.mp3", "length": 2**64}]},
        {"image": {"url": "https://news.example/a.jpg", "length": 2**63}},
        {"language": "qq"},
    ],
)
def test_what_is_at_the_edge_of_numbers_and_dates_is_refused(newsroom: Room, change: dict[str, Any]) -> None:
    answer = newsroom.send("POST", "", ONE | change)
    assert answer.status_code == 422
    assert next(iter(change)) in json.dumps(answer.get_json())


def test_the_language_is_that_of_the_section_unless_it_is_said(newsroom: Room) -> None:
    for number, (section, said, kept) in enumerate(
        [("politik", "", "id"), ("dunia", "", "en"), ("dunia", "min", "min")]
    ):
        one = ONE | {"id": str(number), "url": f"https://news.example/{number}", "sections": [section]}
        newsroom.send("POST", "", one | {"language": said})
        assert newsroom.send("GET", f"/{number}").get_json()["language"] == kept


def test_without_an_address_relative_links_count_from_the_site(newsroom: Room) -> None:
    newsroom.send("POST", "", ONE | {"url": None, "content": '<p><a href="/tentang">Tentang</a> kami.</p>'})
    assert "https://news.example/tentang" in newsroom.article().article.story.content


def test_a_fault_of_the_store_shows_nothing_of_it(newsroom: Room) -> None:
    with newsroom.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE article RENAME TO article_gone")
    answer = newsroom.send("POST", "", ONE)
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.headers["Retry-After"]
    assert "article" not in answer.get_json()["detail"]
    assert "sql" not in answer.get_data(as_text=True).lower()


def test_a_repeated_request_gets_the_same_answer(newsroom: Room) -> None:
    first = newsroom.send("POST", "", ONE, Idempotency_Key="k1")
    newsroom.clock.forward(minutes=1)
    newsroom.send("PUT", "/104", ONE | {"title": "Judul baru"})
    again = newsroom.send("POST", "", ONE, Idempotency_Key="k1")
    assert (again.status_code, again.get_json()) == (first.status_code, first.get_json())
    assert newsroom.article().article.story.title == "Judul baru"
    other = newsroom.send("POST", "", ONE | {"title": "Lain"}, Idempotency_Key="k1")
    assert other.status_code == 422
    newsroom.clock.forward(hours=25)
    assert newsroom.send("POST", "", ONE, Idempotency_Key="k1").status_code == 200


def test_of_requests_with_one_key_at_a_time_one_is_worked_on(newsroom: Room) -> None:
    store, now = newsroom.store, newsroom.clock()
    assert store.access.reserve("cms", "k", b"1", now) is None
    during = newsroom.send("POST", "", ONE, Idempotency_Key="k")
    assert during.status_code == 422  # the other request is another one
    store.access.forget("cms", "k")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: newsroom.send("POST", "", ONE, Idempotency_Key="k"), range(12)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert all(answer.headers["Retry-After"] == "1" for answer in answers if answer.status_code == 409)
    again = newsroom.send("POST", "", ONE, Idempotency_Key="k")
    assert again.status_code == 201


def test_a_key_is_free_again_where_nothing_came_of_it(newsroom: Room) -> None:
    assert newsroom.send("POST", "", ONE | {"sections": ["nope"]}, Idempotency_Key="k").status_code == 422
    assert newsroom.send("POST", "", ONE, Idempotency_Key="k").status_code == 201
    newsroom.store.access.reserve("cms", "left", b"1", newsroom.clock())  # by a process that was killed then
    newsroom.clock.forward(minutes=2)
    assert newsroom.send("POST", "", ONE, Idempotency_Key="left").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "fs_secret2"])
def test_without_a_token_nothing_is_told(newsroom: Room, token: str) -> None:
    for method, path in (("POST", ""), ("PUT", "/1"), ("DELETE", "/1"), ("GET", "/1")):
        answer = newsroom.send(method, path, ONE, token=token)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (ONE | {"title": ""}, 422, "/title"),
        (ONE | {"titel": "x"}, 422, "/titel"),
        (ONE | {"published": "2025-12-18T18:00:00"}, 422, "/published"),
        (ONE | {"published": "kemarin"}, 422, "/published"),
        (ONE | {"url": "javascript:alert(1)"}, 422, "/url"),
        (ONE | {"sections": []}, 422, "/sections"),
        (ONE | {"sections": ["olahraga"]}, 422, "there are: dunia, politik"),
        (ONE | {"image": {"url": "x"}}, 422, "/image/url"),
        (ONE | {"id": "", "url": None}, 422, "an id or a url"),
        ("{", 422, "problems"),
        ("[]", 422, "problems"),
        ("null", 422, "problems"),
        (b"\xff\xfe", 422, "UTF-8"),
        ('{"title": "' + "x" * 5_000_000 + '"}', 413, "at most"),
    ],
)
def test_bad_articles_are_told_what_is_wrong(newsroom: Room, body: Any, status: int, says: str) -> None:
    answer = newsroom.send("POST", "", body)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    document = answer.get_json()
    assert {"type", "title", "status", "detail"} <= set(document)
    assert says in json.dumps(document)


def test_a_packed_body_is_told_what_is_wrong(newsroom: Room) -> None:
    answer = newsroom.send("POST", "", gzip.compress(b"{}"), Content_Encoding="gzip")
    assert (answer.status_code, answer.headers["Accept-Encoding"]) == (415, "identity")
    assert "coding" in answer.get_json()["detail"]
    assert newsroom.send("POST", "", ONE, Content_Encoding="identity").status_code == 201


def test_other_media_types_and_methods(newsroom: Room) -> None:
    headers = {"Authorization": "Bearer fs_secret"}
    answer = newsroom.app.test_client().post(
        "/api/articles", data="x", content_type="text/plain", headers=headers
    )
    assert answer.status_code == 415
    for method, path, status in (
        ("GET", "", 405),
        ("PATCH", "/104", 405),
        ("GET", "/no", 404),
        ("POST", "/", 404),
    ):
        told = newsroom.send(method, path)
        assert (told.status_code, told.content_type) == (status, "application/problem+json")
        assert told.json is not None
        assert told.json["status"] == status
        assert ("Allow" in told.headers) == (status == 405)


def test_what_no_database_takes_is_refused_alike_by_all(newsroom: Room) -> None:
    for method, path, body in (
        ("POST", "", {**ONE, "id": "a\0b"}),
        ("PUT", "/a%00b", {**ONE, "id": ""}),
        ("PUT", f"/{'a' * 201}", {**ONE, "id": ""}),
    ):
        assert newsroom.send(method, path, body).status_code == 422
    assert newsroom.send("GET", "/a%00b").status_code == 404
    assert newsroom.send("DELETE", "/a%00b").status_code == 404


def test_an_article_of_which_nothing_can_be_shown_is_refused(newsroom: Room) -> None:
    bare = {"id": "q", "title": " \u200b ", "sections": ["politik"]}
    told = newsroom.send("POST", "", bare)
    assert told.status_code == 422
    assert told.json is not None
    assert "title" in told.json["detail"]
    named = newsroom.send("POST", "", {**bare, "content": "<p>Isi berita.</p>"})
    assert named.status_code == 201
    assert named.json is not None
    assert named.json["title"] == "Isi berita."


def test_whoever_guesses_tokens_is_slowed_down_and_nobody_else(newsroom: Room) -> None:
    statuses = [newsroom.send("GET", "/104", token="guess").status_code for _ in range(FAILURE_BURST + 10)]
    assert statuses[:FAILURE_BURST] == [401] * FAILURE_BURST
    assert 429 in statuses[FAILURE_BURST:]
    assert newsroom.send("POST", "", ONE).status_code == 201
    other = newsroom.send("GET", "/104", token="guess", X_Forwarded_For="203.0.113.9")
    assert other.status_code == 401


def test_tokens_are_not_kept(newsroom: Room) -> None:
    with newsroom.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT name, hash FROM token").all()
    assert [row[0] for row in rows] == ["cms"]
    assert b"fs_secret" not in bytes(rows[0][1])
    assert newsroom.store.access.remove_token("cms")
    assert newsroom.send("GET", "/104").status_code == 401


def test_the_description_is_what_the_api_takes() -> None:
    document = description("https://feeds.example")
    assert document["openapi"].startswith("3.1")
    schema = document["components"]["schemas"]["ArticleIn"]
    named = {field.alias or name for name, field in ArticleIn.model_fields.items()}
    assert set(schema["properties"]) == named
    assert set(document["paths"]) == {"/api/articles", "/api/articles/{id}"}
    json.dumps(document)


def test_the_description_names_the_sections_and_what_names_an_article() -> None:
    schemas = description("https://feeds.example", ["politik", "old-politik"])["components"]["schemas"]
    schema = {**schemas["NewArticle"], "components": {"schemas": schemas}}
    taken = Draft202012Validator(schema).is_valid
    assert taken(ONE)
    assert taken(ONE | {"sections": ["old-politik"], "id": ""})
    assert not taken(ONE | {"sections": ["nirwana"]})
    assert not taken({"title": "Tanpa nama", "sections": ["politik"]})
    item = Draft202012Validator(schemas["Item"])
    assert item.is_valid(NINJS)
    assert not item.is_valid({"uri": "urn:wire:9"})


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"published": 1766055600}, "/published"),  # seconds or milliseconds? nobody knows
        ({"published": "1766055600"}, "/published"),
        ({"updated": True}, "/updated"),
        ({"image": {"url": "https://news.example/a.jpg", "width": "640"}}, "/image/width"),
        ({"image": {"url": "https://news.example/a.jpg", "width": 0.5}}, "/image/width"),
        ({"episode": {"explicit": "yes"}}, "/episode/explicit"),
        ({"title": 7}, "/title"),
    ],
)
def test_a_value_has_the_type_that_the_schema_says(newsroom: Room, change: Any, pointer: str) -> None:
    answer = newsroom.send("POST", "", ONE | change)
    assert (answer.status_code, [one["pointer"] for one in answer.get_json()["errors"]]) == (422, [pointer])
    assert not Draft202012Validator(ArticleIn.model_json_schema()).is_valid(ONE | change)


def test_five_point_nought_is_an_integer_and_seconds_may_be_left_out(newsroom: Room) -> None:
    whole = {"image": {"url": "https://news.example/a.jpg", "width": 640.0}, "published": "2025-12-18T18:00Z"}
    assert Draft202012Validator(ArticleIn.model_json_schema()).is_valid(ONE | whole)
    assert newsroom.send("POST", "", ONE | whole).status_code == 201
    assert newsroom.send("GET", "/104").get_json()["image"]["width"] == 640


def test_sections_of_the_query_win(newsroom: Room) -> None:
    answer = newsroom.send("POST", "?section=dunia", ONE)
    assert (answer.status_code, answer.get_json()["sections"]) == (201, ["dunia"])
    unknown = newsroom.send("POST", "?section=nirwana", ONE)
    assert (unknown.status_code, unknown.get_json()["code"]) == (422, "UNKNOWN_SECTION")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@examples(50)
@given(JSON)
def test_no_other_json_is_an_article(body: object) -> None:
    with pytest.raises(ValidationError):
        ArticleIn.model_validate_json(json.dumps(body))


# ── the editor's hand ──


def test_an_edit_wins_until_it_is_given_back(newsroom: Room) -> None:
    newsroom.send("POST", "", ONE)
    number = newsroom.editorial.find_own("104", CMS)
    newsroom.clock.forward(minutes=1)
    assert newsroom.editorial.edit(number, {"title": "Judul redaksi", "published": "2025-12-18T17:30+07:00"})
    newsroom.clock.forward(minutes=1)
    newsroom.send("PUT", "/104", ONE | {"title": "Judul sistem"})
    article = newsroom.article().article
    assert article.story.title == "Judul redaksi"
    assert article.published.isoformat() == "2025-12-18T10:30:00+00:00"
    assert newsroom.editorial.edit(number, {"title": ""})
    assert newsroom.article().article.story.title == "Judul sistem"
    assert not newsroom.editorial.edit(number, {"title": ""})


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("titel", "x", "did you mean 'title'"),
        ("published", "yesterday", "ISO 8601"),
        ("published", "2025-12-18T17:30", "no zone"),
        ("published", "2030-01-01T00:00Z", "future"),
        ("url", "x y", "not an address"),
    ],
)
def test_bad_edits_are_told(newsroom: Room, field: str, value: str, says: str) -> None:
    newsroom.send("POST", "", ONE)
    with pytest.raises(EditorialError) as caught:
        newsroom.editorial.edit(newsroom.editorial.find_own("104", CMS), {field: value})
    assert caught.value.code is Code.BAD_VALUE
    assert says in str(caught.value)


def test_hidden_is_out_without_a_tombstone_and_comes_back(newsroom: Room) -> None:
    newsroom.send("POST", "", ONE)
    number = newsroom.editorial.find_own("104", CMS)
    assert newsroom.editorial.hide(number)
    assert newsroom.article().article.state == "hidden"
    newsroom.clock.forward(minutes=1)
    newsroom.send("PUT", "/104", ONE | {"title": "Judul lain"})
    assert newsroom.article().article.state == "hidden"  # whatever its sources go on saying
    assert newsroom.editorial.show(number)
    assert not newsroom.editorial.show(number)
    assert newsroom.article().article.state == "live"


def test_erasing_removes_every_text_for_ever(newsroom: Room) -> None:
    told = newsroom.send("POST", "", ONE).get_json()
    newsroom.clock.forward(minutes=1)
    newsroom.send("PUT", "/104", ONE | {"title": "Judul lain"})
    number = newsroom.editorial.find_own("104", CMS)
    newsroom.editorial.withdraw(number, erase=True)
    kept = newsroom.article()
    assert (kept.article.id, kept.article.state) == (told["id"], "withdrawn")
    assert (kept.article.story.title, kept.article.story.content) == ("", "")
    assert kept.revisions == kept.statements == ()
    with pytest.raises(EditorialError) as caught:
        newsroom.editorial.show(number)
    assert caught.value.code is Code.ERASED


def test_editing_from_the_command_line(tmp_path: Path, clock: Clock) -> None:
    from click.testing import CliRunner

    from feedsvc.cli.main import main

    file = tmp_path / "feedsvc.toml"
    file.write_text(
        f'[site]\ntitle = "T"\nurl = "https://news.example/"\nnamespace = "{SITE.namespace}"\n'
        f'[store]\nurl = "sqlite:///{tmp_path}/store.db"\n'
        '[[section]]\nslug = "politik"\nsources = [{ page = "https://news.example/" }]\n'
    )
    newsroom = Room(f"sqlite:///{tmp_path}/store.db", clock)
    told = newsroom.send("POST", "", ONE).get_json()
    newsroom.send("PUT", "/104", ONE | {"content": "<p>Isi berita yang lain.</p>"})

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, [*arguments, "--config", str(file)])
        assert result.exit_code == 0, result.output
        return result.output

    assert run("edit", told["id"], "title=Judul redaksi").strip() == "changed"
    shown = run("history", str(ONE["url"]))
    assert "version 3" in shown
    assert "+ title: Judul redaksi" in shown
    assert "+<p>Isi berita yang lain.</p>" in shown
    explained = run("why", told["id"])
    assert "the editor" in explained
    assert "hand" in explained
    assert "politik" in explained
    assert run("hide", told["id"]).strip() == "hidden"
    assert run("unhide", told["id"]).strip() == "shown"
    assert run("withdraw", told["id"]).strip() == "withdrawn"
    secret = run("token", "add", "kabar").strip()
    assert secret.startswith("fs_")
    assert secret not in run("token", "list")
    assert "kabar" in run("token", "list")
    run("token", "remove", "kabar")
    missing = CliRunner().invoke(main, ["why", "https://news.example/nothing", "--config", str(file)])
    assert missing.exit_code == 1
    assert "UNKNOWN_ARTICLE" in missing.output
    newsroom.editorial.close()
    newsroom.database.close()
