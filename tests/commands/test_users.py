"""`user`: accounts and links made by the operator."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.models import AuditEntry, OneTimeLink, Person, RecoveryCode
from tests.command_line import Ran, Run
from tests.conftest import Cast, Clock
from tests.pages import Visitor

PASSWORD = "quiet harbour at dawn"
LINK = r"Set a new password within a day at http://127\.0\.0\.1:5000/reset/\S+\n"


class TestUser:
    def test_an_account_with_a_password_from_standard_input_opens(
        self, run: Run, visitor: Callable[..., Visitor]
    ) -> None:
        ran = run("user", "add", "Noor Haddad", "--role", "teacher", "--password-stdin", stdin=f"{PASSWORD}\n")
        assert ran == Ran(0, "Noor Haddad can sign in as noor.haddad.\n", "")
        browser = visitor()
        browser.open("/sign-in")
        page = browser.press("Sign in", name="noor.haddad", password=PASSWORD)
        assert "Teach" in page.links()

    def test_without_a_password_a_link_sets_one(self, run: Run, visitor: Callable[..., Visitor]) -> None:
        ran = run("user", "add", "Noor Haddad", "--role", "student")
        assert ran.status == 0
        link = re.search(r"http://127\.0\.0\.1:5000(/reset/\S+)", ran.out)
        assert link
        assert "password" in visitor().open(link[1]).words.lower()

    def test_the_link_has_the_public_address(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QUIZAPP_BASE_URL", "https://quiz.school.example/")
        assert " https://quiz.school.example/reset/" in run("user", "add", "Noor Haddad", "--role", "student").out

    def test_a_weak_password_is_refused_and_nobody_added(self, run: Run, stored: Callable[[], Session]) -> None:
        ran = run("user", "add", "Noor Haddad", "--role", "student", "--password-stdin", stdin="short\n")
        assert ran.status == 1
        assert ran.out == ""
        assert re.fullmatch(r"quizapp: [A-Z].+\.\n", ran.err)
        assert stored().scalar(select(func.count()).select_from(Person)) == 0

    def test_a_reset_makes_a_link_that_only_its_reader_knows(
        self, run: Run, cast: Cast, stored: Callable[[], Session]
    ) -> None:
        ran = run("user", "reset", "mira.okafor")
        secret = ran.out.strip().rpartition("/")[2]
        assert len(secret) >= 32
        row = stored().scalars(select(OneTimeLink)).one()
        assert row.person_id == cast.student
        assert secret.encode() not in row.secret_hash

    def test_a_reset_removes_codes_only_when_asked_and_the_audit_log_tells(
        self, run: Run, cast: Cast, clock: Clock, app: Flask, stored: Callable[[], Session]
    ) -> None:
        with app.extensions["quizapp.database"].write_session() as session:
            teacher = session.get_one(Person, cast.teacher)
            teacher.totp_salt, teacher.totp_confirmed_at = bytes(16), clock.now
            session.add(RecoveryCode(person_id=cast.teacher, code_hash=bytes(32)))
        assert re.fullmatch(LINK, run("user", "reset", "eva.lindqvist").out)
        assert stored().get_one(Person, cast.teacher).totp_confirmed_at == clock.now
        ran = run("user", "reset", "eva.lindqvist", "--remove-codes")
        assert re.fullmatch(rf"One-time codes are switched off\.\n{LINK}", ran.out)
        assert stored().get_one(Person, cast.teacher).totp_confirmed_at is None
        assert stored().scalar(select(func.count()).select_from(RecoveryCode)) == 0
        entries = select(AuditEntry.actor_id, AuditEntry.subject_id).where(AuditEntry.action == "codes.off")
        assert [tuple(row) for row in stored().execute(entries)] == [(None, str(cast.teacher))]
        assert re.fullmatch(LINK, run("user", "reset", "eva.lindqvist", "--remove-codes").out)

    def test_a_reset_for_nobody_says_so(self, run: Run) -> None:
        ran = run("user", "reset", "nobody")
        assert (ran.status, ran.out) == (1, "")
        assert ran.err.startswith("quizapp: ")

    def test_a_role_that_is_none_is_a_usage_error(self, run: Run) -> None:
        ran = run("user", "add", "Noor Haddad", "--role", "wizard")
        assert ran.status == 2
        assert "student" in ran.err
