"""Totals of requests for feeds: days are dropped after a while, a counter must not fall."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for counter, column in (
        ("feed requests", "requests"),
        ("feeds not modified", "not_modified"),
        ("feed bytes", "bytes"),
    ):
        op.execute(
            f"INSERT INTO counter (name, value) SELECT '{counter}', "  # noqa: S608 - ours
            f"COALESCE(SUM({column}), 0) FROM reach WHERE path = ''"
        )
