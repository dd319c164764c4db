"""Find what somebody did, and every entry of one kind, without reading the whole audit log."""

from __future__ import annotations

from alembic import op

revision = "20261122_audit_filters"
down_revision = "20261122_open_attempts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_action", "audit", ["action", "id"])
    op.create_index("ix_audit_actor", "audit", ["actor_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_audit_actor", "audit")
    op.drop_index("ix_audit_action", "audit")
