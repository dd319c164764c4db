"""One-time codes of an authenticator app: TOTP as in RFC 6238 with SHA-1, 30 seconds and six digits."""

from __future__ import annotations

import hashlib
import hmac

STEP_SECONDS = 30
DIGITS = 6
SECRET_LENGTH = 20  # octets, as many as SHA-1 makes
_DRIFT_STEPS = 1  # a phone's clock may be this many steps off, either way


def secret_of(master_key: bytes, salt: bytes) -> bytes:
    """Return the secret that belongs to a stored salt; without the master key the salt tells nothing of it."""
    return hmac.digest(master_key, b"one-time codes" + salt, hashlib.sha256)[:SECRET_LENGTH]


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of a step, counted in STEP_SECONDS since 1970."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, given: str, unix_seconds: float, last_step: int | None) -> int | None:
    """Return the step whose code was given, None when it is none of now; steps up to `last_step` are used up."""
    present = int(unix_seconds // STEP_SECONDS)
    found = None
    for step in range(present - _DRIFT_STEPS, present + _DRIFT_STEPS + 1):
        is_same = hmac.compare_digest(code_at(secret, step).encode(), given.encode())  # no step ends the loop early
        if is_same and (last_step is None or step > last_step):
            found = step
    return found
