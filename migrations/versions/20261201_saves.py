"""Keep with an answer how often it was saved while it was typed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261201_saves"
down_revision = "20261201_scheduling"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("responses", sa.Column("saves", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("responses", "saves")
