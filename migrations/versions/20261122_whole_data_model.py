"""The whole data model."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_subject", ["subject", "subject_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_outbox_tries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_waiting",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        )

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shown_name", sa.String(length=80), nullable=False),
        sa.Column("sign_in_name", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("day_start_hour", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(length=10), nullable=False),
        sa.Column("new_cards_per_day", sa.Integer(), nullable=False),
        sa.Column("minutes_per_day", sa.Integer(), nullable=True),
        sa.Column("target_retention", sa.Double(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('student', 'teacher', 'admin')", name=op.f("ck_people_role")),
        sa.CheckConstraint("theme IN ('system', 'light', 'dark')", name=op.f("ck_people_theme")),
        sa.CheckConstraint("day_start_hour BETWEEN 0 AND 12", name=op.f("ck_people_day_start_hour")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_people_email_folded")),
        sa.CheckConstraint("minutes_per_day BETWEEN 5 AND 600", name=op.f("ck_people_minutes_per_day")),
        sa.CheckConstraint("new_cards_per_day BETWEEN 0 AND 999", name=op.f("ck_people_new_cards_per_day")),
        sa.CheckConstraint("sign_in_name = lower(sign_in_name)", name=op.f("ck_people_sign_in_name_folded")),
        sa.CheckConstraint("target_retention BETWEEN 0.8 AND 0.95", name=op.f("ck_people_target_retention")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_people_sign_in_name")),
    )
    op.create_table(
        "item_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("feedback", sa.String(length=10), nullable=False),
        sa.Column("is_shuffled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_item_sets_closed_at")),
        sa.CheckConstraint("feedback IN ('at_once', 'at_end')", name=op.f("ck_item_sets_feedback")),
        sa.CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name=op.f("ck_item_sets_published_at")),
        sa.CheckConstraint("status IN ('draft', 'published', 'closed')", name=op.f("ck_item_sets_status")),
        sa.CheckConstraint("visibility IN ('here', 'link')", name=op.f("ck_item_sets_visibility")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_item_sets_owner_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_sets")),
        sa.UniqueConstraint("slug", name=op.f("uq_item_sets_slug")),
    )
    with op.batch_alter_table("item_sets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_sets_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_item_sets_status_published_at", ["status", "published_at"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("total_count", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status <> 'running' OR leased_until IS NOT NULL", name=op.f("ck_jobs_leased")),
        sa.CheckConstraint("status IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_jobs_status")),
        sa.CheckConstraint("done_count BETWEEN 0 AND total_count", name=op.f("ck_jobs_progress")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_jobs_owner_id_people"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_jobs_status_run_at", ["status", "run_at"], unique=False)

    op.create_table(
        "one_time_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_one_time_links_lifetime")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_one_time_links_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_one_time_links_secret_hash")),
    )
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_links_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_person_id"), ["person_id"], unique=False)

    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_topics_owner_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("slug", name=op.f("uq_topics_slug")),
    )
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topics_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "attempts",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("item_set_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("answered_count", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("max_score", sa.Double(), nullable=True),
        sa.CheckConstraint("outcome IN ('finished', 'abandoned', 'expired')", name=op.f("ck_attempts_outcome")),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_attempts_closed_with_outcome")),
        sa.CheckConstraint("graded_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_attempts_graded_when_closed")),
        sa.ForeignKeyConstraint(
            ["item_set_id"], ["item_sets.id"], name=op.f("fk_attempts_item_set_id_item_sets"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["people.id"], name=op.f("fk_attempts_learner_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index("ix_attempts_item_set", ["item_set_id", "learner_id"], unique=False)
        batch_op.create_index("ix_attempts_learner_started", ["learner_id", "started_at"], unique=False)
        batch_op.create_index(
            "uq_attempts_set_number",
            ["learner_id", "item_set_id", "number"],
            unique=True,
            sqlite_where=sa.text("item_set_id IS NOT NULL"),
            postgresql_where=sa.text("item_set_id IS NOT NULL"),
        )

    op.create_table(
        "daily_totals",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("study_day", sa.Date(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("recalled", sa.Integer(), nullable=False),
        sa.Column("new_cards", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reviews >= 0 AND recalled >= 0 AND answers >= 0 AND new_cards >= 0", name=op.f("ck_daily_totals_counts")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["people.id"], name=op.f("fk_daily_totals_learner_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_daily_totals_topic_id_topics")),
        sa.PrimaryKeyConstraint("learner_id", "topic_id", "study_day", name=op.f("pk_daily_totals")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("daily_totals", schema=None) as batch_op:
        batch_op.create_index("ix_daily_totals_day", ["learner_id", "study_day"], unique=False)

    op.create_table(
        "passages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key_facts", sa.JSON(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version_number >= 1", name=op.f("ck_passages_version_number")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_passages_owner_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_passages_topic_id_topics")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passages")),
        sa.UniqueConstraint("external_id", name=op.f("uq_passages_external_id")),
    )
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passages_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_passages_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("is_listed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published', 'rejected', 'retired')", name=op.f("ck_items_status")),
        sa.CheckConstraint("replaces_id <> id", name=op.f("ck_items_replaces_another")),
        sa.CheckConstraint("version_number >= 1", name=op.f("ck_items_version_number")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_items_owner_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["passage_id"], ["passages.id"], name=op.f("fk_items_passage_id_passages")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["items.id"], name=op.f("fk_items_replaces_id_items"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_items_topic_id_topics")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("external_id", name=op.f("uq_items_external_id")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_items_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_passage_id"), ["passage_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index(
            "ix_items_topic_listed",
            ["topic_id", "kind"],
            unique=False,
            sqlite_where=sa.text("is_listed = 1 AND status = 'published'"),
            postgresql_where=sa.text("is_listed AND status = 'published'"),
        )

    op.create_table(
        "passage_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["passage_id"], ["passages.id"], name=op.f("fk_passage_versions_passage_id_passages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage_versions")),
        sa.UniqueConstraint("passage_id", "number", name=op.f("uq_passage_versions_passage_id_number")),
    )
    with op.batch_alter_table("passage_versions", schema=None) as batch_op:
        batch_op.create_index("ix_passage_versions_sha256", ["sha256"], unique=False)

    op.create_table(
        "responses",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("attempt_id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=10), nullable=False),
        sa.Column("names_id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("certainty", sa.String(length=4), nullable=True),
        sa.Column("is_open_book", sa.Boolean(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(event = 'given') = (names_id IS NULL)", name=op.f("ck_responses_names_id")),
        sa.CheckConstraint("certainty IN ('low', 'mid', 'high')", name=op.f("ck_responses_certainty")),
        sa.CheckConstraint("event IN ('given', 'void', 'correct')", name=op.f("ck_responses_event")),
        sa.CheckConstraint("revision = base_revision + 1", name=op.f("ck_responses_revision")),
        sa.ForeignKeyConstraint(
            ["learner_id", "attempt_id"],
            ["attempts.learner_id", "attempts.id"],
            name=op.f("fk_responses_learner_id_attempt_id_attempts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_responses")),
        sa.UniqueConstraint(
            "learner_id",
            "attempt_id",
            "position",
            "revision",
            name=op.f("uq_responses_learner_id_attempt_id_position_revision"),
        ),
    )
    op.create_table(
        "working_answers",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "attempt_id"],
            ["attempts.learner_id", "attempts.id"],
            name=op.f("fk_working_answers_learner_id_attempt_id_attempts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "attempt_id", "position", name=op.f("pk_working_answers")),
    )
    op.create_table(
        "cards",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("buried_on", sa.Date(), nullable=True),
        sa.Column("phase", sa.String(length=10), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=10), nullable=True),
        sa.Column("parameters_id", sa.Integer(), nullable=True),
        sa.Column("stability", sa.Double(), nullable=True),
        sa.Column("difficulty", sa.Double(), nullable=True),
        sa.Column("fast_stability", sa.Double(), nullable=True),
        sa.Column("last_reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_study_day", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_score", sa.Double(), nullable=True),
        sa.Column("first_guess", sa.Double(), nullable=True),
        sa.CheckConstraint("phase IN ('new', 'learning', 'review', 'relearning')", name=op.f("ck_cards_phase")),
        sa.CheckConstraint("(model IS NULL) = (stability IS NULL)", name=op.f("ck_cards_memory_whole")),
        sa.CheckConstraint("(reviews = 0) = (last_reviewed_at IS NULL)", name=op.f("ck_cards_reviewed")),
        sa.CheckConstraint("difficulty BETWEEN 1 AND 10", name=op.f("ck_cards_difficulty")),
        sa.CheckConstraint("stability > 0", name=op.f("ck_cards_stability")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_cards_item_id_items")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["people.id"], name=op.f("fk_cards_learner_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_cards_topic_id_topics")),
        sa.PrimaryKeyConstraint("learner_id", "item_id", "part", name=op.f("pk_cards")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cards_learner_due",
            ["learner_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("suspended_at IS NULL"),
            postgresql_where=sa.text("suspended_at IS NULL"),
        )
        batch_op.create_index("ix_cards_learner_topic", ["learner_id", "topic_id"], unique=False)

    op.create_table(
        "item_enemies",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("enemy_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("item_id < enemy_id", name=op.f("ck_item_enemies_ordered")),
        sa.ForeignKeyConstraint(
            ["enemy_id"], ["items.id"], name=op.f("fk_item_enemies_enemy_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_enemies_item_id_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "enemy_id", name=op.f("pk_item_enemies")),
    )
    with op.batch_alter_table("item_enemies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_enemies_enemy_id"), ["enemy_id"], unique=False)

    op.create_table(
        "item_set_items",
        sa.Column("item_set_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("max_mark", sa.Double(), nullable=False),
        sa.CheckConstraint("max_mark > 0", name=op.f("ck_item_set_items_max_mark")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_set_items_item_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_set_id"], ["item_sets.id"], name=op.f("fk_item_set_items_item_set_id_item_sets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_set_id", "item_id", name=op.f("pk_item_set_items")),
    )
    with op.batch_alter_table("item_set_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_set_items_item_id"), ["item_id"], unique=False)

    op.create_table(
        "item_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_item_versions_number")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_item_versions_created_by_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_versions_item_id_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_versions")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_versions_item_id_number")),
    )
    op.create_table(
        "attempt_items",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("passage_version_id", sa.Integer(), nullable=True),
        sa.Column("option_order", sa.JSON(), nullable=False),
        sa.Column("max_mark", sa.Double(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("is_open_book", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_attempt_items_position")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_attempt_items_score")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_attempt_items_item_id_items")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_versions.id"], name=op.f("fk_attempt_items_item_version_id_item_versions")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "attempt_id"],
            ["attempts.learner_id", "attempts.id"],
            name=op.f("fk_attempt_items_learner_id_attempt_id_attempts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["passage_version_id"],
            ["passage_versions.id"],
            name=op.f("fk_attempt_items_passage_version_id_passage_versions"),
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_attempt_items_topic_id_topics")),
        sa.PrimaryKeyConstraint("learner_id", "attempt_id", "position", name=op.f("pk_attempt_items")),
    )
    with op.batch_alter_table("attempt_items", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_items_item", ["item_id", "learner_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("passage_version_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.CheckConstraint('"start" >= 0 AND "end" > "start"', name=op.f("ck_evidence_span")),
        sa.ForeignKeyConstraint(
            ["item_version_id"],
            ["item_versions.id"],
            name=op.f("fk_evidence_item_version_id_item_versions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["passage_version_id"],
            ["passage_versions.id"],
            name=op.f("fk_evidence_passage_version_id_passage_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "item_version_id",
            "passage_version_id",
            "start",
            "end",
            name=op.f("uq_evidence_item_version_id_passage_version_id_start_end"),
        ),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_passage_version_id"), ["passage_version_id"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("event", sa.String(length=10), nullable=False),
        sa.Column("names_id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("attempt_id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("options", sa.Integer(), nullable=True),
        sa.Column("guess", sa.Double(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("certainty", sa.String(length=4), nullable=True),
        sa.Column("is_open_book", sa.Boolean(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("study_day", sa.Date(), nullable=False),
        sa.Column("seen_reviews", sa.Integer(), nullable=False),
        sa.Column("target_retention", sa.Double(), nullable=False),
        sa.Column("interval_days", sa.Double(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phase_before", sa.String(length=10), nullable=False),
        sa.Column("stability_before", sa.Double(), nullable=True),
        sa.Column("difficulty_before", sa.Double(), nullable=True),
        sa.Column("fast_stability_before", sa.Double(), nullable=True),
        sa.Column("last_reviewed_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phase_after", sa.String(length=10), nullable=False),
        sa.Column("stability_after", sa.Double(), nullable=True),
        sa.Column("difficulty_after", sa.Double(), nullable=True),
        sa.Column("fast_stability_after", sa.Double(), nullable=True),
        sa.Column("model", sa.String(length=10), nullable=True),
        sa.Column("parameters_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(event IN ('void', 'correct')) = (names_id IS NOT NULL)", name=op.f("ck_reviews_names_id")),
        sa.CheckConstraint("certainty IN ('low', 'mid', 'high')", name=op.f("ck_reviews_certainty")),
        sa.CheckConstraint("event <> 'review' OR rating IS NOT NULL", name=op.f("ck_reviews_rated")),
        sa.CheckConstraint("event IN ('review', 'chosen', 'void', 'correct')", name=op.f("ck_reviews_event")),
        sa.CheckConstraint("source IN ('card', 'quiz', 'cram')", name=op.f("ck_reviews_source")),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_reviews_rating")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_reviews_score")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_reviews_item_id_items")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_versions.id"], name=op.f("fk_reviews_item_version_id_item_versions")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["people.id"], name=op.f("fk_reviews_learner_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_reviews_topic_id_topics")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index("ix_reviews_card", ["learner_id", "item_id", "part", "reviewed_at"], unique=False)
        batch_op.create_index("ix_reviews_received", ["learner_id", "received_at"], unique=False)
        batch_op.create_index("ix_reviews_topic_day", ["learner_id", "topic_id", "study_day"], unique=False)
        batch_op.create_index(
            "uq_reviews_void",
            ["learner_id", "names_id"],
            unique=True,
            sqlite_where=sa.text("event = 'void'"),
            postgresql_where=sa.text("event = 'void'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index("uq_reviews_void")
        batch_op.drop_index("ix_reviews_topic_day")
        batch_op.drop_index("ix_reviews_received")
        batch_op.drop_index("ix_reviews_card")

    op.drop_table("reviews")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_passage_version_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("attempt_items", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_items_item")

    op.drop_table("attempt_items")
    op.drop_table("item_versions")
    with op.batch_alter_table("item_set_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_set_items_item_id"))

    op.drop_table("item_set_items")
    with op.batch_alter_table("item_enemies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_enemies_enemy_id"))

    op.drop_table("item_enemies")
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.drop_index("ix_cards_learner_topic")
        batch_op.drop_index(
            "ix_cards_learner_due",
            sqlite_where=sa.text("suspended_at IS NULL"),
            postgresql_where=sa.text("suspended_at IS NULL"),
        )

    op.drop_table("cards")
    op.drop_table("working_answers")
    op.drop_table("responses")
    with op.batch_alter_table("passage_versions", schema=None) as batch_op:
        batch_op.drop_index("ix_passage_versions_sha256")

    op.drop_table("passage_versions")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_items_topic_listed",
            sqlite_where=sa.text("is_listed = 1 AND status = 'published'"),
            postgresql_where=sa.text("is_listed AND status = 'published'"),
        )
        batch_op.drop_index(batch_op.f("ix_items_topic_id"))
        batch_op.drop_index(batch_op.f("ix_items_passage_id"))
        batch_op.drop_index(batch_op.f("ix_items_owner_id"))

    op.drop_table("items")
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passages_topic_id"))
        batch_op.drop_index(batch_op.f("ix_passages_owner_id"))

    op.drop_table("passages")
    with op.batch_alter_table("daily_totals", schema=None) as batch_op:
        batch_op.drop_index("ix_daily_totals_day")

    op.drop_table("daily_totals")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attempts_set_number",
            sqlite_where=sa.text("item_set_id IS NOT NULL"),
            postgresql_where=sa.text("item_set_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_attempts_learner_started")
        batch_op.drop_index("ix_attempts_item_set")

    op.drop_table("attempts")
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topics_owner_id"))

    op.drop_table("topics")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_person_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_links_person_id"))

    op.drop_table("one_time_links")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_status_run_at")
        batch_op.drop_index(batch_op.f("ix_jobs_owner_id"))

    op.drop_table("jobs")
    with op.batch_alter_table("item_sets", schema=None) as batch_op:
        batch_op.drop_index("ix_item_sets_status_published_at")
        batch_op.drop_index(batch_op.f("ix_item_sets_owner_id"))

    op.drop_table("item_sets")
    op.drop_table("people")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_waiting", sqlite_where=sa.text("sent_at IS NULL"), postgresql_where=sa.text("sent_at IS NULL")
        )

    op.drop_table("outbox")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_subject")
        batch_op.drop_index(batch_op.f("ix_audit_at"))

    op.drop_table("audit")
