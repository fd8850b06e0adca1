"""How the clocks of a ticket were left.

Old rows do not know it: the first look of a timer brings every open ticket under the rules in force once
more, and writes it down.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("clocks", sa.Text(), nullable=True))
