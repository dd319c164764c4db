"""Make room for guests, people who wait to teach, one-time codes, throttles, sweeps and wishes to be erased.

On SQLite this rebuilds `people` and `sign_ins`. Going down removes guests with all they did: the older schema has
no place for somebody without a name.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_trust"
down_revision = "20261122_flags"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("people", recreate="auto") as people:
        people.alter_column("sign_in_name", existing_type=sa.String(40), nullable=True)
        people.add_column(sa.Column("teacher_wanted_at", _MOMENT))
        people.add_column(sa.Column("totp_salt", sa.LargeBinary(16)))
        people.add_column(sa.Column("totp_confirmed_at", _MOMENT))
        people.add_column(sa.Column("totp_step", sa.Integer()))
        people.drop_constraint(op.f("ck_people_role"), type_="check")
        people.create_check_constraint("role", "role IN ('guest', 'student', 'teacher', 'admin')")
        people.create_check_constraint("guests_have_no_name", "(role = 'guest') = (sign_in_name IS NULL)")
        people.create_check_constraint("teacher_wanted_at", "teacher_wanted_at IS NULL OR role = 'student'")
        people.create_check_constraint("totp_confirmed_at", "totp_confirmed_at IS NULL OR totp_salt IS NOT NULL")
    op.add_column("sign_ins", sa.Column("seen_at", _MOMENT))
    op.execute("UPDATE sign_ins SET seen_at = created_at")
    with op.batch_alter_table("sign_ins", recreate="auto") as sign_ins:
        sign_ins.alter_column("seen_at", existing_type=_MOMENT, nullable=False)
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("used_at", _MOMENT),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"])
    op.create_table(
        "throttles",
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.Column("wait_until", _MOMENT),
        sa.CheckConstraint("failures >= 1", name=op.f("ck_throttles_failures")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttles")),
    )
    op.create_index(op.f("ix_throttles_last_at"), "throttles", ["last_at"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("ran_at", _MOMENT),
        sa.Column("result", sa.JSON()),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    _create_privacy_requests()


def downgrade() -> None:
    for table in ("privacy_requests", "leases", "throttles", "recovery_codes"):
        op.drop_table(table)
    # SQLite's foreign keys are off during a migration: nothing cascades, so all they did is named here.
    for table, column in _OF_GUESTS:
        op.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM people WHERE role = 'guest')")  # noqa: S608
    op.execute("UPDATE flags SET person_id = NULL WHERE person_id IN (SELECT id FROM people WHERE role = 'guest')")
    op.execute("DELETE FROM people WHERE role = 'guest'")
    with op.batch_alter_table("sign_ins", recreate="auto") as sign_ins:
        sign_ins.drop_column("seen_at")
    with op.batch_alter_table("people", recreate="auto") as people:
        for name in ("totp_confirmed_at", "teacher_wanted_at", "guests_have_no_name", "role"):
            people.drop_constraint(op.f(f"ck_people_{name}"), type_="check")
        people.create_check_constraint("role", "role IN ('student', 'teacher', 'admin')")
        for name in ("totp_step", "totp_confirmed_at", "totp_salt", "teacher_wanted_at"):
            people.drop_column(name)
        people.alter_column("sign_in_name", existing_type=sa.String(40), nullable=False)


_OF_GUESTS = (
    ("working_answers", "learner_id"),
    ("responses", "learner_id"),
    ("attempt_items", "learner_id"),
    ("attempts", "learner_id"),
    ("reviews", "learner_id"),
    ("cards", "learner_id"),
    ("daily_totals", "learner_id"),
    ("jobs", "owner_id"),
    ("one_time_links", "person_id"),
    ("sign_ins", "person_id"),
)


def _create_privacy_requests() -> None:
    open_ones = sa.text("closed_at IS NULL")
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("person_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT),
        sa.Column("closed_by", sa.Integer()),
        sa.Column("outcome", sa.String(10)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('erase')", name=op.f("ck_privacy_requests_kind")),
        sa.CheckConstraint("outcome IN ('done', 'withdrawn', 'refused')", name=op.f("ck_privacy_requests_outcome")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_privacy_requests_closed_with_outcome")
        ),
        sa.CheckConstraint("due_at >= made_at", name=op.f("ck_privacy_requests_due_at")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_privacy_requests_person_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["people.id"], name=op.f("fk_privacy_requests_closed_by_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
    )
    op.create_index(op.f("ix_privacy_requests_person_number"), "privacy_requests", ["person_number"])
    op.create_index(op.f("ix_privacy_requests_due_at"), "privacy_requests", ["due_at"])
    op.create_index(
        "uq_privacy_requests_open", "privacy_requests", ["person_id", "kind"], unique=True,
        sqlite_where=open_ones, postgresql_where=open_ones,
    )  # fmt: skip
