"""People, the devices they are signed in on, and links that work once."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.database import Base

ROLES = ("student", "teacher", "admin")
THEMES = ("system", "light", "dark")


class Person(Base):
    """Somebody who learns, teaches or administers."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("role IN ('student', 'teacher', 'admin')", name="role"),
        CheckConstraint("theme IN ('system', 'light', 'dark')", name="theme"),
        CheckConstraint("day_start_hour BETWEEN 0 AND 12", name="day_start_hour"),
        CheckConstraint("new_cards_per_day BETWEEN 0 AND 999", name="new_cards_per_day"),
        CheckConstraint("minutes_per_day BETWEEN 5 AND 600", name="minutes_per_day"),
        CheckConstraint("target_retention BETWEEN 0.8 AND 0.97", name="target_retention"),
        CheckConstraint("sign_in_name = lower(sign_in_name)", name="sign_in_name_folded"),
        CheckConstraint("email = lower(email)", name="email_folded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shown_name: Mapped[str] = mapped_column(String(80))
    sign_in_name: Mapped[str] = mapped_column(String(40), unique=True)  # folded to lower case
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
    target_retention: Mapped[float] = mapped_column(default=0.9)  # recall at which a card falls due
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column()
    disabled_at: Mapped[datetime | None] = mapped_column()


class SignIn(Base):
    """One signed-in device; its random id is what the cookie carries."""

    __tablename__ = "sign_ins"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(String(80))  # "Chromium on Linux", shown on the account page
    created_at: Mapped[datetime] = mapped_column()
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
