"""The audit log: who did what that others may ask about later. Numbers, never names, so erasure leaves it whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.database import Base


class AuditEntry(Base):
    """One entry; `seal` chains it to those before once a worker has sealed it."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_subject", "subject", "subject_id"),
        Index("ix_audit_action", "action", "id"),
        Index("ix_audit_actor", "actor_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column()  # a person's number, no foreign key; None: the command line
    action: Mapped[str] = mapped_column(String(40))  # "person.role_changed"
    subject: Mapped[str] = mapped_column(String(40))  # "person", "item_set"
    subject_id: Mapped[str] = mapped_column(String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seal: Mapped[bytes | None] = mapped_column(LargeBinary(32))
