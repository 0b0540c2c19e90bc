"""How often hosts are asked by all workers together; units whose workers died."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # a crash may empty it: a host is asked a second early then, and no poll waits for the disk
    prefixes = ["UNLOGGED"] if op.get_bind().dialect.name == "postgresql" else []
    op.create_table(
        "pace",
        sa.Column("host", sa.String(length=260), nullable=False),
        sa.Column("holder", sa.BigInteger(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.Column("gap", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_pace")),
        prefixes=prefixes,
    )
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_index("ix_due_next")
        batch_op.create_index("ix_due_next", ["active", "priority", "own", "next_due"])
