"""Somebody with a password."""

from __future__ import annotations

import pytest
from flask import Flask

from quizapp.accounts import passwords
from quizapp.accounts.people import add_person
from tests.accounts.visits import PASSWORD, database_of
from tests.conftest import Clock


@pytest.fixture
def noor(app: Flask, clock: Clock) -> int:
    with database_of(app).write_session() as session:
        return add_person(
            session, shown_name="Noor Haddad", sign_in_name="noor", email="noor@example.org", role="student",
            now=clock.now, password_hash=passwords.hash_password(PASSWORD, 1),
        ).id  # fmt: skip
