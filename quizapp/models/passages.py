"""Topics and the passages they hold; a passage's text is kept version by version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.database import Base, Immutable


class Topic(Base):
    """The heading that passages and items belong to."""

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)  # order in lists, then by title
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )  # None: shipped
    is_listed: Mapped[bool] = mapped_column(default=False, server_default=false())  # shown to everyone
    created_at: Mapped[datetime] = mapped_column()


class Passage(Base):
    """A source text; `version_number` says which of its versions is current."""

    __tablename__ = "passages"
    __table_args__ = (CheckConstraint("version_number >= 1", name="version_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), index=True)
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)  # seed file; None: pasted
    heading: Mapped[str] = mapped_column(String(200))  # the question that the passage answers
    note: Mapped[str] = mapped_column(Text, default="")  # what a reader should know of the source
    key_facts: Mapped[list[Any]] = mapped_column(default=list)  # [{"text", "start", "end"}] in the current version
    version_number: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column()


class PassageVersion(Immutable, Base):
    """One wording of a passage; spans of evidence point into it."""

    __tablename__ = "passage_versions"
    __table_args__ = (UniqueConstraint("passage_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passages.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))  # of the text in UTF-8, hexadecimal
    created_at: Mapped[datetime] = mapped_column()


Index("ix_passage_versions_sha256", PassageVersion.sha256)
