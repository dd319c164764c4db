"""The one writer of the audit log; an entry is stored in the transaction of what it tells."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.models import AuditEntry


def record(
    session: Session,
    actor_id: int | None,
    action: str,
    subject: str,
    subject_id: object,
    *,
    now: datetime,
    **detail: str | int | float | bool | None,
) -> None:
    """Note that `actor_id` (None: the command line) did `action`, e.g. "password.changed", to a subject.

    `detail` holds numbers and fixed words, never a name, an address or anything secret.
    """
    session.add(
        AuditEntry(at=now, actor_id=actor_id, action=action, subject=subject, subject_id=str(subject_id), detail=detail)
    )
