"""Pictures and sounds of questions: named by what they hold, kept with the rows so that a backup has both."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.database import Base, Immutable


class Media(Immutable, Base):
    """A file that an author sent, as it was cleaned; the same file of two people is there twice."""

    __tablename__ = "media"
    __table_args__ = (
        UniqueConstraint("digest", "owner_id"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("kind IN ('image', 'audio')", name="kind"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("(kind = 'image') = (width > 0 AND height > 0)", name="sides"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the content, hexadecimal
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    extension: Mapped[str] = mapped_column(String(4))  # says the type it is sent as
    width: Mapped[int] = mapped_column(default=0)  # pixels; of a sound 0
    height: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column()  # bytes
    created_at: Mapped[datetime] = mapped_column()
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ItemMedia(Base):
    """A file that some version of an item shows; who may see the item may see it."""

    __tablename__ = "item_media"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), primary_key=True, index=True)
