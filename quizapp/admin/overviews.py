"""What an administrator's start page counts: who is here, and what waits for somebody to decide."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.models import AuditEntry, Lease, Person, PrivacyRequest
from quizapp.web.rendering import count


@dataclass(frozen=True)
class Overview:
    """The figures of the start page."""

    roles: dict[str, int]  # role -> people, disabled ones too
    disabled: int
    teachers_waiting: int
    requests: int  # of people who want to be erased, still open
    failing: int  # sweeps whose last run went wrong
    entries: int  # number of the newest audit entry

    @property
    def heading(self) -> str:
        """What waits, as the finding of the page: “1 teacher and 2 privacy requests wait for you”."""
        number = self.teachers_waiting + self.requests
        if not number:
            return "Nothing waits for you"
        parts = [count(self.teachers_waiting, "teacher")] if self.teachers_waiting else []
        parts += [count(self.requests, "privacy request")] if self.requests else []
        return f"{' and '.join(parts)} {'waits' if number == 1 else 'wait'} for you"


def overview(session: Session) -> Overview:
    """Return the figures, in two queries."""
    roles: dict[str, int] = {}
    disabled = waiting = 0
    for role, number, off, wanted in session.execute(
        select(Person.role, func.count(), func.count(Person.disabled_at), func.count(Person.teacher_wanted_at))
        .group_by(Person.role)
        .order_by(Person.role)
    ):
        roles[role] = number
        disabled, waiting = disabled + off, waiting + wanted
    requests = select(func.count()).where(PrivacyRequest.closed_at.is_(None)).scalar_subquery()
    failing = select(func.count()).where(Lease.error.is_not(None)).scalar_subquery()
    newest = select(func.max(AuditEntry.id)).scalar_subquery()
    row = session.execute(select(requests, failing, newest)).one()
    return Overview(roles, disabled, waiting, row[0], row[1], row[2] or 0)
