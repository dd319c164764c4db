"""`rebuild`: what is stored is what the log makes."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from quizapp.models import Card, DailyTotal
from tests.command_line import Ran, Run
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of


class TestRebuild:
    @pytest.fixture
    def learned(self, session: Session, cast: Cast, clock: Clock) -> Cast:
        answer(session, cast.student, items_of(session)[:4], 1.0, clock.now)
        session.commit()
        return cast

    def test_a_log_that_makes_what_is_stored_has_no_difference(self, run: Run, learned: Cast) -> None:
        assert run("rebuild", "--check") == Ran(0, "0 differences in 1 learners.\n", "")

    def test_a_planted_difference_is_found_and_mended(self, run: Run, learned: Cast, app: Flask) -> None:
        with app.extensions["quizapp.database"].write_session() as session:
            session.execute(update(Card).where(Card.item_id == items_of(session)[0]).values(stability=99.0))
            session.execute(update(DailyTotal).values(answers=40))
        found = run("rebuild", "--check")
        assert found.status == 1
        assert "stability is 99.0, the log makes " in found.out
        assert "answers is 40, the log makes 4" in found.out
        assert found.out.endswith("2 differences in 1 learners.\n")
        assert run("rebuild") == Ran(0, "0 differences in 1 learners.\n", "")
        assert run("rebuild", "--check").status == 0
