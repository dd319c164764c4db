"""Between password and one-time code: who is awaited, in the signed cookie; nobody is signed in yet."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from flask import session as cookie

from quizapp.accounts import sign_ins
from quizapp.database import reading
from quizapp.web.clock import now
from quizapp.web.settings import settings_in_force

_KEY = "code_for"
_SECONDS = 600


@dataclass(frozen=True)
class Awaited:
    """Whose password was right, by which name, and where they were going."""

    proven: sign_ins.Candidate
    given: str
    target: str


def await_code(proven: sign_ins.Candidate, given: str, target: str) -> None:
    """Remember on this browser whose password was right a moment ago."""
    until = int(now().timestamp()) + _SECONDS
    cookie[_KEY] = {
        "person": proven.person_id, "proof": _proof(proven), "until": until, "given": given, "next": target,
    }  # fmt: skip


def awaited() -> Awaited | None:
    """Return who is awaited; None after ten minutes, or when the password changed or the person was disabled since."""
    told = cookie.get(_KEY)
    if told is None or told["until"] <= now().timestamp():
        return None
    proven = sign_ins.candidate(reading(), told["person"])
    if proven is None or proven.is_disabled or not hmac.compare_digest(_proof(proven), told["proof"]):
        return None
    return Awaited(proven, told["given"], told["next"])


def _proof(proven: sign_ins.Candidate) -> str:
    # The cookie can be read by whoever holds it, so it carries nothing of the hash itself.
    key = settings_in_force().secret_key.encode()
    return hmac.digest(key, f"password was right: {proven.password_hash}".encode(), hashlib.sha256).hex()[:32]
