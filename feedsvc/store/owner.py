"""Whose store it is: the namespace that its ids were made from. Two sites in one store mix their news."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from feedsvc.store import schema as t
from feedsvc.store.engine import Database, retry_races
from feedsvc.store.web.snapshots import other_site


@retry_races
def belong(database: Database, namespace: str, title: str) -> None:
    """Note that the store is this site's, if nobody's yet. Raises StoreError (STORE_OF_ANOTHER_SITE)."""
    with database.write() as connection:
        row = connection.execute(select(t.owner)).first()
        if row is None:
            connection.execute(insert(t.owner).values(namespace=namespace, title=title))
        elif row.namespace != namespace:
            raise other_site(database.shown, row.namespace, row.title, title)


def adopt(database: Database, namespace: str, title: str) -> str:
    """Make the store this site's, whoever had it; returns the title of the site that had it."""
    with database.write() as connection:
        row = connection.execute(select(t.owner)).first()
        connection.execute(delete(t.owner))
        connection.execute(insert(t.owner).values(namespace=namespace, title=title))
        return str(row.title) if row is not None else ""
