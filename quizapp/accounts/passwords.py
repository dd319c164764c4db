"""Passwords: argon2id hashes, and which passwords are refused.

Hashing takes milliseconds on purpose, so nothing here may be called while a transaction is open.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # the package ships no types

from quizapp.accounts.names import fold
from quizapp.errors import Invalid

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 256
_EASY_GUESSES = 10**6
_JUDGED_LENGTH = 40  # judging takes time that grows fast with length, and what begins easily is too easy
_MEMORY_KIBIBYTES = 19 * 1024


def hash_password(password: str, rounds: int) -> str:
    """Return the argon2id hash, 19 MiB and `rounds` passes, in its textual form."""
    return _hasher(rounds).hash(_octets(password))


def verify(password_hash: str | None, password: str, rounds: int) -> bool:
    """Tell whether the password is the hashed one; without a hash it takes as long and the answer is no."""
    try:
        return _hasher(rounds).verify(password_hash or _nobodys_hash(rounds), _octets(password)) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str, rounds: int) -> bool:
    """Tell whether the hash was made with other parameters than those in force."""
    return _hasher(rounds).check_needs_rehash(password_hash)


def refuse_weak(field: str, password: str, names: Iterable[str]) -> None:
    """Raise Invalid on `field` when the password is too short, too long, easily guessed, or one of one's own names.

    Easy is what a guesser who knows common passwords, words, keyboards and these names tries among the first million.
    """
    names = list(names)
    length = len(unicodedata.normalize("NFC", password))
    if length < MINIMUM_LENGTH:
        raise Invalid(field, f"Use at least {MINIMUM_LENGTH} characters. A few words in a row are easy to remember.")
    if length > MAXIMUM_LENGTH:
        raise Invalid(field, f"Use at most {MAXIMUM_LENGTH} characters.")
    if _bare(password) in {_bare(name) for name in names} - {""}:
        raise Invalid(field, "Choose something other than your name or your address.")
    known = [word for name in (*names, "Quizapp") for word in (name, _bare(name), *name.split()) if word]
    if zxcvbn(password[:_JUDGED_LENGTH], user_inputs=known)["guesses"] < _EASY_GUESSES:
        raise Invalid(
            field, "This one is easily guessed. A few words in a row are harder to guess, and easy to remember."
        )


def warm_up(rounds: int) -> None:
    """Make ready what the first sign-in would else wait for, which would tell that its name is unknown."""
    _nobodys_hash(rounds)


def _bare(text: str) -> str:
    return "".join(character for character in fold(text) if unicodedata.category(character)[0] in "LNM")


@lru_cache
def _nobodys_hash(rounds: int) -> str:
    return _hasher(rounds).hash(b"nobody has this password: " + bytes(16))


@lru_cache
def _hasher(rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=_MEMORY_KIBIBYTES, parallelism=1, type=Type.ID)


def _octets(password: str) -> bytes:
    # Every space counts; only the two ways of writing an accented letter, which differ by keyboard, are one.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
