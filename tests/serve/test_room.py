"""The control room: who is let in, what a person sees there, and what the buttons do."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from feedsvc.model import ReadingSpec, Trouble
from feedsvc.model.health import Condition
from feedsvc.serve.app import create_app
from feedsvc.store import schema as t
from feedsvc.store.articles.api_access import ApiAccess
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.notices import SqlNotices
from feedsvc.store.queue.operating import taken
from tests.conftest import Clock
from tests.makers import SITE
from tests.serve.room import LATEST, POLITICS, add_source, rooms_of

HTML = {"Accept": "text/html", "Host": "localhost"}
OURS = {**HTML, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    found = Database(store_url)
    migrate(found)
    yield found
    found.close()


@pytest.fixture
def client(database: Database, clock: Clock) -> FlaskClient:
    app = create_app(
        ready=lambda: True,
        editorial=lambda: None,
        site=replace(SITE, base_url="http://127.0.0.1:8080"),
        lists=(LATEST, POLITICS),
        rooms=lambda: rooms_of(database.url, clock),
    )
    return app.test_client()


def test_with_a_public_address_everybody_needs_a_token(database: Database, clock: Clock) -> None:
    """A proxy on this machine that adds no header looks like this machine."""
    ApiAccess(database).add_token("desk", "fs_operates", clock(), operates=True)
    app = create_app(
        ready=lambda: True,
        editorial=lambda: None,
        site=SITE,
        lists=(LATEST, POLITICS),
        rooms=lambda: rooms_of(database.url, clock),
    )
    client = app.test_client()
    for path in ("/status", "/status/sources", "/status.atom", "/metrics"):
        for host in ("127.0.0.1:8080", "localhost", "feeds.example"):
            assert client.get(path, headers={"Host": host}).status_code == 401
        assert client.get(path, headers={"Authorization": "Bearer fs_operates"}).status_code == 200
    assert act(client, "pause", source="1")[0] == 401


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    text = answer.get_data(as_text=True)
    assert " style=" not in text  # the policy allows none
    assert "<style" not in text
    return text


def act(client: FlaskClient, what: str, headers: dict[str, str] = OURS, **values: Any) -> tuple[int, str]:
    form = {"act": what, "back": "/status/sources", **values}
    answer = client.post("/status/act", data=form, headers=headers)
    return answer.status_code, answer.headers.get("Location", "")


def row(database: Database, number: int) -> Any:
    with database.read() as connection:
        both = select(t.upstream, t.due.c.active, t.due.c.next_due).join(t.due)
        return connection.execute(both.where(t.upstream.c.no == number)).one()


# ── who is let in ──


def test_it_is_for_this_machine_and_for_tokens_of_operators(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    store = ApiAccess(database)
    store.add_token("cms", "fs_publishes", clock())
    store.add_token("desk", "fs_operates", clock(), operates=True)

    def status(address: str = "203.0.113.9", path: str = "/status", **headers: str) -> int:
        given = {"Host": "localhost"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get(path, environ_overrides={"REMOTE_ADDR": address}, headers=given).status_code

    basic = "Basic " + b64encode(b"anybody:fs_operates").decode()
    for path in (
        "/status",
        "/status/sources",
        "/status/feeds",
        "/status/readers",
        "/status.atom",
        "/metrics",
    ):
        assert status("127.0.0.1", path) == status("::1", path) == 200
        assert status(path=path) == 401
        assert status(path=path, Authorization="Bearer fs_operates") == 200
        assert status(path=path, Authorization=basic) == 200
        assert status(path=path, Authorization="Bearer fs_publishes") == 401
        assert status("127.0.0.1", path, X_Forwarded_For="127.0.0.1") == 401  # a proxy passed it on
        assert status("127.0.0.1", path, Host="evil.example") == 401  # a name that was led here
        assert status("127.0.0.1", path, Authorization="Bearer wrong") == 401  # told, not ignored
    answer = client.get("/status", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert "feedsvc token add NAME --operate" in answer.get_data(as_text=True)
    assert "Basic" in answer.headers["WWW-Authenticate"]
    assert store.who("fs_operates", clock()) is None  # it publishes nothing


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "http://127.0.0.1:8080"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_other_sites_press_no_buttons(
    client: FlaskClient, database: Database, clock: Clock, headers: dict[str, str], allowed: bool
) -> None:
    number = add_source(database, clock)
    status, _ = act(client, "pause", {"Host": "localhost", **headers}, source=number)
    assert status == (303 if allowed else 403)
    assert (row(database, number).paused_at is not None) is allowed


def test_the_way_back_leads_nowhere_else(client: FlaskClient, database: Database, clock: Clock) -> None:
    number = add_source(database, clock)
    for back in ("https://evil.example/", "//evil.example", "/status//evil.example", "/status\\evil", "/x"):
        assert act(client, "poll", source=number, back=back) == (303, "/status?done=poll")
    assert act(client, "poll", source=number, back="/status/sources?q=a%20b") == (
        303,
        "/status/sources?q=a%20b&done=poll",
    )


# ── what a person sees ──


def test_a_failing_source_shows_reason_and_remedy(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    add_source(database, clock)
    number = add_source(
        database, clock, 1, failures=3, error_code="TLS",
        error_message="the certificate of news.example ended on 2026-11-01", looked_at=clock(),
    )  # fmt: skip
    overview = page(client, "/status")
    assert "<h1>1 thing needs a look</h1>" in overview
    assert "ended on 2026-11-01" in overview
    assert "renew the certificate" in overview
    table = page(client, "/status/sources")
    assert table.index("https://news.example/1") < table.index("https://news.example/0")
    assert "3 times in a row" in table
    detail = page(client, f"/status/sources/{number}")
    assert "renew the certificate" in detail
    assert "Politik" not in detail
    assert client.get("/status/sources/999", headers=HTML).status_code == 404
    values = json.loads(client.get("/status", headers={**HTML, "Accept": "application/json"}).data)
    assert values["wrong"][0]["code"] == "TLS"


def test_what_comes_from_outside_is_text(client: FlaskClient, database: Database, clock: Clock) -> None:
    bad = "<script>alert(1)</script>"
    number = add_source(database, clock, name=bad, failures=2, error_code="BAD_XML", error_message=bad)
    for path in ("/status", "/status/sources", f"/status/sources/{number}", f"/status/sources?q={bad}"):
        assert bad not in page(client, path)


def test_thousands_of_sources_are_paged_filtered_and_found(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    moment = clock()
    with database.write() as connection:
        connection.execute(
            insert(t.upstream),
            [
                {
                    "no": n, "key": f"page:{n}", "name": f"https://site{n}.example/news", "kind": "page",
                    "url": f"https://site{n}.example/news", "spec": {},
                    "looked_at": moment, "good_at": moment,
                    "failures": 3 if n % 1000 == 0 else 0, "error_code": "DNS" if n % 1000 == 0 else "",
                }
                for n in range(1, 5001)
            ],
        )  # fmt: skip
        connection.execute(
            insert(t.due),
            [
                {
                    "upstream": n, "host": f"site{n}.example", "next_due": moment + timedelta(hours=1),
                    "not_before": moment, "lease_until": moment,
                }
                for n in range(1, 5001)
            ],
        )  # fmt: skip
    begun = time.process_time()
    first = page(client, "/status/sources")
    assert len(first) < 60_000
    assert first.count("<tr>") == 51
    assert "page 1 of 100" in first
    assert "page=2" in first
    sick = page(client, "/status/sources?health=red")
    assert sick.count("<tr>") == 6
    assert page(client, "/status/sources?q=SITE4321.example").count("<tr>") == 2
    assert "No source is so" in page(client, "/status/sources?q=100%25")
    assert page(client, "/status/sources?page=99999").count("<tr>") == 51
    overview = page(client, "/status")
    assert len(overview) < 60_000
    assert "5 things need a look" in overview
    assert time.process_time() - begun < 20  # seconds of work for all of these pages: no page takes seconds


def test_changes_of_state_are_a_feed(client: FlaskClient, database: Database, clock: Clock) -> None:
    notices = SqlNotices(database)
    broken = Condition(
        kind=Trouble.SOURCE, subject="https://news.example/1", since=clock(), code="DNS",
        reason="no address", remedy="look at the name",
    )  # fmt: skip
    notices.settle([broken], [], clock())
    clock.forward(minutes=30)
    notices.settle([], [], clock())
    answer = client.get("/status.atom", headers={"Host": "localhost"})
    assert answer.content_type.startswith("application/atom+xml")
    text = answer.get_data(as_text=True)
    assert text.index("works again (after 30 minutes)") < text.index("fails (DNS)")
    assert "look at the name" in text
    again = client.get("/status.atom", headers={"Host": "localhost", "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


# ── what the buttons do ──


def test_a_source_is_paused_and_polled_again(client: FlaskClient, database: Database, clock: Clock) -> None:
    number = add_source(database, clock)
    assert act(client, "pause", source=number)[1].endswith("done=pause")
    assert row(database, number).active is False
    assert "paused" in page(client, f"/status/sources/{number}")
    assert "Nothing" in page(client, "/status")  # a person did it: nothing is wrong
    clock.forward(minutes=5)
    act(client, "resume", source=number)
    found = row(database, number)
    assert found.active is True
    assert found.paused_at is None
    assert found.next_due == clock()
    with database.write() as connection:
        connection.execute(update(t.due).values(next_due=clock() + timedelta(hours=1)))
    act(client, "poll", source=number)
    assert row(database, number).next_due == clock()
    assert act(client, "poll", source=4711)[1].endswith("done=nothing")
    assert act(client, "dance", source=number)[1].endswith("done=nothing")


def test_a_proposed_list_is_shown_beside_the_old_one_and_taken(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    spec = ReadingSpec(upstream="page:0", list="politik", box="Populer")
    proposal = {
        "list": "politik", "code": "BOX_NOT_FOUND",
        "instead": taken(spec, box="Terpopuler", select={}),
        "old": {"heading": "Populer", "items": [["Lama", "https://news.example/lama"]]},
        "new": {
            "heading": "Terpopuler", "select": "ol.top > li", "confidence": 0.93, "known": 4,
            "items": [["Baru", "https://news.example/baru"]],
        },
    }  # fmt: skip
    number = add_source(
        database, clock, failures=2, error_code="BOX_NOT_FOUND", error_message="gone", proposal=proposal
    )
    text = page(client, f"/status/sources/{number}")
    for words in ("Lama", "Baru", "Terpopuler", "Take this list", 'box = "Terpopuler"'):
        assert words in text
    assert "A list to take instead was found" in page(client, "/status/sources")
    assert "another list that may be the right one was found" in page(client, "/status")
    act(client, "accept", source=number)
    found = row(database, number)
    assert found.proposal is None
    assert found.instead["politik"]["box"] == "Terpopuler"
    assert "Back to the configured reading" in page(client, f"/status/sources/{number}")
    act(client, "refuse", source=number)
    assert row(database, number).instead is None
