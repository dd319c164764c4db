"""Regrades: a question marked again for all who answered it; seen before, carried out, taken back."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.background.jobs import JobRun, add_job
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import key_text, read_item
from quizapp.core.rules import read_rules
from quizapp.errors import NotFound
from quizapp.learning.marks import Mark, give_mark, lock_question, marks_of, standing, take_back_mark
from quizapp.learning.tries import earned, given_responses
from quizapp.marking.taken import Taken
from quizapp.models import Attempt, AttemptItem, Item, ItemVersion, Person, Regrade, Response
from quizapp.web.auditing import record

JOB = "regrade"
MOST_AT_ONCE = 50  # attempts; more are a worker's
POLICIES = {
    "never_lower": "Mark again, and lower nobody",
    "replace": "Mark again, up or down",
    "full": "Full marks for everybody",
    "drop": "Take the question out of the marks",
}
BY_KEY = ("never_lower", "replace")
_AnswerKey = tuple[int, uuid.UUID, int]  # learner, attempt, position


@dataclass(frozen=True)
class Key:
    """A wording that answers may be marked by."""

    version_id: int
    words: str


@dataclass(frozen=True)
class Change:
    """What a regrade does to one learner's answer; scores are shares 0..1, None: not counted, or not marked yet."""

    learner_id: int
    number: int
    name: str
    before: float | None
    after: float | None
    max_mark: float
    is_kept: bool  # marked by a person, so it stays

    @property
    def is_change(self) -> bool:
        """Whether anything changes."""
        return not self.is_kept and self.before != self.after


def keys(session: Session, item_id: int) -> list[Key]:
    """Return the wordings that answers may be marked by, the newest first: the question's own, and its successor's."""
    rows = session.execute(
        select(ItemVersion.id, ItemVersion.content, ItemVersion.number, Item.id.label("item_id"))
        .join(Item, Item.id == ItemVersion.item_id)
        .where(or_(Item.id == item_id, Item.replaces_id == item_id))
        .order_by(Item.id.desc(), ItemVersion.number.desc())
    ).all()
    kind = next((row.content["kind"] for row in rows if row.item_id == item_id), None)
    same = [row for row in rows if row.content["kind"] == kind]
    return [Key(row.id, _key_words(row.content, row.number if row.item_id == item_id else None)) for row in same]


def changes(session: Session, of: Taken, item_id: int, policy: str, version_id: int | None) -> list[Change]:
    """Return what a regrade would do to each answer, those that change first."""
    item = _version(session, item_id, version_id) if policy in BY_KEY else None
    rows = session.execute(
        select(AttemptItem, Attempt, Person.shown_name, Person.role)
        .join(Attempt, (Attempt.learner_id == AttemptItem.learner_id) & (Attempt.id == AttemptItem.attempt_id))
        .join(Person, Person.id == Attempt.learner_id)
        .where(of.attempts, AttemptItem.item_id == item_id)
        .order_by(Person.shown_name, Attempt.learner_id, Attempt.number)
    ).all()
    marks = _marks(session, of, item_id)
    found = []
    for row, attempt, name, role in rows:
        mark = standing(marks[row.learner_id, row.attempt_id]).get(row.position)
        is_kept = _is_kept(mark, policy)
        after = row.score if is_kept else _after(session, attempt, row, policy, item)
        before = None if row.is_dropped else row.score
        shown = "A guest" if role == "guest" else name
        found.append(Change(row.learner_id, attempt.number, shown, before, after, row.max_mark, is_kept))
    return sorted(found, key=lambda change: not change.is_change)


