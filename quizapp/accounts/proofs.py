"""Proof that whoever sits at a signed-in device knows the password; asked for before what could shut the owner out."""

from __future__ import annotations

from sqlalchemy.orm import Session

from quizapp.accounts import passwords, people, sign_ins
from quizapp.database import reading, transaction
from quizapp.errors import Invalid
from quizapp.web import throttles
from quizapp.web.access import Viewer
from quizapp.web.clock import now
from quizapp.web.settings import settings_in_force


def proven_hash(person: Viewer, password: str) -> str:
    """Return the stored hash that `password` opens; no transaction may be open, this takes its time.

    Raises Invalid on `current_password`, TooManyTries.
    """
    counts = throttles.of_person("password", person.id)
    throttles.check(reading(), counts, now())
    stored = people.password_hash_of(reading(), person.id)
    reading().close()  # proving is slow: nothing may wait for this connection meanwhile
    rounds = settings_in_force().password_rounds
    if stored is None or not passwords.verify(stored, password, rounds):
        sign_ins.note_failure("account")
        with transaction() as session:
            throttles.fail(session, counts, now())
        raise Invalid("current_password", "This is not the password you have now.")
    return stored


def accept_proof(session: Session, person_id: int) -> None:
    """Forget earlier mistakes, in the transaction of what the proof was for. Raises TooManyTries."""
    throttles.succeed(session, throttles.of_person("password", person_id), now())
