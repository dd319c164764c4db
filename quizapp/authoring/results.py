"""What became of a set: who took it, how each question was answered, which wrong answer drew most."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, Text, and_, case, cast, func, select
from sqlalchemy.orm import Session

from quizapp.authoring.certainties import Certainties, certainties
from quizapp.authoring.pools import pooled_titles
from quizapp.authoring.waiting import open_claims, unmarked_answers
from quizapp.core.items import Cloze, Item, Matching, MultipleChoice, SingleChoice, TrueFalse, plain_stem, read_item
from quizapp.errors import NotFound
from quizapp.models import TAKEN, Attempt, AttemptItem, ItemSet, ItemSetItem, ItemVersion, Person, SetSection, waits
from quizapp.web.certainty import CertaintyLine, certainty_finding
from quizapp.web.findings import share
from quizapp.web.questions import KIND_NAMES
from quizapp.web.rendering import count


@dataclass(frozen=True)
class Taker:
    """A person who took the set; scores are shares 0..1, None while they are being marked or where nothing is."""

    learner_id: int
    number: int  # of the latest attempt
    name: str  # “A guest” for whoever has no account
    is_guest: bool
    attempts: int
    first_score: float | None
    latest_score: float | None
    latest_at: datetime


@dataclass(frozen=True)
class Tries:
    """How often a question was tried by those who could try it again."""

    people: int
    tries: int  # in all
    right_at_first: int  # people

    @property
    def mean(self) -> float:
        """Tries a person."""
        return self.tries / self.people


@dataclass(frozen=True)
class QuestionResult:
    """How a question was answered in first attempts."""

    item_id: int
    number: int  # place in the set; 0: no longer in it, or from a pool
    stem: str
    kind_name: str
    is_marked: bool
    answers: int  # times it was asked
    share: float | None  # mean credit 0..1
    wrong_answer: str  # the one most given; empty: none
    wrong_count: int
    tries: Tries | None = None  # where there could be several
    section: str = ""  # its title
    is_from_pool: bool = False
    sure_and_wrong: int = 0  # times it was answered wrong by who said they were sure


@dataclass(frozen=True)
class Results:
    """A set's results; only attempts that were finished or ran out count."""

    set_id: int
    title: str
    status: str
    unmarked: int  # answers that wait for a mark
    claims: int  # learners who say they were right, and got no answer yet
    takers: tuple[Taker, ...]
    questions: tuple[QuestionResult, ...]
    certainties: tuple[CertaintyLine, ...] = ()  # the surest first; empty where nobody was asked

    @property
    def certainty_finding(self) -> str:
        """How far their certainty could be trusted."""
        return certainty_finding(self.certainties, "they")

    @property
    def has_tries(self) -> bool:
        """Whether any question could be tried more than once."""
        return any(question.tries for question in self.questions)

    @property
    def mean(self) -> float | None:
        """Mean of the first scores, 0..1."""
        scores = [taker.first_score for taker in self.takers if taker.first_score is not None]
        return sum(scores) / len(scores) if scores else None

    @property
    def headline(self) -> str:
        """The finding: how many took it and how they did."""
        taken = f"{count(len(self.takers), 'person has', 'people have')} taken it"
        return taken if self.mean is None else f"{taken}, with {share(self.mean)} on average"

    @property
    def guests(self) -> int:
        """How many of those who took it have no account."""
        return sum(taker.is_guest for taker in self.takers)

    @property
    def hardest(self) -> QuestionResult | None:
        """The question with the least credit, when any lost some."""
        asked = [question for question in self.questions if question.share is not None and question.share < 1]
        return min(asked, key=lambda question: question.share or 0.0, default=None)


@dataclass(frozen=True)
class _Tally:
    """Equal answers to one version of an item: how many, and their mean credit."""

    item_id: int
    version_id: int
    answer: dict[str, Any] | None
    count: int
    share: float | None
    retried: Tries  # of those who could try again


