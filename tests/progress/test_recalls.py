"""What was recalled when due, in windows and by age, beside what was expected."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from quizapp.core.proportions import Tally
from quizapp.models import RecallTotal
from quizapp.progress.recalls import recalls
from quizapp.progress.rows import Cell, expected_rows, retention_rows
from tests.conftest import Cast

TODAY = date(2026, 11, 16)


def add(
    session: Session, learner_id: int, days_ago: int, reviews: int, recalled: int, *, twentieth: int = 18,
    is_due: bool = True, is_mature: bool = False,
) -> None:  # fmt: skip
    session.add(
        RecallTotal(
            learner_id=learner_id, study_day=TODAY - timedelta(days=days_ago), is_due=is_due, is_mature=is_mature,
            twentieth=twentieth, reviews=reviews, recalled=recalled, expected=reviews * (twentieth + 0.5) / 20,
        )
    )  # fmt: skip
    session.flush()


def test_windows_reach_back_their_days_and_ages_stand_apart(session: Session, cast: Cast) -> None:
    add(session, cast.student, 0, 10, 9)
    add(session, cast.student, 6, 10, 8)
    add(session, cast.student, 7, 10, 7)
    add(session, cast.student, 29, 4, 4, is_mature=True)
    add(session, cast.student, 30, 50, 0)
    add(session, cast.classmate, 0, 50, 0)
    retention, _ = recalls(session, cast.student, TODAY)
    assert [(tally.reviews, tally.recalled) for tally in retention.young] == [(20, 17), (30, 24)]
    assert [(tally.reviews, tally.recalled) for tally in retention.mature] == [(0, 0), (4, 4)]
    young, mature, both = retention_rows(retention)
    assert young.cells[0] == Cell("85\u00a0%", "of 20", "65–96\u00a0%")
    assert mature.cells == (Cell("–", "", ""), Cell("4 of 4", "", "56–100\u00a0%"))
    assert both.cells[1].of == "of 34"
    assert both.low < both.mean < both.high


def test_studying_ahead_counts_for_what_was_expected_only(session: Session, cast: Cast) -> None:
    add(session, cast.student, 1, 10, 10, twentieth=19, is_due=False)
    add(session, cast.student, 1, 10, 5, twentieth=10)
    add(session, cast.student, 364, 10, 6, twentieth=10)
    add(session, cast.student, 365, 10, 6, twentieth=10)
    retention, likely = recalls(session, cast.student, TODAY)
    assert retention.all[-1].reviews == 10
    assert (likely[19].reviews, likely[10].reviews, likely[10].recalled) == (10, 20, 11)
    assert expected_rows([likely[10]]) == [("53\u00a0%", "55\u00a0%", "34–75\u00a0%", 20)]


def test_without_reviews_there_are_no_rows(session: Session, cast: Cast) -> None:
    retention, likely = recalls(session, cast.student, TODAY)
    assert retention_rows(retention) == []
    assert sum(likely, Tally()) == Tally()
