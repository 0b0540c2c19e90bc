"""Sources that are read instead of another one."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("upstream", schema=None) as batch_op:
        batch_op.add_column(sa.Column("instead_of", sa.Text(), nullable=False, server_default=""))
