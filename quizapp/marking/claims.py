"""“I was right”, as teachers see it: what learners say against their marks, and the answer to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.grading import in_words
from quizapp.core.items import ShortAnswer, key_text, plain_stem, read_item
from quizapp.errors import Conflict
from quizapp.learning.marks import Mark, give_mark
from quizapp.marking.marks import Key, locked_answer
from quizapp.marking.taken import Taken
from quizapp.models import Attempt, AttemptItem, ItemVersion, Person, is_claimed
from quizapp.web.auditing import record

_MOST = 200


@dataclass(frozen=True)
class Claim:
    """What one learner says of one answer."""

    item_id: int
    learner_id: int
    number: int
    name: str
    stem: str
    given: str
    key: str
    variant: str  # that could count as right for everybody; empty where the question takes none
    claimed_at: datetime

    @property
    def place(self) -> str:
        """Its name in addresses."""
        return f"{self.item_id}.{self.learner_id}.{self.number}"


def claims(session: Session, of: Taken, *, answered: str = "") -> list[Claim]:
    """Return what waits for an answer, the oldest first; or with a place, that one claim, answered or not."""
    query = (
        select(AttemptItem, Attempt.number, ItemVersion.content, Person.shown_name, Person.role)
        .join(Attempt, (Attempt.learner_id == AttemptItem.learner_id) & (Attempt.id == AttemptItem.attempt_id))
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .join(Person, Person.id == Attempt.learner_id)
        .where(of.attempts, AttemptItem.claimed_at.is_not(None))
        .order_by(AttemptItem.claimed_at)
        .limit(_MOST)
    )
    parts = answered.split(".")
    if len(parts) == 3 and all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        item_id, learner_id, number = map(int, parts)
        query = query.where(AttemptItem.item_id == item_id, Attempt.learner_id == learner_id, Attempt.number == number)
    else:
        query = query.where(is_claimed(AttemptItem))
    found = []
    for row, number, content, name, role in session.execute(query):
        item = read_item(content)
        found.append(
            Claim(
                row.item_id, row.learner_id, number, "A guest" if role == "guest" else name, plain_stem(item.stem),
                in_words(item, row.answer), key_text(item),
                str((row.answer or {}).get("text", "")) if isinstance(item, ShortAnswer) else "", row.claimed_at,
            )
        )  # fmt: skip
    return found


def answer_claim(
    session: Session, of: Taken, key: Key, verdict: str, reply: str, *, teacher_id: int, now: datetime
) -> None:
    """Accept a claim, which gives the answer full marks, or decline it with a word; the same again changes nothing.

    Raises NotFound, Conflict when it was taken back or answered otherwise meanwhile.
    """
    attempt, row = locked_answer(session, of, key)
    if row.claimed_at is None:
        raise Conflict("The learner has taken this back.")
    if row.claim_verdict is not None:
        if row.claim_verdict != verdict:
            raise Conflict(f"This was {row.claim_verdict} in the meantime.")
        return
    row.claim_verdict, row.claim_reply = verdict, reply or None
    if verdict == "accepted":
        mark_id = uuid.uuid5(attempt.id, f"accepted {row.position} {row.marks}")
        give_mark(session, attempt, row, Mark(mark_id, 1.0, row.marks, teacher_id, reply), now)
    record(
        session, teacher_id, f"claim.{verdict}", "attempt", attempt.id, now=now, learner=row.learner_id,
        position=row.position,
    )  # fmt: skip
    session.flush()
