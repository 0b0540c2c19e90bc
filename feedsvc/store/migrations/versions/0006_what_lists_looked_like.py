"""What the lists of a page looked like, so that another list is not taken for them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("upstream", schema=None) as batch_op:
        batch_op.add_column(sa.Column("traces", sa.Text(), nullable=True))
