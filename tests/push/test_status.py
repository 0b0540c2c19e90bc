"""The status tells operators how it is, and nobody a secret."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner
from sqlalchemy import insert

from feedsvc.cli.main import main
from feedsvc.serve.app import create_app
from feedsvc.store import schema as t
from feedsvc.wiring.status import report, report_of
from tests.makers import SITE
from tests.push.hub import TOPIC, Hub
from tests.push.sink import Reply, Sink
from tests.serve.room import rooms_of

#: Without a public address this machine needs no token.
UTC = ZoneInfo("UTC")
HERE = replace(SITE, base_url="http://127.0.0.1:8080")

HERE = replace(SITE, base_url="http://127.0.0.1:8080")  # without a public address this machine needs no token


def test_it_tells_subscribers_trouble_and_processes(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb?token=capability"), secret="geheim")
    hub.subscribe(sink.url("/fine"))
    sink.rules["/cb"] = lambda got: Reply(500)
    hub.push(b"<feed/>")
    beats = hub.beats()
    beats.beat(1)
    text = report_of(hub.database, hub.clock()).text(ZoneInfo("Asia/Jakarta"))
    assert "publication 1; web processes serve: 1\n" in text
    assert f"{TOPIC}: 2; 1 wait for the newest, 1 fail\n" in text
    assert f"{sink.host}: 1 fail, since 2025-12-18 19:00:00 WIB (answers 500)\n" in text
    assert "capability" not in text
    assert "geheim" not in text
    beats.close()


def test_it_tells_which_hubs_were_told_and_came(hub: Hub, sink: Sink) -> None:
    told = Hub(hub.url, hub.clock, hubs=[sink.url("/hub")])
    number = told.publish(b"<feed/>")
    told.announcer.run()
    told.work(told.pings)
    assert "it has not fetched the feed" in report(hub.url).text(UTC)
    beats = told.beats()
    beats.beat(number, [(sink.url("/hub"), TOPIC, number)])
    beats.close()
    assert f"hub {sink.url('/hub')}: {TOPIC}, publication 1: proven" in report(hub.url).text(UTC)
    told.close()


def test_page_and_command_say_the_same(hub: Hub, tmp_path: Path) -> None:
    hub.publish(b"<feed/>")
    app = create_app(
        ready=lambda: True,
        editorial=lambda: None,
        site=HERE,
        lists=(),
        rooms=lambda: rooms_of(hub.url),
    )
    answer = app.test_client().get("/status", headers={"Host": "localhost"})
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    file = tmp_path / "feedsvc.toml"
    file.write_text(
        f'[site]\ntitle = "T"\nurl = "https://news.example/"\ntimezone = "Asia/Jakarta"\n'
        f'[store]\nurl = "{hub.url}"\n'
        '[[section]]\nslug = "politik"\nsources = [{ page = "https://news.example/politik" }]\n'
    )
    done = CliRunner().invoke(main, ["status", "--config", str(file)])
    assert done.exit_code == 0, done.output
    assert done.output == answer.get_data(as_text=True)


def test_a_store_that_is_away_is_said_so(tmp_path: Path) -> None:
    app = create_app(
        ready=lambda: True,
        editorial=lambda: None,
        site=HERE,
        lists=(),
        rooms=lambda: rooms_of(f"sqlite:///{tmp_path}/none.db"),
    )
    answer = app.test_client().get("/status", headers={"Host": "localhost"})
    assert answer.status_code == 503
    assert answer.get_data(as_text=True).startswith("STORE")


def test_it_tells_what_is_wrong_and_what_to_do(hub: Hub, tmp_path: Path) -> None:
    with hub.database.write() as connection:
        number = connection.execute(
            insert(t.upstream)
            .values(
                key="page:x", name="https://news.example/politik", kind="page", spec={}, failures=3,
                url="https://news.example/politik", error_code="BOX_NOT_FOUND",
                error_message="no list under 'Populer'; there are 'UPDATE', 'Terkini'",
                looked_at=hub.clock(), good_at=hub.clock() - timedelta(hours=2),
            )
            .returning(t.upstream.c.no)
        ).scalar_one()  # fmt: skip
        connection.execute(
            insert(t.due).values(
                upstream=number, host="news.example", next_due=hub.clock() + timedelta(minutes=1),
                not_before=hub.clock(), lease_until=hub.clock(),
            )
        )  # fmt: skip
    found = report_of(hub.database, hub.clock())
    text = found.text(ZoneInfo("Asia/Jakarta"))
    assert "wrong now: 1\n" in text
    assert "there are 'UPDATE', 'Terkini'" in text
    assert "to do: `feedsvc inspect ADDRESS` shows the headings" in text
    assert "3 times in a row, last good 2025-12-18 17:00:00 WIB" in text
    file = tmp_path / "feedsvc.toml"
    file.write_text(
        f'[site]\ntitle = "T"\nurl = "https://news.example/"\n[store]\nurl = "{hub.url}"\n'
        '[[section]]\nslug = "politik"\nsources = []\n'
    )
    done = CliRunner().invoke(main, ["status", "--json", "--config", str(file)])
    assert done.exit_code == 1  # something is wrong
    values = json.loads(done.output)
    assert [one["code"] for one in values["wrong"] if one["kind"] == "source"] == ["BOX_NOT_FOUND"]
    assert values["sources"][0]["failures"] == 3
