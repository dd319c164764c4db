"""One-time codes of teachers and administrators: setting them up, taking one, recovery codes, removing them.

The database holds a salt; the secret that an authenticator app knows is made of it and the secret key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote, urlencode

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from quizapp.accounts import sign_ins
from quizapp.accounts.names import fold
from quizapp.core.one_time_codes import DIGITS, STEP_SECONDS, matching_step, secret_of
from quizapp.errors import Conflict, NotFound
from quizapp.models import Person, RecoveryCode
from quizapp.web import auditing

RECOVERY_CODES = 10
WRONG_CODE = "This code is not right, or it was used before. Wait for the next one."
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what looks alike on paper
_RECOVERY_LENGTH = 10
_ISSUER = "Quizapp"


@dataclass(frozen=True)
class State:
    """How far somebody is with one-time codes."""

    salt: bytes | None  # None: nothing is set up
    is_on: bool
    recovery_left: int


def state(session: Session, person_id: int) -> State:
    """Return how far somebody is with one-time codes."""
    left = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    row = session.execute(
        select(Person.totp_salt, Person.totp_confirmed_at, left.scalar_subquery()).where(Person.id == person_id)
    ).one()
    return State(row[0], row[1] is not None, row[2])


def secret_text(secret_key: str, salt: bytes) -> str:
    """Return the secret as an app takes it by hand: base 32, without padding."""
    return base64.b32encode(secret_of(secret_key.encode(), salt)).decode().rstrip("=")


def app_uri(secret_key: str, salt: bytes, sign_in_name: str) -> str:
    """Return the `otpauth:` address that a QR code carries to an app."""
    values = {"secret": secret_text(secret_key, salt), "issuer": _ISSUER, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{_ISSUER}:{quote(sign_in_name)}?{urlencode(values)}"


def begin(session: Session, person_id: int) -> None:
    """Make a new secret, which counts once a code of it is confirmed. Raises Conflict when codes are on."""
    person = _locked(session, person_id)
    if person.totp_confirmed_at is not None:
        raise Conflict("One-time codes are switched on already.")
    person.totp_salt, person.totp_step = os.urandom(16), None


def confirm(
    session: Session, person_id: int, given: str, *, keep: uuid.UUID, secret_key: str, now: datetime
) -> list[str]:
    """Switch codes on by a first code, sign other devices out, and return the recovery codes, which nobody can read
    again; an empty list when the code is not right.

    Raises Conflict when there is nothing to confirm.
    """
    person = _locked(session, person_id)
    if person.totp_salt is None or person.totp_confirmed_at is not None:
        raise Conflict("There is nothing to confirm. Begin anew.")
    if not _takes(person, given, secret_key, now):
        return []
    person.totp_confirmed_at = now
    made = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_id=person_id, code_hash=_hash(secret_key, person_id, code)) for code in made)
    ended = sign_ins.end_all(session, person_id, keep=keep, now=now)
    auditing.record(session, person_id, "codes.on", "person", person_id, now=now, devices=ended)
    return [f"{code[:5]}-{code[5:]}" for code in made]


def accept(session: Session, person_id: int, given: str, *, secret_key: str, now: datetime) -> bool:
    """Take a one-time or a recovery code and use it up; tell whether it was right."""
    person = _locked(session, person_id)
    if person.totp_confirmed_at is None:
        return False
    if _takes(person, given, secret_key, now):
        return True
    code_hash = _hash(secret_key, person_id, _bare(given))
    used = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    is_right = cast(CursorResult[Any], used).rowcount == 1
    if is_right:
        auditing.record(session, person_id, "codes.recovery_used", "person", person_id, now=now)
    return is_right


def remove(session: Session, person_id: int, actor_id: int | None, now: datetime) -> bool:
    """Switch codes off and forget them: by their owner, an administrator, or (None) the command line.

    False, and nothing happens, when none were set up. Raises NotFound.
    """
    person = _locked(session, person_id)
    if person.totp_salt is None:
        return False
    was_on = person.totp_confirmed_at is not None
    person.totp_salt = person.totp_confirmed_at = person.totp_step = None
    session.execute(
        delete(RecoveryCode).where(RecoveryCode.person_id == person_id).execution_options(synchronize_session=False)
    )
    if was_on:
        auditing.record(session, actor_id, "codes.off", "person", person_id, now=now)
    session.flush()
    return True


def remove_codes_of(session: Session, sign_in_name: str, now: datetime) -> bool:
    """Do as `remove` for the command line, which knows people by their sign-in names."""
    person_id = session.scalar(select(Person.id).where(Person.sign_in_name == fold(sign_in_name)))
    if person_id is None:
        raise NotFound
    return remove(session, person_id, None, now)


def _takes(person: Person, given: str, secret_key: str, now: datetime) -> bool:
    secret = secret_of(secret_key.encode(), person.totp_salt or b"")
    step = matching_step(secret, _bare(given), now.timestamp(), person.totp_step)
    if step is not None:
        person.totp_step = step
    return step is not None


def _new_recovery_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LENGTH))


def _hash(secret_key: str, person_id: int, code: str) -> bytes:
    # Such codes are short enough to be tried out by whoever has the table, but not without the key.
    return hmac.digest(secret_key.encode(), f"recovery code {person_id} {code}".encode(), hashlib.sha256)


def _bare(given: str) -> str:
    return "".join(character for character in given.lower() if character.isascii() and character.isalnum())


def _locked(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound
    return person
