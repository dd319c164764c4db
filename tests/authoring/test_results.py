"""Results: who took a set, credit per question, the wrong answer that drew most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from quizapp.authoring.overviews import my_sets
from quizapp.authoring.publishing import publish
from quizapp.authoring.removing import remove_from_set
from quizapp.authoring.results import set_results
from quizapp.authoring.sets import add_to_set, correct_in_set, replace_in_set
from quizapp.errors import NotFound
from tests.authoring.conftest import CHOICE, Made, choice, item_of
from tests.builders import counted_queries, make_guest, make_person
from tests.conftest import MONDAY, Cast, Clock

Take = Callable[..., None]


@pytest.fixture
def others(session: Session, cast: Cast, made: Made) -> dict[str, int]:
    """Add a question of every other kind and publish the set."""
    kinds = ("multiple_choice", "true_false", "short_answer", "cloze", "flashcard")
    ids = {kind: add_to_set(session, made.set_id, cast.teacher, item_of(kind), made.source, MONDAY) for kind in kinds}
    publish(session, made.set_id, cast.teacher, "here", MONDAY)
    session.commit()
    return ids


def test_nobody_yet(session: Session, cast: Cast, made: Made) -> None:
    results = set_results(session, made.set_id, cast.teacher)
    assert (results.takers, results.questions, results.mean, results.hardest) == ((), (), None, None)
    assert results.headline == "0 people have taken it"


def test_every_kind_is_counted(session: Session, cast: Cast, made: Made, others: dict[str, int], take: Take) -> None:
    take(
        made.set_id,
        cast.student,
        {
            made.item_id: ({"choice": "b"}, 0.0),
            others["multiple_choice"]: ({"choices": ["a", "c"]}, 0.0),
            others["true_false"]: ({"choice": "true"}, 0.0),
            others["short_answer"]: ({"text": " offense "}, 0.0),
            others["cloze"]: ({"gaps": ["attack", "b"]}, 0.0),
            others["flashcard"]: ({"rating": 3}, None),
        },
    )
    take(
        made.set_id,
        cast.classmate,
        {
            made.item_id: ({"choice": "a"}, 1.0),
            others["multiple_choice"]: ({"choices": ["a"]}, 0.5),
            others["true_false"]: (None, 0.0),
            others["short_answer"]: ({"text": "collective"}, 1.0),
            others["cloze"]: ({"gaps": ["support", "a"]}, 1.0),
            others["flashcard"]: (None, None),
        },
    )
    results = set_results(session, made.set_id, cast.teacher)
    lines = [(line.number, line.answers, line.share, line.wrong_answer, line.wrong_count) for line in results.questions]
    assert lines == [
        (1, 2, 0.5, "Its budget", 1),
        (2, 2, 0.25, "Humanitarian relief", 1),
        (3, 2, 0.0, "True", 1),
        (4, 2, 0.5, "offense", 1),
        (5, 2, 0.5, "combat", 1),
        (6, 2, None, "", 0),
    ]
    assert results.hardest is not None
    assert results.hardest.number == 3
    assert [line.is_marked for line in results.questions] == [True] * 5 + [False]


def test_the_most_chosen_wrong_option_counts_first_attempts_only(
    session: Session, cast: Cast, made: Made, others: dict[str, int], take: Take, clock: Clock
) -> None:
    take(made.set_id, cast.student, {made.item_id: ({"choice": "c"}, 0.0)})
    clock.advance(hours=1)
    take(made.set_id, cast.student, {made.item_id: ({"choice": "a"}, 1.0)}, number=2)
    take(made.set_id, cast.classmate, {made.item_id: ({"choice": "c"}, 0.0)}, number=1, outcome="abandoned")
    take(made.set_id, cast.classmate, {made.item_id: ({"choice": "b"}, 0.0)}, number=2, outcome="expired")
    third = make_person(session, "Third Person", now=MONDAY)
    take(made.set_id, third, {made.item_id: ({"choice": "c"}, 0.0)}, outcome=None)
    results = set_results(session, made.set_id, cast.teacher)
    assert [(taker.name, taker.attempts, taker.first_score, taker.latest_score) for taker in results.takers] == [
        ("Jon Vale", 1, 0.0, 0.0),
        ("Mira Okafor", 2, 0.0, 1.0),
    ]
    assert results.takers[1].latest_at == clock.now
    assert results.headline == "2 people have taken it, with 0\u00a0% on average"
    question = results.questions[0]
    assert (question.answers, question.share, question.wrong_count) == (2, 0.0, 1)
    assert [(line.takers, line.next_step) for line in my_sets(session, cast.teacher)] == [(2, "results")]


def test_a_corrected_question_is_one_question(
    session: Session, cast: Cast, made: Made, others: dict[str, int], take: Take
) -> None:
    take(made.set_id, cast.student, {made.item_id: ({"choice": "b"}, 0.0)})
    options = [CHOICE["options"][0], {"id": "d", "text": "Its fleet"}, CHOICE["options"][2]]
    better = choice(stem="What has grown?", options=options)
    correct_in_set(session, made.set_id, made.item_id, cast.teacher, better, made.source, MONDAY)
    session.commit()
    take(made.set_id, cast.classmate, {made.item_id: ({"choice": "c"}, 0.0)})
    third = make_person(session, "Third Person", now=MONDAY)
    take(made.set_id, third, {made.item_id: ({"choice": "c"}, 0.0)})
    (line,) = set_results(session, made.set_id, cast.teacher).questions
    assert (line.stem, line.answers, line.wrong_answer, line.wrong_count) == ("What has grown?", 3, "Its membership", 2)


def test_questions_that_left_stay_in_the_results(
    session: Session, cast: Cast, made: Made, others: dict[str, int], take: Take
) -> None:
    take(
        made.set_id,
        cast.student,
        {made.item_id: ({"choice": "a"}, 1.0), others["cloze"]: ({"gaps": ["support", "a"]}, 1.0)},
    )
    replace_in_set(session, made.set_id, made.item_id, cast.teacher, choice(stem="Another"), made.source, MONDAY)
    remove_from_set(session, made.set_id, others["cloze"], cast.teacher)
    session.commit()
    results = set_results(session, made.set_id, cast.teacher)
    assert [line.number for line in results.questions] == [0, 0]
    assert results.hardest is None


def test_guests_are_told_without_a_name_and_come_last(session: Session, cast: Cast, made: Made, take: Take) -> None:
    guest = make_guest(session, now=MONDAY)
    for person in (guest, cast.student):
        take(made.set_id, person, {made.item_id: ({"choice": "a"}, 1.0)})
    results = set_results(session, made.set_id, cast.teacher)
    assert [(taker.name, taker.is_guest) for taker in results.takers] == [("Mira Okafor", False), ("A guest", True)]
    assert (results.guests, results.headline.startswith("2 people have taken it")) == (1, True)


@pytest.mark.parametrize("stranger", ["colleague", "admin", "student"])
def test_a_stranger_finds_no_results(session: Session, cast: Cast, made: Made, stranger: str) -> None:
    with pytest.raises(NotFound):
        set_results(session, made.set_id, getattr(cast, stranger))


def test_the_number_of_queries_does_not_grow(
    app: Flask, session: Session, cast: Cast, made: Made, others: dict[str, int], take: Take
) -> None:
    take(made.set_id, cast.student, {made.item_id: ({"choice": "a"}, 1.0)})
    with counted_queries(app) as few:
        set_results(session, made.set_id, cast.teacher)
    for number in range(20):
        learner = make_person(session, f"Learner {number}", now=MONDAY)
        take(made.set_id, learner, dict.fromkeys((made.item_id, *others.values()), (None, 0.0)))
    session.commit()
    with counted_queries(app) as many:
        set_results(session, made.set_id, cast.teacher)
    assert len(few) == len(many) <= 7


def test_results_search_the_attempts_and_never_scan_them(
    session: Session, cast: Cast, made: Made, others: dict[str, int], take: Take
) -> None:
    take(made.set_id, cast.student, {made.item_id: ({"choice": "a"}, 1.0)})
    sent: list[tuple[str, Any]] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *call: sent.append((call[2], call[3])))
    set_results(session, made.set_id, cast.teacher)
    my_sets(session, cast.teacher)
    reads = [(statement, parameters) for statement, parameters in sent if "attempts" in statement]
    assert len(reads) == 5  # the set, with what waits in it, is one of them
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql("SET enable_seqscan = off")  # on a handful of rows a scan would be cheaper
    for statement, parameters in reads:
        prefix = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(prefix + statement, parameters))
        assert "SCAN attempt" not in plan, plan
        assert "Seq Scan on attempt" not in plan, plan


def test_tries_are_counted_with_what_they_left_of_the_mark(
    visitor: Any, session: Session, cast: Cast, made: Made, others: dict[str, int], take: Take
) -> None:
    rules = {"feedback": "at_once", "tries": 3}
    typed = others["short_answer"]
    take(made.set_id, cast.student, {typed: ({"text": "collective"}, 1.0)}, revision=1, rules=rules)
    take(made.set_id, cast.classmate, {typed: ({"text": "collective"}, 2 / 3)}, revision=2, rules=rules)
    third = make_person(session, "Third Person", now=MONDAY)
    take(made.set_id, third, {typed: ({"text": "collective"}, 1.0)}, revision=4, rules={"feedback": "at_end"})
    results = set_results(session, made.set_id, cast.teacher)
    (line,) = results.questions
    assert line.tries is not None
    assert (line.tries.people, line.tries.mean, line.tries.right_at_first) == (2, 1.5, 1)
    assert line.share == pytest.approx(8 / 9)
    session.commit()
    page = visitor(cast.teacher).open(f"/teach/sets/{made.set_id}/results")
    assert "1.5 right at first: 1 of 2" in page.words


def test_how_sure_they_were_stands_beside_how_right(
    visitor: Any, session: Session, cast: Cast, made: Made, others: dict[str, int], take: Take
) -> None:
    rules = {"feedback": "at_once", "asks_certainty": True}
    said = [("high", 1.0), ("high", 0.0), ("high", 0.0), ("low", 0.0)]
    for number, (certainty, score) in enumerate(said):
        learner = make_person(session, f"Learner {number}", now=MONDAY)
        answer = {"choice": "a" if score else "b", "certainty": certainty}
        take(made.set_id, learner, {made.item_id: (answer, score)}, revision=1, rules=rules, certainty=certainty)
    results = set_results(session, made.set_id, cast.teacher)
    lines = [(line.name, line.answers, line.right) for line in results.certainties]
    assert lines == [("Sure", 3, 1), ("Not sure", 1, 0)]
    assert results.questions[0].sure_and_wrong == 2
    session.commit()
    page = visitor(cast.teacher).open(f"/teach/sets/{made.set_id}/results")
    assert "Of 3 answers that they were sure of, 33\u00a0% were right; of 1 answer that they were not" in page.text
    assert "2 of 4 were sure and not right" in page.words
