"""Mail: queued or not, sent once, tried again later and later, given up, and blanked when nobody needs it any more."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from quizapp.background import mail, outbox
from quizapp.background.outbox import MOST_TRIES, delay, queue_mail, send_due
from quizapp.background.sweeps import Turn
from quizapp.config import Settings
from quizapp.database import Database
from quizapp.models import OutboxMessage
from tests.conftest import Clock
from tests.mail import LoopbackServer

Turns = Callable[..., Turn]
ID = uuid.UUID("8c3d3f0e-5f6b-4b57-9d0a-0c6f3f0d8a11")


def queue(database: Database, settings: Settings, clock: Clock, message_id: uuid.UUID | None = ID) -> bool:
    with database.write_session() as session:
        return queue_mail(
            session, settings, to="Zoë <zoe@example.org>", subject="Your new password – a link",
            body="Canary: follow the link.\n", now=clock.now, message_id=message_id,
        )  # fmt: skip


def stored(database: Database) -> OutboxMessage:
    with database.read_session() as session:
        return session.scalars(select(OutboxMessage)).one()


def test_where_no_mail_is_set_up_nothing_is_queued(
    database: Database, settings: Settings, mailing: Settings, clock: Clock, turn_of: Turns
) -> None:
    assert queue(database, settings, clock) is False
    with database.read_session() as session:
        assert session.scalars(select(OutboxMessage)).all() == []
    assert queue(database, mailing, clock) is True
    assert send_due(turn_of(settings)) == {}  # switched off since: what was queued stays
    assert stored(database).tries == 0


def test_a_message_is_sent_once_and_blanked(
    database: Database, mailing: Settings, clock: Clock, turn_of: Turns, mail_server: LoopbackServer
) -> None:
    queue(database, mailing, clock)
    queue(database, mailing, clock)  # the form came twice
    assert send_due(turn_of(mailing)) == {"sent": 1}
    assert send_due(turn_of(mailing)) == {}
    (message,) = mail_server.messages
    assert message["Message-ID"] == f"<{ID}@school.example>"
    assert (message["From"], message["To"]) == ("Quizapp <quizapp@school.example>", "Zoë <zoe@example.org>")
    assert message["Subject"] == "Your new password – a link"
    assert message.get_content().replace("\r\n", "\n") == "Canary: follow the link.\n"
    row = stored(database)
    assert (row.sent_at, row.payload, row.error, row.leased_until) == (clock.now, {}, None, None)


def test_it_signs_in_where_the_address_says_so(
    database: Database, mailing: Settings, clock: Clock, turn_of: Turns, mail_server: LoopbackServer
) -> None:
    assert mailing.mail is not None
    signing_in = replace(mailing, mail=replace(mailing.mail, user="quizapp", password="p@ss"))
    queue(database, signing_in, clock)
    assert send_due(turn_of(signing_in)) == {"sent": 1}
    assert mail_server.signed_in == ["\0quizapp\0p@ss"]


def test_nothing_is_said_in_the_clear_to_a_server_without_tls(
    database: Database, mailing: Settings, clock: Clock, turn_of: Turns, mail_server: LoopbackServer
) -> None:
    assert mailing.mail is not None
    queue(database, mailing, clock)
    assert send_due(turn_of(replace(mailing, mail=replace(mailing.mail, tls="start")))) == {"put_off": 1}
    assert (mail_server.messages, mail_server.recipients) == ([], [])
    assert stored(database).error == "SMTPNotSupportedError: STARTTLS extension not supported by server."


def test_a_failing_server_is_asked_again_later_and_later_and_then_no_more(
    database: Database, mailing: Settings, clock: Clock, turn_of: Turns, mail_server: LoopbackServer
) -> None:
    mail_server.answers = lambda command: "451 zoe@example.org is busy" if command == "the end of DATA" else None
    queue(database, mailing, clock)
    waits = []
    for _ in range(MOST_TRIES - 1):
        turn = turn_of(mailing)
        assert send_due(turn) == {"put_off": 1}
        assert turn.failures == ["SMTPDataError: 451 … is busy"]
        row = stored(database)
        waits.append(row.due_at - clock.now)
        clock.now = row.due_at - timedelta(seconds=1)
        assert send_due(turn_of(mailing)) == {}
        clock.advance(seconds=1)
    assert waits == sorted(waits)
    assert [round(wait / timedelta(minutes=1)) for wait in waits] == [
        round(delay(tries, turn_of().rng.random()) / timedelta(minutes=1)) for tries in range(1, MOST_TRIES)
    ]
    assert send_due(turn_of(mailing)) == {"given_up": 1}
    row = stored(database)
    assert (row.sent_at, row.payload, row.tries, row.error) == (None, {}, 8, "SMTPDataError: 451 … is busy")
    clock.advance(days=30)
    assert send_due(turn_of(mailing)) == {}


def test_the_delay_grows_to_six_hours_and_spreads_by_luck() -> None:
    assert [delay(tries, 0.0) / timedelta(minutes=1) for tries in range(1, 9)] == [1, 3, 9, 27, 81, 243, 360, 360]
    assert delay(1, 0.999) < timedelta(seconds=90)
    assert delay(2, 0.5) == timedelta(minutes=3.75)


def test_a_mailbox_that_does_not_exist_is_not_asked_for_again(
    database: Database, mailing: Settings, clock: Clock, turn_of: Turns, mail_server: LoopbackServer
) -> None:
    mail_server.answers = lambda command: (
        "550 no such person <zoe@example.org>" if command.lower().startswith("rcpt") else None
    )
    queue(database, mailing, clock)
    assert send_due(turn_of(mailing)) == {"given_up": 1}
    row = stored(database)
    assert (row.payload, row.error) == ({}, "SMTPRecipientsRefused: 550 no such person <…>")


def test_no_server_at_all_is_a_failure_like_another(
    database: Database, mailing: Settings, clock: Clock, turn_of: Turns
) -> None:
    assert mailing.mail is not None
    queue(database, mailing, clock)
    assert send_due(turn_of(replace(mailing, mail=replace(mailing.mail, port=1)))) == {"put_off": 1}
    assert (stored(database).error or "").startswith("ConnectionRefusedError: ")


def test_a_worker_that_dies_after_sending_sends_again_under_the_same_id(
    database: Database,
    mailing: Settings,
    clock: Clock,
    turn_of: Turns,
    mail_server: LoopbackServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        pass

    sends = mail.send

    def send_and_die(*given: object) -> None:
        sends(*given)  # type: ignore[arg-type]  # as they came
        raise Killed

    queue(database, mailing, clock)
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "send", send_and_die)
        with pytest.raises(Killed):
            send_due(turn_of(mailing))
    assert send_due(turn_of(mailing)) == {}  # leased
    clock.advance(minutes=5)
    assert send_due(turn_of(mailing)) == {"sent": 1}
    assert [message["Message-ID"] for message in mail_server.messages] == 2 * [f"<{ID}@school.example>"]


def test_one_that_dies_in_the_last_try_leaves_nothing_personal(
    database: Database, mailing: Settings, clock: Clock, turn_of: Turns, mail_server: LoopbackServer
) -> None:
    queue(database, mailing, clock)
    with database.write_session() as session:
        row = session.scalars(select(OutboxMessage)).one()
        row.tries, row.leased_until = MOST_TRIES, clock.now
    assert send_due(turn_of(mailing)) == {"given_up": 1}
    row = stored(database)
    assert (row.payload, row.tries, row.sent_at) == ({}, MOST_TRIES, None)
    assert mail_server.messages == []
    assert send_due(turn_of(mailing)) == {}


def test_two_workers_send_each_message_once(
    database: Database, mailing: Settings, clock: Clock, turn_of: Turns, mail_server: LoopbackServer
) -> None:
    for _ in range(20):
        queue(database, mailing, clock, message_id=None)
    workers = [Thread(target=send_due, args=(turn_of(mailing),)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mail_server.messages) == len({message["Message-ID"] for message in mail_server.messages}) == 20


def test_a_line_break_in_the_head_is_our_bug(database: Database, mailing: Settings, clock: Clock) -> None:
    with database.write_session() as session, pytest.raises(ValueError, match="line break"):
        queue_mail(session, mailing, to="a@b.example\nBcc: c@d.example", subject="", body="", now=clock.now)
