"""Count in the daily totals how sure the learner was and how often that was right; filled from the log so far."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261201_certainty_totals"
down_revision = "20261122_key_told"
branch_labels = None
depends_on = None

_CERTAINTIES = ("low", "mid", "high")
_NAMES = tuple(f"{certainty}_{counted}" for certainty in _CERTAINTIES for counted in ("answers", "right"))
_KEYS = ("learner_id", "topic_id", "study_day")


def upgrade() -> None:
    for name in _NAMES:
        op.add_column("daily_totals", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    log = sa.table(
        "reviews",
        *(sa.column(name) for name in ("learner_id", "topic_id", "event", "certainty", "score", "rating")),
        sa.column("study_day", sa.Date()),
        sa.column("is_open_book", sa.Boolean()),
    )
    totals = sa.table(
        "daily_totals",
        *(sa.column(name) for name in ("learner_id", "topic_id", *_NAMES)),
        sa.column("study_day", sa.Date()),
    )
    sums = [
        sa.func.sum(sa.case((sa.and_(log.c.certainty == certainty, is_counted), 1), else_=0))
        for certainty in _CERTAINTIES
        for is_counted in (sa.true(), log.c.score >= 1)
    ]
    said = (
        sa.select(*(log.c[key] for key in _KEYS), *sums)
        .where(
            log.c.event == "review",
            log.c.certainty.is_not(None),
            log.c.score.is_not(None),
            log.c.rating.is_not(None),
            log.c.is_open_book.is_(sa.false()),
        )
        .group_by(*(log.c[key] for key in _KEYS))
    )
    connection = op.get_bind()
    for row in connection.execute(said).all():
        keys = zip(_KEYS, row[:3], strict=True)
        connection.execute(
            totals.update()
            .where(*(totals.c[key] == value for key, value in keys))
            .values(dict(zip(_NAMES, row[3:], strict=True)))
        )


def downgrade() -> None:
    for name in reversed(_NAMES):
        op.drop_column("daily_totals", name)
