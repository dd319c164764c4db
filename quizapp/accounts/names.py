"""Names that people give: how they are written, which are refused, which free ones to suggest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Invalid
from quizapp.models import Person

SHOWN_NAME_LENGTH = 80
SIGN_IN_NAME_LENGTH = 40
EMAIL_LENGTH = 254

_JOINERS = "\u200c\u200d"  # part of how some scripts and emoji are written
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[^@\s<>()\[\],;:\\\".]+(\.[^@\s<>()\[\],;:\\\".]+)+")


def read_shown_name(text: str) -> str:
    """Return the name as others see it: white space folded, invisible characters gone. Raises Invalid."""
    visible = "".join(character for character in unicodedata.normalize("NFC", text) if not _is_invisible(character))
    name = " ".join(visible.split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        raise Invalid("shown_name", "Give the name that others will see.")
    if len(name) > SHOWN_NAME_LENGTH:
        raise Invalid("shown_name", f"Use at most {SHOWN_NAME_LENGTH} characters.")
    return name


def read_sign_in_name(text: str) -> str:
    """Return the folded sign-in name; Mira and MIRA are one. Raises Invalid."""
    name = fold(text)
    if len(name) > SIGN_IN_NAME_LENGTH:
        raise Invalid("sign_in_name", f"Use at most {SIGN_IN_NAME_LENGTH} characters.")
    if not name or not _is_word(name[0]) or not all(_is_word(character) or character in "._-" for character in name):
        raise Invalid(
            "sign_in_name",
            "Use letters, digits, dots, hyphens and underscores, and begin with a letter or a digit.",
        )
    return name


def read_email(text: str) -> str | None:
    """Return the folded address, None for an empty one. Raises Invalid."""
    email = fold(text)
    if not email:
        return None
    is_hidden = any(_is_invisible(character) for character in email)
    if is_hidden or len(email) > EMAIL_LENGTH or not _EMAIL.fullmatch(email):
        raise Invalid("email", "Write the address like name@example.org, or leave it empty.")
    return email


def fold(text: str) -> str:
    """Return the form that sign-in names and addresses are stored and looked up in."""
    # Lower case, not casefold: the database checks its own lower(), and casefold raises some scripts to capitals.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).lower()).lower()


def free_names(session: Session, wanted: str, shown_name: str, limit: int) -> list[str]:
    """Return up to `limit` sign-in names that nobody has, close to `wanted` or made from the shown name."""
    candidates = _candidates(wanted, shown_name)
    free: list[str] = []
    size = 20
    while len(free) < limit and (batch := list(islice(candidates, size))):
        taken = set(session.scalars(select(Person.sign_in_name).where(Person.sign_in_name.in_(batch))))
        free += [name for name in batch if name not in taken]
        size = min(size * 5, 2000)  # a common name has hundreds of numbered bearers
    return free[:limit]


def _candidates(wanted: str, shown_name: str) -> Iterator[str]:
    full = _made(shown_name)
    first = full.split(".")[0]
    base = wanted or full or "learner"
    seen: set[str] = set()
    numbered = (f"{base[: SIGN_IN_NAME_LENGTH - 5]}{number}" for number in range(2, 100_000))
    for name in chain([f"{wanted}2", full, first] if wanted else [full or base, first], numbered):
        if name and name not in seen and name != wanted and len(name) <= SIGN_IN_NAME_LENGTH:
            seen.add(name)
            yield name


def _made(shown_name: str) -> str:
    kept = "".join(c for c in fold(shown_name) if _is_word(c) or c in "._-" or c.isspace())
    plain = "".join(c for c in unicodedata.normalize("NFKD", kept) if not unicodedata.combining(c))
    words = re.split(r"[\s._-]+", plain if plain.isascii() else kept)
    return ".".join(word for word in words if word)[:SIGN_IN_NAME_LENGTH].strip(".")


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _is_invisible(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "C" and character not in _JOINERS and not character.isspace()
