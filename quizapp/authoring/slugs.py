"""Addresses: words of a title for what is listed, letters by chance for what is shared by link."""

from __future__ import annotations

import re
import secrets
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import ItemSet, Topic

_LONGEST = 60  # characters; room for a number after it
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # read aloud and copied from a board: no i, l, o, 0, 1
_LENGTH = 16  # of 31 letters each: 79 bits


def secret_slug() -> str:
    """Return an address that can't be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def slug_of(title: str, fallback: str) -> str:
    """Return the words of a title as an address: ASCII letters, digits and hyphens; `fallback` when none is left."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=\w)'(?=\w)", "", plain)).strip("-")
    return words[:_LONGEST].rstrip("-") or fallback


def free_slug(session: Session, table: type[Topic] | type[ItemSet], title: str, fallback: str) -> str:
    """Return the address of `title`, or the first of `title-2`, `title-3` … that nothing of its kind has."""
    slug = slug_of(title, fallback)
    taken = set(session.scalars(select(table.slug).where(table.slug.startswith(slug, autoescape=True))))
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"
