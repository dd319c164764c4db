"""The audit log through pages: filtered, paged, with the names that numbers have today, and whether it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from quizapp.admin.audit_log import ENTRIES_A_PAGE, action_name, actions, audit_page
from quizapp.background import leases
from quizapp.background.sealing import CHECK, check_audit, seal_audit
from quizapp.background.sweeps import Turn
from quizapp.config import Settings
from quizapp.database import Database
from quizapp.models import AuditEntry, Person
from quizapp.web.auditing import record
from tests.builders import counted_queries
from tests.conftest import MONDAY, Cast, Clock
from tests.pages import Visitor, words

Note = Callable[..., None]


@pytest.fixture
def note(database: Database, clock: Clock) -> Note:
    """Write an entry, each a second after the one before."""

    def write(actor_id: int | None, action: str, subject_id: int, subject: str = "person", **detail: str) -> None:
        with database.write_session() as session:
            record(session, actor_id, action, subject, subject_id, now=clock.advance(seconds=1), **detail)

    return write


@pytest.fixture
def turn(database: Database, settings: Settings, clock: Clock) -> Turn:
    return Turn(CHECK, database, settings, clock, Random(1), lambda: False)


@pytest.fixture
def compare(database: Database, turn: Turn, clock: Clock) -> Callable[[], None]:
    """Do what the worker does once a day."""

    def check() -> None:
        counts = check_audit(turn)
        error = "; ".join(turn.failures) or None
        with database.write_session() as session:
            leases.note(session, CHECK, "here", result=dict(counts), error=error, now=clock.now)

    return check


def lines(browser: Visitor) -> list[list[str]]:
    assert browser.page is not None
    rows = [row for row in browser.page.all("tr", role="row") if row.findall("td")]
    return [[words(cell) for cell in row] for row in rows]


def people(browser: Visitor) -> Iterator[str]:
    for line in lines(browser):
        yield f"{line[1]} by {line[2]} about {line[3]}"


def test_an_empty_log_says_what_it_will_hold(ada: Visitor) -> None:
    page = ada.open("/admin/audit")
    assert "Nothing has been noted yet" in page.words
    assert "Not compared with its seals yet" in page.words


def test_entries_stand_newest_first_with_names_of_today(
    ada: Visitor, cast: Cast, note: Note, database: Database
) -> None:
    note(cast.admin, "person.role_changed", cast.student, before="student", role="teacher")
    note(None, "item_set.closed", 12, "item_set")
    note(999_999, "record.seen", 888_888)
    with database.write_session() as session:
        session.get_one(Person, cast.student).shown_name = "Mira Bell"
    ada.open("/admin/audit")
    assert lines(ada) == [
        ["today at 09:00", "Record: seen", "Number 999999 removed", "Number 888888 removed", "–", "Waits"],
        ["today at 09:00", "Item set: closed", "The program", "item set 12", "–", "Waits"],
        [
            "today at 09:00", "Person: role changed", f"Ada Admin {cast.admin}", f"Mira Bell {cast.student}",
            "before student, role teacher", "Waits",
        ],
    ]  # fmt: skip
    assert ada.follow("Mira Bell").path == f"/admin/people/{cast.student}"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"action": "record.seen"}, ["Record: seen by Ada about Mira", "Record: seen by Ada about Jon"]),
        ({"by": "program"}, ["Reset link: made by The program about Jon"]),
        ({"by": "ada.admin", "about": "jon.vale"}, ["Record: seen by Ada about Jon"]),
        ({"by": "ADA.ADMIN", "action": "reset_link.made"}, []),
        ({"about": "number of jon"}, ["Record: seen by Ada about Jon", "Reset link: made by The program about Jon"]),
    ],
)
def test_a_filter_leaves_the_rest_out(
    ada: Visitor, cast: Cast, note: Note, asked: dict[str, str], found: list[str]
) -> None:
    note(None, "reset_link.made", cast.classmate)
    note(cast.admin, "record.seen", cast.classmate)
    note(cast.admin, "record.seen", cast.student)
    ada.open("/admin/audit")
    fields: dict[str, Any] = {name: _known(value, cast) for name, value in asked.items()}
    page = ada.press("Filter", **fields)
    short = {
        f"Ada Admin {cast.admin}": "Ada",
        f"Mira Okafor {cast.student}": "Mira",
        f"Jon Vale {cast.classmate}": "Jon",
    }
    told = list(people(ada))
    for name, first in short.items():
        told = [line.replace(name, first) for line in told]
    assert told == found
    if not found:
        assert "Nothing like that in the log" in page.words


def test_nobody_of_that_name_is_said_to_be_nobody(ada: Visitor) -> None:
    assert "Nobody signs in as “nobody”" in ada.open("/admin/audit?by=nobody").words
    assert "Nobody signs in as “99999999999999”" in ada.open("/admin/audit?about=99999999999999").words


@pytest.mark.parametrize("query", ["by=%00", "about=a%00b", "action=%00", "before=x", "before=-5", "by=%27--"])
def test_an_address_written_by_hand_does_no_harm(ada: Visitor, query: str) -> None:
    ada.open(f"/admin/audit?{query}")


def test_pages_follow_each_other_and_cost_the_same(app: Flask, ada: Visitor, cast: Cast, note: Note) -> None:
    note(cast.admin, "record.seen", cast.student)
    with counted_queries(app) as one:
        ada.open(f"/admin/audit?by={cast.admin}")
    for number in range(ENTRIES_A_PAGE):
        note(cast.admin, "record.seen", number)
    with counted_queries(app) as many:
        page = ada.open(f"/admin/audit?by={cast.admin}")
    assert len(lines(ada)) == ENTRIES_A_PAGE
    assert len(one) == len(many) <= 8
    assert f"by={cast.admin}" in page.links()["More"]
    page = ada.follow("More")
    assert len(lines(ada)) == 1
    assert "More" not in page.links()


def test_every_action_is_offered_once(session: Session, cast: Cast, note: Note) -> None:
    assert actions(session) == []
    session.rollback()
    for action in ("b.two", "a.one", "b.two", "c"):
        note(None, action, 1)
    assert actions(session) == ["a.one", "b.two", "c"]


def test_an_action_reads_as_words() -> None:
    assert action_name("reset_link.made") == "Reset link: made"
    assert action_name("c") == "C"


class TestSeals:
    def test_a_whole_log_is_said_to_be_whole(
        self, ada: Visitor, cast: Cast, note: Note, turn: Turn, clock: Clock, compare: Callable[[], None]
    ) -> None:
        note(cast.admin, "record.seen", cast.student)
        clock.advance(minutes=5)
        seal_audit(turn)
        note(cast.admin, "record.seen", cast.classmate)
        compare()
        page = ada.open("/admin/audit")
        assert "The log is whole" in page.words
        assert "1 sealed entry compared today at 09:05; 1 waited to be sealed." in page.words
        assert [line[5] for line in lines(ada)] == ["Waits", "Sealed"]

    @pytest.mark.parametrize("change", ["changed", "removed"])
    def test_tampering_is_told_with_its_entry(
        self, ada: Visitor, cast: Cast, note: Note, turn: Turn, clock: Clock, compare: Callable[[], None],
        database: Database, change: str,
    ) -> None:  # fmt: skip
        for person_id in (cast.student, cast.classmate, cast.teacher):
            note(cast.admin, "record.seen", person_id)
        clock.advance(minutes=5)
        seal_audit(turn)
        with database.write_session() as session:
            session.execute(
                update(AuditEntry).where(AuditEntry.id == 2).values(actor_id=cast.teacher)
                if change == "changed"
                else delete(AuditEntry).where(AuditEntry.id == 2)
            )
        compare()
        page = ada.open("/admin/audit")
        assert "The log was tampered with" in page.words
        assert f"Entry {2 if change == 'changed' else 3} does not fit its seal" in page.words
        assert "1 entry before it is whole" in page.words

    def test_a_look_that_failed_is_no_verdict(self, ada: Visitor, database: Database, clock: Clock) -> None:
        with database.write_session() as session:
            leases.note(session, CHECK, "here", result={}, error="OperationalError at database.py:1", now=MONDAY)
        page = ada.open("/admin/audit")
        assert "The last look at the seals failed" in page.words
        assert "tampered" not in page.words


def _known(value: str, cast: Cast) -> str:
    return str(cast.classmate) if value == "number of jon" else value


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("asked", [{"action": "a.one"}, {"actor": "7"}, {"actor": "program"}, {"subject": "7"}])
def test_a_filter_reads_no_more_than_it_shows(app: Flask, session: Session, asked: dict[str, str]) -> None:
    # PostgreSQL plans by statistics, which an empty table has not.
    with counted_queries(app) as queries:
        audit_page(session, **asked)  # type: ignore[arg-type]  # words, all of them
    (query,) = [query for query in queries if "FROM audit" in query]
    marks = query.count("?")
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (1,) * marks).all()
    assert all(line[3].startswith("SEARCH audit USING INDEX ix_audit_") for line in plan), plan
