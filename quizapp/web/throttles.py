"""Throttles: failures are counted, and from some number on each makes the next try wait longer; nobody is locked out.

A try goes through three steps. `check` refuses it before anything slow is done; `fail` or `succeed`, in the
transaction that the try makes anyway, counts or forgets. Both look again first, under the lock, so that a hundred
tries sent at once are judged one after the other. What is refused for its time is not counted.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any, cast

from flask import request
from sqlalchemy import CursorResult, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp.errors import TooManyTries
from quizapp.models import Throttle
from quizapp.web.access import browser_known_to
from quizapp.web.settings import settings_in_force

_PREFIX_OF_A_HOUSEHOLD = 64  # IPv6: one customer chooses freely among the addresses below it
_SWEPT_AT_ONCE = 1000


@dataclass(frozen=True)
class Pace:
    """How many failures are free, how the waits grow by doubling, and after which time without any all is forgotten."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    memory: timedelta

    def wait(self, failures: int) -> timedelta:
        """Return how long the next try waits after so many failures."""
        over = failures - self.free
        return min(self.first_wait * 2.0 ** min(over - 1, 30), self.longest_wait) if over > 0 else timedelta(0)


@dataclass(frozen=True)
class Count:
    """One row that a try is counted in."""

    key: bytes
    pace: Pace
    is_forgiven: bool  # a success clears it


_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
_ONE_PLACE = Pace(free=5, first_wait=2 * _SECOND, longest_wait=_MINUTE, memory=_HOUR)
_EVERYWHERE = Pace(free=50, first_wait=2 * _SECOND, longest_wait=_MINUTE, memory=_HOUR)
_CODES = Pace(free=5, first_wait=5 * _SECOND, longest_wait=15 * _MINUTE, memory=24 * _HOUR)
# A school has one address: a class that mistypes is not slowed, and whoever slows it slows it by seconds.
_ADDRESS = Pace(free=200, first_wait=_SECOND, longest_wait=15 * _SECOND, memory=15 * _MINUTE)
_ASKING = {  # what is slowed by address alone, success or not
    "sign-up": Pace(free=300, first_wait=_SECOND, longest_wait=_MINUTE, memory=_HOUR),
    "taken-name": Pace(free=40, first_wait=2 * _SECOND, longest_wait=_MINUTE, memory=_HOUR),
    "one-time-link": Pace(free=20, first_wait=2 * _SECOND, longest_wait=_MINUTE, memory=_HOUR),
    "guest": Pace(free=200, first_wait=_SECOND, longest_wait=_MINUTE, memory=_HOUR),
    "join": Pace(free=60, first_wait=2 * _SECOND, longest_wait=_MINUTE, memory=_HOUR),
}
_MAIL = Pace(free=3, first_wait=5 * _MINUTE, longest_wait=_HOUR, memory=24 * _HOUR)
_LONGEST_MEMORY = 24 * _HOUR


def of_name(kind: str, given: str) -> tuple[Count, ...]:
    """Count tries to get in as `given`, a folded name or address that may or may not be somebody's.

    A browser on which this name signed in before is counted by itself: strangers can't make its owner wait.
    """
    if browser := browser_known_to(given):
        return (Count(_key(kind, "name", given, "browser", browser), _ONE_PLACE, True),)
    return (
        Count(_key(kind, "name", given, "address", address()), _ONE_PLACE, True),
        Count(_key(kind, "name", given), _EVERYWHERE, False),
        Count(_key(kind, "address", address()), _ADDRESS, False),
    )


def of_person(kind: str, person_id: int) -> tuple[Count, ...]:
    """Count tries at a password or, as kind "code", at a one-time code of a person who is known already."""
    return (Count(_key(kind, "person", person_id), _CODES if kind == "code" else _ONE_PLACE, True),)


def of_address(kind: str) -> tuple[Count, ...]:
    """Count what this address asks: "sign-up", "taken-name", "one-time-link", "guest" or "join"."""
    return (Count(_key(kind, "address", address()), _ASKING[kind], False),)


def of_mail(given: str) -> tuple[Count, ...]:
    """Count wishes for a mail to whoever `given`, folded, is; every wish counts."""
    return (
        Count(_key("mail", "name", given), _MAIL, False),
        Count(_key("mail", "address", address()), _ADDRESS, False),
    )


def check(session: Session, counts: Sequence[Count], now: datetime, *, is_locking: bool = False) -> None:
    """Raise TooManyTries while one of the counts makes this try wait."""
    rows = select(Throttle.wait_until).where(Throttle.key.in_([count.key for count in counts])).order_by(Throttle.key)
    waits = session.scalars(rows.with_for_update() if is_locking else rows)
    longest = max((moment - now for moment in waits if moment is not None), default=timedelta(0))
    if longest > timedelta(0):
        raise TooManyTries(longest)


def fail(session: Session, counts: Sequence[Count], now: datetime) -> None:
    """Count a failure. Raises TooManyTries when others came first and this try should have waited."""
    check(session, counts, now, is_locking=True)
    for count in sorted(counts, key=lambda count: count.key):  # in one order, so that two tries never block each other
        _count(session, count, now)


def succeed(session: Session, counts: Sequence[Count], now: datetime) -> None:
    """Forget the failures before a success. Raises TooManyTries when this try should have waited."""
    check(session, counts, now, is_locking=True)
    forgiven = [count.key for count in counts if count.is_forgiven]
    session.execute(delete(Throttle).where(Throttle.key.in_(forgiven)).execution_options(synchronize_session=False))


def remove_old_throttles(session: Session, now: datetime) -> dict[str, int]:
    """Remove some rows that count nothing any more; return how many."""
    old = select(Throttle.key).where(Throttle.last_at < now - _LONGEST_MEMORY).limit(_SWEPT_AT_ONCE)
    removed = session.execute(
        delete(Throttle).where(Throttle.key.in_(old)).execution_options(synchronize_session=False)
    )
    return {"removed": cast(CursorResult[Any], removed).rowcount}


def address() -> str:
    """Return the address that this request is counted under; what a proxy says counts where the settings trust it."""
    try:
        sender = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if not isinstance(sender, IPv6Address):
        return str(sender)
    if sender.ipv4_mapped is not None:
        return str(sender.ipv4_mapped)
    return str(int(sender) >> (128 - _PREFIX_OF_A_HOUSEHOLD))


def _count(session: Session, count: Count, now: datetime) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    stale = Throttle.last_at < now - count.pace.memory
    failures = session.scalar(
        insert(Throttle)
        .values(key=count.key, failures=1, last_at=now)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"failures": case((stale, 1), else_=Throttle.failures + 1), "last_at": now, "wait_until": None},
        )
        .returning(Throttle.failures)
    )
    if wait := count.pace.wait(failures or 1):
        session.execute(
            update(Throttle)
            .where(Throttle.key == count.key)
            .values(wait_until=now + wait)
            .execution_options(synchronize_session=False)
        )


def _key(*parts: str | int) -> bytes:
    """Return what stands in the table in place of names and addresses; without the secret key it tells neither."""
    settings = settings_in_force()
    secret = hmac.digest(settings.secret_key.encode(), b"throttles", hashlib.sha256)
    return hmac.digest(secret, json.dumps(parts).encode(), hashlib.sha256)
