"""Keep what was recalled at reviews beside what was expected, by day; filled from the log so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from quizapp.database import UtcDateTime, Uuid16

revision = "20261122_recall_totals"
down_revision = "20261122_card_settings"
branch_labels = None
depends_on = None

# FSRS-6 with its defaults, the only model that any state of the log has been made by until this revision.
_DECAY = -0.1542
_FACTOR = 0.9 ** (1 / _DECAY) - 1
_LOG = sa.table(
    "reviews",
    *(sa.column(name) for name in ("learner_id", "item_id", "part", "event", "source", "rating", "seen_reviews")),
    *(sa.column(name) for name in ("phase_before", "stability_before")),
    sa.column("is_open_book", sa.Boolean()),
    sa.column("id", Uuid16()),
    sa.column("names_id", Uuid16()),
    sa.column("study_day", sa.Date()),
    *(sa.column(name, UtcDateTime()) for name in ("reviewed_at", "received_at", "last_reviewed_before", "due_at")),
)


def upgrade() -> None:
    totals = op.create_table(
        "recall_totals",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("study_day", sa.Date(), nullable=False),
        sa.Column("is_due", sa.Boolean(), nullable=False),
        sa.Column("is_mature", sa.Boolean(), nullable=False),
        sa.Column("twentieth", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("recalled", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.CheckConstraint("twentieth BETWEEN 0 AND 19", name=op.f("ck_recall_totals_twentieth")),
        sa.CheckConstraint("reviews >= 0 AND recalled >= 0", name=op.f("ck_recall_totals_counts")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["people.id"], name=op.f("fk_recall_totals_learner_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "learner_id", "study_day", "is_due", "is_mature", "twentieth", name=op.f("pk_recall_totals")
        ),
        sqlite_with_rowid=False,
    )
    learners = op.get_bind().execute(sa.select(_LOG.c.learner_id).distinct()).scalars().all()
    for learner_id in learners:
        rows = list(_totals(learner_id))
        if rows:
            op.bulk_insert(totals, rows)


def downgrade() -> None:
    op.drop_table("recall_totals")


def _totals(learner_id: int) -> Iterator[dict[str, Any]]:
    cards: dict[tuple[int, int], list[Any]] = defaultdict(list)
    log = op.get_bind().execute(sa.select(_LOG).where(_LOG.c.learner_id == learner_id)).all()
    voided = {event.names_id for event in log if event.event == "void"}
    for event in log:
        if event.id not in voided:
            cards[event.item_id, event.part].append(event)
    sums: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0, 0, 0.0])
    for events in cards.values():
        events.sort(key=_order)
        for key, recalled, expected in _shares(events):
            sums[key][0] += 1
            sums[key][1] += recalled
            sums[key][2] += expected
    for (day, is_due, is_mature, twentieth), (reviews, recalled, expected) in sums.items():
        yield {
            "learner_id": learner_id, "study_day": day, "is_due": is_due, "is_mature": is_mature,
            "twentieth": twentieth, "reviews": reviews, "recalled": recalled, "expected": expected,
        }  # fmt: skip


def _order(event: Any) -> tuple[Any, ...]:
    return event.reviewed_at, event.received_at, event.seen_reviews, event.event == "review", event.id.bytes


def _shares(events: list[Any]) -> Iterator[tuple[tuple[Any, ...], int, float]]:
    due_at = last_day = None
    for event in events:
        found_at = event.last_reviewed_before
        if (
            event.event == "review" and event.source == "card" and event.rating and event.phase_before == "review"
            and found_at and due_at and last_day and event.study_day > last_day
        ):  # fmt: skip
            days, interval_days = (event.study_day - last_day).days, (due_at - found_at).days
            elapsed_days = max(0.0, (event.reviewed_at - found_at) / timedelta(days=1))
            expected = (1 + _FACTOR * elapsed_days / event.stability_before) ** _DECAY
            key = (event.study_day, days >= interval_days, interval_days >= 21, min(19, int(expected * 20)))
            yield key, int(event.rating > 1), expected
        if event.event in ("review", "chosen"):
            due_at = event.due_at
        if event.event == "review" and not event.is_open_book and event.source != "cram":
            last_day = event.study_day
