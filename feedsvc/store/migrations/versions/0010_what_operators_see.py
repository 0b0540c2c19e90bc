"""The runs of sources, what is usual for them, who reads, and what operators decide."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("upstream", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposal", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("instead", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("paused_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("scope", sa.String(length=20), nullable=False, server_default="publish")
        )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("grave", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.create_table(
        "run",
        sa.Column("upstream", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=True),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=True),
        sa.Column("lag", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["upstream"], ["upstream.no"], name=op.f("fk_run_upstream"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upstream", "slot", name=op.f("pk_run")),
    )
    op.create_table(
        "usual",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.Column("drift", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_usual")),
    )
    op.create_table(
        "reach",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("not_modified", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("pollers", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", "path", name=op.f("pk_reach")),
    )
    op.create_table(
        "reader",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("agent", sa.String(length=120), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("not_modified", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("pollers", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", "agent", name=op.f("pk_reader")),
    )
    op.create_table(
        "aggregator",
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("subscribers", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("path", "name", name=op.f("pk_aggregator")),
    )
