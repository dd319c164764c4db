"""The start page of the administration, and what is running, in plain words and without anything secret."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from quizapp.admin.machine import LITTLE_DISK, Machine, machine, size_name
from quizapp.background import leases
from quizapp.background.outbox import MOST_TRIES, queue_mail
from quizapp.background.running import Running, SweepState
from quizapp.config import MailServer, Settings
from quizapp.database import Database
from quizapp.models import Lease, OutboxMessage, Person, PrivacyRequest
from tests.builders import counted_queries, make_person
from tests.conftest import MONDAY, Cast, Clock
from tests.pages import Visitor

NOTHING = Running(sweeps=(), jobs={}, mail_waiting=0, mail_given_up=0, database_bytes=1_500_000)
SWEEP = SweepState("attempts.close", "here", False, MONDAY, {"closed": 2}, None)


class TestTheStart:
    def test_it_says_that_nothing_waits(self, app: Flask, ada: Visitor) -> None:
        with counted_queries(app) as queries:
            page = ada.open("/admin")
        assert page.heading == "Nothing waits for you"
        assert "5 accounts" in page.words
        assert "2 students, 2 teachers, 1 administrator" in page.words
        assert len(queries) <= 8

    def test_what_waits_is_its_heading(self, ada: Visitor, cast: Cast, database: Database) -> None:
        with database.write_session() as session:
            session.get_one(Person, cast.student).teacher_wanted_at = MONDAY
            session.add(
                PrivacyRequest(person_id=cast.classmate, person_number=cast.classmate, made_at=MONDAY, due_at=MONDAY)
            )
            make_person(session, "Off", now=MONDAY, disabled_at=MONDAY)
        page = ada.open("/admin")
        assert page.heading == "1 teacher and 1 privacy request wait for you"
        assert "1 disabled" in page.words
        assert ada.follow("Decide").heading == "1 person wants to teach"


class TestWhatRuns:
    def test_a_worker_that_never_ran_is_missed(self, app: Flask, ada: Visitor) -> None:
        with counted_queries(app) as queries:
            page = ada.open("/admin/running")
        assert page.heading == "The worker is not running"
        assert "It was never heard of." in page.words
        assert "Mail Off" in page.words
        assert len(queries) <= 8

    def test_each_part_stands_with_its_last_result(self, ada: Visitor, database: Database, clock: Clock) -> None:
        with database.write_session() as session:
            for name, result, error in (
                ("attempts.close", {"closed": 3}, None),
                ("audit", {"sealed": 0, "last_id": 41}, None),
                ("mail", {"sent": 0, "failed": 1}, "ConnectionRefusedError"),
                ("unheard.of", {}, None),
            ):
                leases.note(session, name, "host:1:abc", result=result, error=error, now=clock.now)
        clock.advance(minutes=1)
        page = ada.open("/admin/running")
        assert page.heading == "1 part of the worker went wrong"
        assert "Ends quizzes whose time is over attempts.close today at 09:00 closed 3" in page.words
        assert "Seals the audit log audit today at 09:00 nothing to do" in page.words
        assert "Went wrong ConnectionRefusedError" in page.words
        assert "unheard.of" in page.words
        assert "host:1" not in page.text

    def test_nothing_secret_is_told(self, app: Flask, ada: Visitor, settings: Settings, database: Database) -> None:
        mail = MailServer(host="mail.secret.example", port=25, sender="a@b.example", user="hugo", password="pa55word")
        app.extensions["quizapp.settings"] = replace(settings, mail=mail)
        with database.write_session() as session:
            queue_mail(
                session, app.extensions["quizapp.settings"], to="mira@example.org", subject="Hello", body="Body of it",
                now=MONDAY,
            )  # fmt: skip
        page = ada.open("/admin/running")
        assert "Mail On: 1 waiting, 0 failed" in page.words
        for secret in (
            "secret.example",
            "pa55word",
            "hugo",
            "mira@",
            "Body of it",
            settings.secret_key,
            "quizapp:quizapp",
        ):
            assert secret not in page.text
        assert str(settings.data_dir) not in page.text

    def test_mail_that_was_given_up_is_told(self, ada: Visitor, database: Database) -> None:
        with database.write_session() as session:
            leases.note(session, "mail", "here", result={}, error=None, now=MONDAY)
            session.add(
                OutboxMessage(
                    id=uuid.uuid4(), kind="mail", payload={}, created_at=MONDAY, due_at=MONDAY, tries=MOST_TRIES
                )
            )
        assert ada.open("/admin/running").heading == "1 mail could not be sent"

    def test_it_costs_the_same_for_one_part_and_for_fifty(self, app: Flask, ada: Visitor, database: Database) -> None:
        counts = []
        for number in (1, 50):
            with database.write_session() as session:
                session.query(Lease).delete()
                for part in range(number):
                    leases.note(session, f"part.{part}", "here", result={}, error=None, now=MONDAY)
            with counted_queries(app) as queries:
                ada.open("/admin/running")
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 8


class TestWords:
    @pytest.mark.parametrize(
        ("sweeps", "heading", "silence"),
        [
            ((), "The worker is not running", "It was never heard of."),
            ((SWEEP,), "Everything runs", ""),
            ((replace(SWEEP, ran_at=None, is_running=True),), "Everything runs", ""),
            ((replace(SWEEP, error="No"),), "1 part of the worker went wrong", ""),
            (
                (replace(SWEEP, ran_at=MONDAY - timedelta(days=1)),),
                "The worker is not running",
                "It was last heard of yesterday at 09:00.",
            ),
        ],
    )
    def test_the_heading_is_the_finding(self, sweeps: tuple[SweepState, ...], heading: str, silence: str) -> None:
        found = told(replace(NOTHING, sweeps=sweeps))
        assert (found.heading, found.silence) == (heading, silence)

    def test_a_full_disk_is_told(self) -> None:
        found = told(replace(NOTHING, sweeps=(SWEEP,)), free_bytes=LITTLE_DISK - 1)
        assert (found.heading, found.is_disk_low) == ("The disk is nearly full", True)

    @pytest.mark.parametrize(
        ("octets", "name"),
        [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (9_960, "10 kB"), (412_300, "412 kB"),
         (999_600, "1.0 MB"), (1_340_000_000, "1.3 GB"), (5 * 10**15, "5000 TB")],
    )  # fmt: skip
    def test_sizes_are_short(self, octets: int, name: str) -> None:
        assert size_name(octets) == name


def told(state: Running, free_bytes: int = 10 * LITTLE_DISK) -> Machine:
    return machine(
        state, MONDAY, ZoneInfo("UTC"), version="1", schema="s", database="sqlite", free_bytes=free_bytes,
        is_mail_on=False,
    )  # fmt: skip