def start_regrade(
    session: Session,
    of: Taken,
    item_id: int,
    policy: str,
    version_id: int | None,
    reason: str,
    *,
    submission_id: uuid.UUID,
    teacher_id: int,
    now: datetime,
) -> bool:
    """Regrade a question and tell whether it is done; where many answered it, a worker does it. Again changes nothing.

    Raises NotFound for a question that nobody answered, or a version of another one.
    """
    known = session.scalar(select(Regrade).where(Regrade.submission_id == submission_id))
    if known is not None:
        return known.done_at is not None
    answers = _answers(session, of, item_id)
    if not answers or policy not in POLICIES:
        raise NotFound
    if policy in BY_KEY:
        _version(session, item_id, version_id)
    regrade = Regrade(
        submission_id=submission_id, item_set_id=of.set_id, item_id=item_id, policy=policy, reason=reason,
        item_version_id=version_id if policy in BY_KEY else None, owner_id=teacher_id, created_at=now,
    )  # fmt: skip
    session.add(regrade)
    session.flush()
    record(
        session, teacher_id, "question.regraded", "item_set", of.set_id, now=now, item=item_id, policy=policy,
        regrade=regrade.id,
    )  # fmt: skip
    if len(answers) > MOST_AT_ONCE:
        add_job(session, JOB, {"regrade": regrade.id, "do": "carry_out"}, now=now, owner_id=teacher_id)
        return False
    for key in answers:
        regrade_answer(session, regrade.id, key, now)
    regrade.done_at = now
    session.flush()
    return True


def take_back_regrade(session: Session, of: Taken, regrade_id: int, *, teacher_id: int, now: datetime) -> bool:
    """Take a regrade back whole and tell whether that is done; marks given since stay. Again changes nothing."""
    regrade = session.get(Regrade, regrade_id, with_for_update=True, populate_existing=True)
    if regrade is None or regrade.item_set_id != of.set_id:
        raise NotFound
    if regrade.taken_back_at is not None:
        return regrade.undone_at is not None
    regrade.taken_back_at = now
    record(session, teacher_id, "regrade.taken_back", "item_set", of.set_id, now=now, regrade=regrade.id)
    marks = _regrade_marks(session, regrade_id)
    if regrade.done_at is None or len(marks) > MOST_AT_ONCE:
        add_job(session, JOB, {"regrade": regrade.id, "do": "take_back"}, now=now, owner_id=teacher_id)
        return False
    for key, mark_id in marks:
        _take_back(session, key, mark_id, teacher_id, now)
    regrade.undone_at = now
    session.flush()
    return True


def run_regrade(run: JobRun) -> None:
    """Carry a regrade out, or take it back, an answer a transaction; begun again it goes on where it was."""
    database, clock, regrade_id = run.turn.database, run.turn.clock, run.payload["regrade"]
    is_back = run.payload["do"] == "take_back"
    with database.read_session() as session:
        regrade = session.get(Regrade, regrade_id)
        if regrade is None or (regrade.taken_back_at is not None and not is_back):
            return
        of, owner_id = Taken(regrade.item_set_id, ""), regrade.owner_id
        marks = _regrade_marks(session, regrade_id) if is_back else []
        answers = [] if is_back else _answers(session, of, regrade.item_id)
    total = len(marks) + len(answers)
    for done in range(total):
        if done % 20 == 0:
            run.progress(done, total)
        with database.write_session() as session:
            if is_back:
                _take_back(session, *marks[done], owner_id, clock())
            else:
                regrade_answer(session, regrade_id, answers[done], clock())
    with database.write_session() as session:
        regrade = session.get_one(Regrade, regrade_id)
        if is_back:
            regrade.undone_at = clock()
        else:
            regrade.done_at = clock()
    run.progress(total, total)


def regrade_answer(session: Session, regrade_id: int, key: _AnswerKey, now: datetime) -> None:
    """Regrade one answer; again, or once the regrade was taken back, changes nothing."""
    regrade = session.get_one(Regrade, regrade_id)
    if regrade.taken_back_at is not None:
        return
    mark_id = uuid.uuid5(regrade.submission_id, " ".join(map(str, key)))
    attempt, row = lock_question(session, *key)
    mark = standing(marks_of(session, *key)).get(row.position) if row.marks else None
    if _is_kept(mark, regrade.policy) or session.get(Response, (row.learner_id, mark_id)) is not None:
        return
    item = _version(session, regrade.item_id, regrade.item_version_id) if regrade.policy in BY_KEY else None
    after = _after(session, attempt, row, regrade.policy, item)
    if (after, after is None) == (row.score, row.is_dropped):
        return
    given = Mark(mark_id, after, row.marks, None, regrade.reason, regrade.id, is_evidence=regrade.policy in BY_KEY)
    give_mark(session, attempt, row, given, now)


