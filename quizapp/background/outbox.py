"""The outbox: mail is queued in the transaction that causes it, and sent by a worker outside of any.

A worker leases a message, sends it, and marks it. One that dies between sending and marking leaves a message that
is sent again under the same Message-ID. What a message says is blanked once it is sent or given up.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from quizapp.background.mail import is_hopeless, message_of, send, told_without_addresses
from quizapp.background.sweeps import Counts, Turn, failure_of
from quizapp.config import MailServer, Settings
from quizapp.models import OutboxMessage

MOST_TRIES = 8
_LEASE = timedelta(minutes=5)  # longer than a server may keep us waiting
_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(hours=6)
_MOST_A_TURN = 100


def queue_mail(
    session: Session,
    settings: Settings,
    *,
    to: str,
    subject: str,
    body: str,
    now: datetime,
    message_id: uuid.UUID | None = None,
) -> bool:
    """Put a plain-text mail in the outbox; False, and nothing is stored, where no mail is set up.

    The same `message_id` twice is one mail. Raises ValueError for a line break in address or subject.
    """
    if "\n" in to + subject or "\r" in to + subject:
        raise ValueError("a line break in the head of a mail")
    if settings.mail is None:
        return False
    if message_id is None or session.get(OutboxMessage, message_id) is None:
        payload = {"to": to, "subject": subject, "body": body}
        session.add(
            OutboxMessage(id=message_id or uuid.uuid4(), kind="mail", payload=payload, created_at=now, due_at=now)
        )
        session.flush()
    return True


def send_due(turn: Turn) -> Counts:
    """Send the mail that is due, one message after the other; without a mail server it stays."""
    server = turn.settings.mail
    if server is None:
        return {}
    with turn.database.read_session() as session:
        if session.scalar(select(OutboxMessage.id).where(*_claimable(turn.clock())).limit(1)) is None:
            return {}
    counts: Counts = {}
    for _ in range(_MOST_A_TURN):
        if turn.is_ending():
            break
        with turn.database.write_session() as session:
            claimed = _claim(session, turn.clock())
        if claimed is None:
            break
        outcome = _send(turn, server, *claimed)
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts


def delay(tries: int, luck: float) -> timedelta:
    """Return how long to wait after the nth try: 1, 3, 9 … minutes, 6 hours at most, and up to half more by luck."""
    rounds: int = 3 ** (tries - 1)
    return min(_FIRST_DELAY * rounds, _LONGEST_DELAY) * (1 + luck / 2)


def _claimable(now: datetime) -> tuple[Any, ...]:
    return (
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.kind == "mail",
        OutboxMessage.due_at <= now,
        or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now),
        # A message in its last try keeps its lease when the worker dies, and is then given up.
        or_(OutboxMessage.tries < MOST_TRIES, OutboxMessage.leased_until.is_not(None)),
    )


def _claim(session: Session, now: datetime) -> Any:
    next_id = (
        select(OutboxMessage.id)
        .where(*_claimable(now))
        .order_by(OutboxMessage.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == next_id)
        .values(tries=OutboxMessage.tries + 1, leased_until=now + _LEASE)
        .returning(OutboxMessage.id, OutboxMessage.payload, OutboxMessage.created_at, OutboxMessage.tries)
        .execution_options(synchronize_session=False)
    ).one_or_none()


def _send(
    turn: Turn, server: MailServer, message_id: uuid.UUID, payload: dict[str, Any], created_at: datetime, tries: int
) -> str:
    error: Exception | None = TimeoutError("The worker died in the last try.")
    if tries <= MOST_TRIES:
        error = failure_of(partial(_hand_in, server, message_id, payload, created_at))
    now = turn.clock()
    values: dict[str, Any] = {"leased_until": None}
    if error is None:
        outcome, values = "sent", values | {"sent_at": now, "payload": {}, "error": None}
    elif tries >= MOST_TRIES or is_hopeless(error):
        outcome, values = "given_up", values | {"payload": {}, "tries": MOST_TRIES}
    else:
        outcome, values = "put_off", values | {"due_at": now + delay(tries, turn.rng.random())}
    if error is not None:
        values["error"] = told_without_addresses(error)
        turn.failures.append(values["error"])
    with turn.database.write_session() as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.tries == tries, OutboxMessage.sent_at.is_(None))
            .values(values)
        )
    return outcome


def _hand_in(server: MailServer, message_id: uuid.UUID, payload: dict[str, Any], created_at: datetime) -> None:
    send(server, message_of(server, message_id, **payload, written_at=created_at))
