"""People, the devices they are signed in on, links and codes that work once, and throttles."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.database import Base

ROLES = ("student", "teacher", "admin")  # that an account can have; a guest has none yet
SESSION_LENGTHS = ("all", "5m", "10m", "20m", "10", "20", "50")  # all that is due, minutes, or cards
THEMES = ("system", "light", "dark")


class Person(Base):
    """Somebody who learns, teaches or administers."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("role IN ('guest', 'student', 'teacher', 'admin')", name="role"),
        CheckConstraint("(role = 'guest') = (sign_in_name IS NULL)", name="guests_have_no_name"),
        CheckConstraint("teacher_wanted_at IS NULL OR role = 'student'", name="teacher_wanted_at"),
        CheckConstraint("totp_confirmed_at IS NULL OR totp_salt IS NOT NULL", name="totp_confirmed_at"),
        CheckConstraint("theme IN ('system', 'light', 'dark')", name="theme"),
        CheckConstraint("day_start_hour BETWEEN 0 AND 12", name="day_start_hour"),
        CheckConstraint("new_cards_per_day BETWEEN 0 AND 999", name="new_cards_per_day"),
        CheckConstraint("minutes_per_day BETWEEN 5 AND 600", name="minutes_per_day"),
        CheckConstraint("length(week) = 7", name="week"),
        CheckConstraint("session_length IN ('all', '5m', '10m', '20m', '10', '20', '50')", name="session_length"),
        CheckConstraint("target_retention BETWEEN 0.8 AND 0.97", name="target_retention"),
        CheckConstraint("time_factor BETWEEN 1 AND 3", name="time_factor"),
        CheckConstraint("sign_in_name = lower(sign_in_name)", name="sign_in_name_folded"),
        CheckConstraint("email = lower(email)", name="email_folded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shown_name: Mapped[str] = mapped_column(String(80))
    sign_in_name: Mapped[str | None] = mapped_column(String(40), unique=True)  # folded to lower case; None: a guest
    # Optional. Not unique: siblings share one, and a refusal of a second would tell strangers who is here.
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))  # argon2id; None: can't sign in by password
    role: Mapped[str] = mapped_column(String(10), default="student")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    day_start_hour: Mapped[int] = mapped_column(default=4)  # a study day begins at this local hour
    theme: Mapped[str] = mapped_column(String(10), default="system")
    is_keys_on: Mapped[bool] = mapped_column(default=True, server_default=true())  # single-key shortcuts
    new_cards_per_day: Mapped[int] = mapped_column(default=20)
    minutes_per_day: Mapped[int | None] = mapped_column()  # None: no limit
    # A digit for each day from Monday: 2 as usual, 1 half, 0 free.
    week: Mapped[str] = mapped_column(String(7), default="2222222", server_default="2222222")
    # First and last days of holidays, “2026-12-24/2027-01-02”, separated by spaces.
    days_off: Mapped[str] = mapped_column(String(440), default="", server_default=text("''"))
    is_fuzz_on: Mapped[bool] = mapped_column(default=True, server_default=true())  # due dates spread over near days
    is_typing_on: Mapped[bool] = mapped_column(default=False, server_default=false())  # answers of flashcards
    session_length: Mapped[str] = mapped_column(String(3), default="all", server_default="all")  # of SESSION_LENGTHS
    target_retention: Mapped[float] = mapped_column(default=0.9)  # recall at which a card falls due
    # In timed quizzes: the limit times this; 1.5 is half as long again. None: no limit.
    time_factor: Mapped[float | None] = mapped_column(default=1.0, server_default="1")
    parameters_id: Mapped[int] = mapped_column(default=0, server_default="0")  # the fit in force; 0: FSRS-6 unfitted
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column()
    disabled_at: Mapped[datetime | None] = mapped_column()
    teacher_wanted_at: Mapped[datetime | None] = mapped_column()  # asked to teach and waits for an administrator
    # The secret of one-time codes is derived from the salt and the secret key: the database alone does not hold it.
    totp_salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column()  # None: not asked for at sign-in yet
    totp_step: Mapped[int | None] = mapped_column()  # of the last code taken, in 30 s since 1970: no code works twice


class SignIn(Base):
    """One signed-in device; its random id is what the cookie carries."""

    __tablename__ = "sign_ins"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(String(80))  # "Chromium on Linux", shown on the account page
    created_at: Mapped[datetime] = mapped_column()
    seen_at: Mapped[datetime] = mapped_column()  # about the last time something was sent from it
    ended_at: Mapped[datetime | None] = mapped_column()  # sign-out, password or role change


class OneTimeLink(Base):
    """A link that sets a new password once; only a hash of its secret is stored."""

    __tablename__ = "one_time_links"
    __table_args__ = (CheckConstraint("expires_at > created_at", name="lifetime"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)  # SHA-256
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()


class RecoveryCode(Base):
    """A code that takes the place of a one-time code once; only its hash is stored."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)  # SHA-256
    used_at: Mapped[datetime | None] = mapped_column()


class Throttle(Base):
    """Failures that slow the next try down, of one account or one address; the key is a hash that names neither."""

    __tablename__ = "throttles"
    __table_args__ = (CheckConstraint("failures >= 1", name="failures"),)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int] = mapped_column()
    last_at: Mapped[datetime] = mapped_column(index=True)
    wait_until: Mapped[datetime | None] = mapped_column()  # no try is looked at before
