"""Seals on the audit log: each binds an entry to all before it, with a key that the database does not hold.

An entry that was changed, removed or slipped in after its sealing breaks the chain. Somebody with the secret key can
make a new chain, and the newest entries can be cut off together with the worker's note of the last one: who must
rule that out notes the seal that `quizapp audit check` prints elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text, update
from sqlalchemy.orm import Session

from quizapp.background.sweeps import Counts, Turn
from quizapp.errors import Conflict
from quizapp.models import AuditEntry, Lease

SWEEP = "audit"  # its lease's result holds the number of the last entry sealed
CHECK = "audit.check"  # its lease's result says what the last look at the whole chain came to
SETTLED = timedelta(minutes=1)  # an entry this old was committed, and so were those numbered before it
_BATCH = 500
_COLUMNS = (AuditEntry.id, AuditEntry.at, AuditEntry.actor_id, AuditEntry.action, AuditEntry.subject,
            AuditEntry.subject_id, AuditEntry.detail, AuditEntry.seal)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """What a look at the whole chain came to."""

    sealed: int  # whole ones, from the first on
    waiting: int  # not sealed yet
    last_id: int | None  # the last sealed entry
    last_seal: bytes
    broken_id: int | None = None
    reason: str = ""


def seal_key(secret_key: str) -> bytes:
    """Return the key of the seals, made from the installation's secret."""
    return hmac.new(secret_key.encode(), b"quizapp: seals of the audit log", hashlib.sha256).digest()


def seal_audit(turn: Turn) -> Counts:
    """Seal every entry older than a minute, in bounded transactions."""
    key, number, last_id = seal_key(turn.settings.secret_key), 0, 0
    while not turn.is_ending():
        with turn.database.write_session() as session:
            sealed, last_id = seal(session, key, turn.clock())
        number += sealed
        if sealed < _BATCH:
            break
    return {"sealed": number, "last_id": last_id}


def check_audit(turn: Turn) -> Counts:
    """Compare the whole log with its seals, and note an entry that does not fit as a failure."""
    with turn.database.read_session() as session:
        found = check_seals(session, seal_key(turn.settings.secret_key))
    if found.broken_id is not None:
        turn.note(Conflict(f"Entry {found.broken_id} {found.reason}."))
    return {"whole": found.sealed, "waiting": found.waiting, "broken_id": found.broken_id or 0}


def seal(session: Session, key: bytes, now: datetime) -> tuple[int, int]:
    """Seal the next entries, 500 at most; return how many, and the number of the last sealed entry (0: none)."""
    last_id, previous = _last_sealed(session)
    settled = select(AuditEntry.id).where(AuditEntry.id > last_id, AuditEntry.at <= now - SETTLED)
    if session.scalar(settled.limit(1)) is None:
        return 0, last_id
    if session.get_bind().dialect.name == "postgresql":
        # Waits for every transaction that holds an entry not yet committed, so none can turn up behind the seals.
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        session.execute(text("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE"))
        last_id, previous = _last_sealed(session)
    seals = []
    for row in session.execute(select(*_COLUMNS).where(AuditEntry.id > last_id).order_by(AuditEntry.id).limit(_BATCH)):
        if row.at > now - SETTLED:
            break
        previous = _seal_of(key, previous, row)
        seals.append({"id": row.id, "seal": previous})
    if seals:
        session.execute(update(AuditEntry), seals)
    return len(seals), seals[-1]["id"] if seals else last_id


def check_seals(session: Session, key: bytes) -> Check:
    """Compare every seal with what it should be, up to the first that is wrong."""
    sealed, last_id, previous, unsealed = 0, None, b"", list[int]()
    with session.execute(select(*_COLUMNS).order_by(AuditEntry.id).execution_options(yield_per=1000)) as rows:
        for row in rows:
            if row.seal is None:
                unsealed.append(row.id)
                continue
            if unsealed:
                reason = "has no seal though a later one has: it was added afterwards, or its seal was taken away"
                return Check(sealed, len(unsealed), last_id, previous, unsealed[0], reason)
            expected = _seal_of(key, previous, row)
            if not hmac.compare_digest(expected, row.seal):
                reason = "does not fit its seal: it was changed or added, or one just before it was removed"
                return Check(sealed, 0, last_id, previous, row.id, reason)
            sealed, last_id, previous = sealed + 1, row.id, expected
    noted = session.scalar(select(Lease.result).where(Lease.name == SWEEP))
    if noted and noted.get("last_id", 0) > (last_id or 0):
        return Check(sealed, len(unsealed), last_id, previous, noted["last_id"], "was sealed and is gone")
    return Check(sealed, len(unsealed), last_id, previous)


def _last_sealed(session: Session) -> tuple[int, bytes]:
    query = select(AuditEntry.id, AuditEntry.seal).where(AuditEntry.seal.is_not(None))
    row = session.execute(query.order_by(AuditEntry.id.desc()).limit(1)).one_or_none()
    return (0, b"") if row is None else (row.id, row.seal or b"")


def _seal_of(key: bytes, previous: bytes, row: Row[Any]) -> bytes:
    content = [row.id, row.at.isoformat(timespec="microseconds"), row.actor_id, row.action, row.subject,
               row.subject_id, row.detail]  # fmt: skip
    text_of = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, previous + text_of.encode(), hashlib.sha256).digest()
