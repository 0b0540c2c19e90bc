"""Subscriptions are counted by the address of their callback too."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "subscription", sa.Column("address", sa.String(length=60), nullable=False, server_default="")
    )
    op.create_index("ix_subscription_address", "subscription", ["address"])