def _take_back(session: Session, key: _AnswerKey, mark_id: uuid.UUID, teacher_id: int | None, now: datetime) -> None:
    attempt, row = lock_question(session, *key)
    void_id = uuid.uuid5(mark_id, "taken back")
    take_back_mark(session, attempt, row, mark_id, void_id=void_id, by_id=teacher_id, now=now)


def _after(session: Session, attempt: Attempt, row: AttemptItem, policy: str, item: NeutralItem | None) -> float | None:
    if item is None:
        return 1.0 if policy == "full" else None
    rules = read_rules(attempt.rules)
    if rules.tries == 1:
        answers = [row.answer] if row.revision else []
    else:
        given = given_responses(session, row.learner_id, row.attempt_id, row.position)[row.position]
        answers = [response.answer for response in given]
    score = earned(rules, item, answers)
    if score is None:  # an essay waits as before
        return row.score
    return max(score, row.score or 0.0) if policy == "never_lower" else score


def _is_kept(mark: Response | None, policy: str) -> bool:
    """Tell whether an answer keeps its mark: what a person has judged, no key judges again."""
    return policy in BY_KEY and mark is not None and mark.regrade_id is None


def _version(session: Session, item_id: int, version_id: int | None) -> NeutralItem:
    content = session.scalar(
        select(ItemVersion.content)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(ItemVersion.id == version_id, or_(Item.id == item_id, Item.replaces_id == item_id))
    )
    if content is None:
        raise NotFound
    return read_item(content)


def _answers(session: Session, of: Taken, item_id: int) -> list[_AnswerKey]:
    rows = session.execute(
        select(AttemptItem.learner_id, AttemptItem.attempt_id, AttemptItem.position)
        .join(Attempt, (Attempt.learner_id == AttemptItem.learner_id) & (Attempt.id == AttemptItem.attempt_id))
        .where(of.attempts, AttemptItem.item_id == item_id)
        .order_by(AttemptItem.learner_id, Attempt.number)
    )
    return [(row.learner_id, row.attempt_id, row.position) for row in rows]


def _regrade_marks(session: Session, regrade_id: int) -> list[tuple[_AnswerKey, uuid.UUID]]:
    rows = session.execute(
        select(Response.learner_id, Response.attempt_id, Response.position, Response.id)
        .where(Response.regrade_id == regrade_id)
        .order_by(Response.learner_id, Response.id)
    )
    return [((row.learner_id, row.attempt_id, row.position), row.id) for row in rows]


def _marks(session: Session, of: Taken, item_id: int) -> dict[tuple[int, uuid.UUID], Sequence[Response]]:
    rows = session.scalars(
        select(Response)
        .join(
            AttemptItem,
            (AttemptItem.learner_id == Response.learner_id)
            & (AttemptItem.attempt_id == Response.attempt_id)
            & (AttemptItem.position == Response.position),
        )
        .join(Attempt, (Attempt.learner_id == Response.learner_id) & (Attempt.id == Response.attempt_id))
        .where(of.attempts, AttemptItem.item_id == item_id, AttemptItem.marks > 0, Response.event != "given")
        .order_by(Response.revision)
    )
    found: dict[tuple[int, uuid.UUID], list[Response]] = defaultdict(list)
    for mark in rows:
        found[mark.learner_id, mark.attempt_id].append(mark)
    return found  # type: ignore[return-value]  # lists are sequences


def _key_words(content: dict[str, object], number: int | None) -> str:
    key = key_text(read_item(content))
    return f"{'Its successor' if number is None else f'Version {number}'}{f': {key}' if key else ''}"