def set_results(session: Session, set_id: int, owner_id: int) -> Results:
    """Return what became of the person's own set; per question the first attempt of each person. Raises NotFound."""
    row = session.execute(
        select(ItemSet.id, ItemSet.title, ItemSet.status, unmarked_answers(), open_claims()).where(
            ItemSet.id == set_id, ItemSet.owner_id == owner_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    first = _first_attempts(set_id)
    said = certainties(session, set_id, first)
    return Results(
        *row,
        takers=tuple(_takers(session, set_id)),
        questions=tuple(_questions(session, set_id, _tallies(session, set_id, first), said)),
        certainties=said.lines,
    )


def _takers(session: Session, set_id: int) -> list[Taker]:
    rows = session.execute(
        select(
            Attempt.learner_id,
            Attempt.number,
            Person.shown_name,
            Person.role,
            Attempt.score,
            Attempt.max_score,
            Attempt.graded_at,
            Attempt.closed_at,
            waits(Attempt),
        )
        .join(Person, Person.id == Attempt.learner_id)
        .where(Attempt.item_set_id == set_id, Attempt.outcome.in_(TAKEN))
        .order_by(Attempt.learner_id, Attempt.number)
    )
    sittings: dict[int, list[tuple[float | None, datetime]]] = defaultdict(list)
    names: dict[int, tuple[int, bool, str]] = {}
    for learner_id, number, name, role, score, max_score, graded_at, closed_at, is_waiting in rows:
        is_marked = graded_at is not None and not is_waiting
        share = score / max_score if is_marked and score is not None and max_score else None
        if closed_at is not None:
            sittings[learner_id].append((share, closed_at))
            names[learner_id] = (number, role == "guest", "A guest" if role == "guest" else name)
    takers = []
    for learner_id, mine in sittings.items():
        number, is_guest, name = names[learner_id]
        latest_at = max(at for _, at in mine)
        takers.append(Taker(learner_id, number, name, is_guest, len(mine), mine[0][0], mine[-1][0], latest_at))
    return sorted(takers, key=lambda taker: (taker.is_guest, taker.name.casefold(), taker.latest_at))


def _first_attempts(set_id: int) -> Subquery:
    return (
        select(Attempt.learner_id, func.min(Attempt.number).label("number"))
        .where(Attempt.item_set_id == set_id, Attempt.outcome.in_(TAKEN))
        .group_by(Attempt.learner_id)
        .subquery()
    )


def _tallies(session: Session, set_id: int, first: Subquery) -> list[_Tally]:
    answer = cast(AttemptItem.answer, Text)
    is_retried = and_(Attempt.rules["tries"].as_integer() > 1, AttemptItem.revision > 0, AttemptItem.score.is_not(None))
    is_right_at_first = and_(is_retried, AttemptItem.revision == 1, AttemptItem.score >= 1)
    rows = session.execute(
        select(
            AttemptItem.item_id,
            AttemptItem.item_version_id,
            answer,
            func.count(),
            func.avg(AttemptItem.score),
            func.sum(case((is_retried, 1), else_=0)),
            func.sum(case((is_retried, AttemptItem.revision), else_=0)),
            func.sum(case((is_right_at_first, 1), else_=0)),
        )
        .join(Attempt, and_(Attempt.learner_id == AttemptItem.learner_id, Attempt.id == AttemptItem.attempt_id))
        .join(first, and_(first.c.learner_id == Attempt.learner_id, first.c.number == Attempt.number))
        .where(Attempt.item_set_id == set_id, Attempt.graded_at.is_not(None))
        .group_by(AttemptItem.item_id, AttemptItem.item_version_id, answer)
    )
    return [
        _Tally(item_id, version_id, json.loads(given) if given else None, count, share, Tries(*retried))
        for item_id, version_id, given, count, share, *retried in rows
    ]


def _questions(session: Session, set_id: int, tallies: Sequence[_Tally], said: Certainties) -> list[QuestionResult]:
    versions: dict[int, Item] = {}
    newest: dict[int, int] = {}
    for version_id, item_id, content in session.execute(
        select(ItemVersion.id, ItemVersion.item_id, ItemVersion.content)
        .where(ItemVersion.item_id.in_({tally.item_id for tally in tallies}))
        .order_by(ItemVersion.item_id, ItemVersion.number)
    ):
        versions[version_id] = read_item(content)
        newest[item_id] = version_id  # a corrected wording shows before anybody has answered it
    held = session.execute(
        select(ItemSetItem.item_id, func.coalesce(SetSection.title, ""))
        .outerjoin(SetSection, SetSection.id == ItemSetItem.section_id)
        .where(ItemSetItem.item_set_id == set_id)
        .order_by(ItemSetItem.position, ItemSetItem.item_id)
    )
    places, sections = {}, pooled_titles(session, set_id)
    for number, (item_id, title) in enumerate(held, start=1):
        places[item_id], sections[item_id] = number, title
    by_item: dict[int, list[_Tally]] = defaultdict(list)
    for tally in tallies:
        by_item[tally.item_id].append(tally)
    order = sorted(
        (item_id for item_id in by_item if versions[newest[item_id]].kind != "description"),
        key=lambda item_id: (places.get(item_id, len(places) + 1), item_id),
    )
    return [
        replace(
            _result(places.get(item_id, 0), versions[newest[item_id]], by_item[item_id], versions),
            tries=_tries(by_item[item_id]),
            section=sections.get(item_id, ""),
            is_from_pool=item_id not in places and item_id in sections,
            sure_and_wrong=said.sure_and_wrong[item_id],
        )
        for item_id in order
    ]


def _tries(tallies: Sequence[_Tally]) -> Tries | None:
    retried = [tally.retried for tally in tallies if tally.retried.people]
    if not retried:
        return None
    return Tries(
        sum(each.people for each in retried),
        sum(each.tries for each in retried),
        sum(each.right_at_first for each in retried),
    )


def _result(number: int, newest: Item, tallies: Sequence[_Tally], versions: dict[int, Item]) -> QuestionResult:
    scored = [tally for tally in tallies if tally.share is not None]
    answers = sum(tally.count for tally in scored)
    share = sum((tally.share or 0.0) * tally.count for tally in scored) / answers if answers else None
    wrong: dict[str, int] = defaultdict(int)
    for tally in tallies:
        for text in _wrong_answers(versions[tally.version_id], tally):
            wrong[text] += tally.count
    answer, times = max(wrong.items(), key=lambda entry: (entry[1], entry[0]), default=("", 0))
    return QuestionResult(
        tallies[0].item_id,
        number,
        plain_stem(newest.stem),
        KIND_NAMES.get(newest.kind, newest.kind),
        newest.kind not in ("flashcard", "description"),
        sum(tally.count for tally in tallies),
        share,
        answer,
        times,
    )


def _wrong_answers(item: Item, tally: _Tally) -> Iterable[str]:
    """Return the wrong options chosen in an answer, or what was typed when it earned nothing."""
    answer = tally.answer or {}
    match item:
        case SingleChoice() | TrueFalse() | MultipleChoice():
            chosen = {answer.get("choice"), *(answer.get("choices") or ())}
            return [option.text for option in item.options if option.id in chosen and option.weight <= 0]
        case Cloze():
            return _wrong_gaps(item, answer.get("gaps") or [])
        case Matching():
            pairs = [pair for pair in item.pairs if pair.left is not None]
            given = zip(pairs, answer.get("matches") or [], strict=False)
            return [f"{pair.left} – {text}" for pair, text in given if text not in ("", pair.right)]
    text = str(answer.get("text", "")).strip()
    return [text] if text and tally.share == 0 else []


def _wrong_gaps(item: Cloze, given: Sequence[str]) -> list[str]:
    return [
        option.text
        for gap, value in zip(item.gaps, given, strict=False)
        for option in gap.options
        if option.id == value and option.weight <= 0
    ]
