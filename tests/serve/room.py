"""A control room over a store, as a web process has it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from feedsvc.model import ListKind, ListSpec, Site
from feedsvc.protocols import Clock
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.websub.rules import Rules
from feedsvc.wiring.process import now
from feedsvc.wiring.room import Rooms
from feedsvc.wiring.spec import WebSpec
from tests.makers import SITE

LATEST = ListSpec(key="latest", slug="latest", kind=ListKind.LATEST, title="Terbaru")
POLITICS = ListSpec(key="politik", slug="politik", kind=ListKind.SECTION, title="Politik")


def spec_of(url: str, site: Site = SITE) -> WebSpec:
    return WebSpec(
        store_url=url,
        site=site,
        lists=(LATEST, POLITICS),
        takers=(),
        state="var",
        websub=Rules(),
        translations="",
        frame_ancestors=("*",),
        stale_after=600,
        readings=(("page:0", "politik"),),
        told=False,
        stream="",
        master=0,
    )


def rooms_of(url: str, clock: Clock = now, site: Site = SITE) -> Rooms:
    return Rooms(spec_of(url, site), clock)


def add_source(database: Database, clock: Clock, number: int = 0, **values: object) -> int:
    """A source that was read well a minute ago, unless `values` say otherwise."""
    moment = clock()
    due = {name: values.pop(name) for name in ("next_due", "active") if name in values}
    address = f"https://news.example/{number}"
    row: dict[str, object] = {
        "key": f"page:{number}", "name": address, "kind": "page", "url": address, "spec": {},
        "looked_at": moment - timedelta(minutes=1), "good_at": moment - timedelta(minutes=1),
    }  # fmt: skip
    with database.write() as connection:
        no = connection.execute(
            insert(t.upstream).values(row | values).returning(t.upstream.c.no)
        ).scalar_one()
        connection.execute(
            insert(t.due).values(
                **{"next_due": moment + timedelta(minutes=9), **due},
                upstream=no, host="news.example", not_before=moment - timedelta(days=1),
                lease_until=moment - timedelta(days=1),
            )
        )  # fmt: skip
    return int(no)
