"""People through pages: found, looked at, and looked after, with an entry in the audit log for each change."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts import looking_after
from quizapp.admin.people import PEOPLE_A_PAGE, people_page
from quizapp.database import Database
from quizapp.errors import Conflict, NotAllowed
from quizapp.models import AuditEntry, Person, RecoveryCode, SignIn
from tests.builders import counted_queries, make_person, make_sign_in
from tests.conftest import MONDAY, Cast, Clock
from tests.pages import Visitor, words

Open = Callable[..., Visitor]
Stored = Callable[[], Session]


def make_guest(session: Session) -> int:
    guest = Person(shown_name="Guest", sign_in_name=None, role="guest", created_at=MONDAY)
    session.add(guest)
    session.flush()
    return guest.id


def names(browser: Visitor) -> list[str]:
    assert browser.page is not None
    return [words(cell) for cell in browser.page.all("th", scope="row")]


def last_entry(stored: Stored) -> tuple[int | None, str, str, str, dict[str, Any]]:
    row = stored().scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    return row.actor_id, row.action, row.subject, row.subject_id, row.detail


class TestTheList:
    def test_everybody_with_an_account_stands_by_name(self, ada: Visitor, database: Database) -> None:
        with database.write_session() as session:
            make_guest(session)
        page = ada.open("/admin/people")
        assert names(ada) == ["Ada Admin", "Eva Lindqvist", "Jon Vale", "Mira Okafor", "Paul Adeyemi"]
        assert "Administrator" in page.words

    @pytest.mark.parametrize(
        ("words", "role", "found"),
        [
            ("MIRA", "", ["Mira Okafor"]),
            ("vale", "", ["Jon Vale"]),
            ("eva.lind", "", ["Eva Lindqvist"]),
            ("", "teacher", ["Eva Lindqvist", "Paul Adeyemi"]),
            ("", "guest", ["Guest"]),
            ("guest", "", []),
            ("%", "", []),
            ("_", "", []),
            ("'; DROP TABLE people; --", "", []),
            ("99999999999999999999", "", []),
        ],
    )
    def test_somebody_is_found(self, ada: Visitor, database: Database, words: str, role: str, found: list[str]) -> None:
        with database.write_session() as session:
            make_guest(session)
        ada.open("/admin/people")
        page = ada.press("Find", q=words, role=role)
        assert names(ada) == found
        if not found:
            assert "Nobody is called that" in page.words

    def test_a_number_of_the_audit_log_finds_its_person(self, ada: Visitor, cast: Cast) -> None:
        ada.open(f"/admin/people?q={cast.classmate}&role=student")
        assert "Jon Vale" in names(ada)

    @pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "role=nothing", "after=-1", "after=x", "after=9999999999"])
    def test_an_address_written_by_hand_does_no_harm(self, ada: Visitor, query: str) -> None:
        ada.open(f"/admin/people?{query}")

    def test_pages_follow_each_other_without_a_gap_though_names_are_equal(
        self, ada: Visitor, database: Database
    ) -> None:
        with database.write_session() as session:
            for number in range(PEOPLE_A_PAGE * 2):
                person = Person(
                    shown_name=f"Kim {number % 3}", sign_in_name=f"kim{number}", role="student", created_at=MONDAY
                )
                session.add(person)
            session.flush()
        ada.open("/admin/people?q=kim")
        seen = [link for link in hrefs(ada) if link.startswith("/admin/people/")]
        assert len(names(ada)) == PEOPLE_A_PAGE
        page = ada.follow("More")
        assert len(names(ada)) == PEOPLE_A_PAGE
        assert "More" not in page.links()
        assert "Kim" not in page.path
        assert len({*seen, *(link for link in hrefs(ada) if link.startswith("/admin/people/"))}) >= PEOPLE_A_PAGE * 2

    def test_the_place_of_somebody_removed_is_explained(self, ada: Visitor) -> None:
        assert "That was the last of them" in ada.open("/admin/people?after=999999").words

    def test_it_costs_the_same_for_one_and_for_fifty(self, app: Flask, ada: Visitor, database: Database) -> None:
        ada.open("/admin/people?q=ada")
        with counted_queries(app) as one:
            ada.open("/admin/people?q=ada")
        with database.write_session() as session:
            for number in range(PEOPLE_A_PAGE):
                make_sign_in(session, make_person(session, f"Kim {number}", now=MONDAY), now=MONDAY)
        with counted_queries(app) as many:
            ada.open("/admin/people")
        assert len(names(ada)) == PEOPLE_A_PAGE
        assert len(one) == len(many) <= 8


def hrefs(browser: Visitor) -> list[str]:
    assert browser.page is not None
    return [element.get("href", "") for element in browser.page.root.iter("a")]


class TestOnePerson:
    def test_an_account_is_told_without_what_was_learned(
        self, app: Flask, ada: Visitor, cast: Cast, database: Database
    ) -> None:
        with database.write_session() as session:
            make_sign_in(session, cast.student, now=MONDAY)
        ada.open("/admin/people")
        page = ada.follow("Mira Okafor")
        assert "Signs in as mira.okafor" in page.words
        assert "Devices signed in 1" in page.words
        assert "Card reviews" not in page.words
        with counted_queries(app) as queries:
            ada.open(page.path)
        assert len(queries) <= 8

    def test_a_look_at_the_record_is_noted(self, app: Flask, ada: Visitor, cast: Cast, stored: Stored) -> None:
        ada.open(f"/admin/people/{cast.student}")
        with counted_queries(app) as queries:
            page = ada.press("Show how much they did")
        assert "Quizzes 0" in page.words
        assert "Card reviews 0" in page.words
        assert "Days None yet" in page.words
        assert len(queries) <= 8
        assert last_entry(stored) == (cast.admin, "record.seen", "person", str(cast.student), {})

    def test_looking_at_the_account_alone_is_not(self, ada: Visitor, cast: Cast, stored: Stored) -> None:
        ada.open(f"/admin/people/{cast.student}")
        assert stored().scalars(select(AuditEntry)).all() == []

    def test_nobody_is_not_found(self, ada: Visitor) -> None:
        ada.open("/admin/people/999999", 404)

    def test_a_guest_has_neither_role_nor_link(self, ada: Visitor, database: Database) -> None:
        with database.write_session() as session:
            guest_id = make_guest(session)
        page = ada.open(f"/admin/people/{guest_id}")
        assert page.buttons() == ["Show how much they did", "Disable Guest", "Close"]

    def test_one_cannot_act_on_oneself(self, ada: Visitor, cast: Cast) -> None:
        page = ada.open(f"/admin/people/{cast.admin}")
        assert page.buttons() == ["Show how much they did", "Close"]
        assert "This is you" in page.words


class TestRoles:
    def test_a_new_role_signs_out_and_is_noted(self, ada: Visitor, cast: Cast, visitor: Open, stored: Stored) -> None:
        mira = visitor(cast.student)
        mira.open("/")
        ada.open(f"/admin/people/{cast.student}")
        page = ada.press("Change role", role="teacher")
        assert "The role is changed" in page.text
        assert "Role Teacher" in page.words
        assert "Sign in" in mira.open("/").links()
        assert last_entry(stored) == (
            cast.admin, "person.role_changed", "person", str(cast.student),
            {"before": "student", "role": "teacher", "devices": 1},
        )  # fmt: skip
        visitor(cast.student).open("/teach")

    def test_the_same_role_again_changes_nothing(self, ada: Visitor, cast: Cast, stored: Stored) -> None:
        ada.open(f"/admin/people/{cast.student}")
        assert "They had that role already" in ada.press("Change role").text
        assert stored().scalars(select(AuditEntry)).all() == []

    @pytest.mark.parametrize("role", ["guest", "root", ""])
    def test_a_role_that_nobody_can_have_is_refused(self, ada: Visitor, cast: Cast, stored: Stored, role: str) -> None:
        ada.open(f"/admin/people/{cast.student}")
        ada.press("Change role", 404, role=role)
        assert stored().get_one(Person, cast.student).role == "student"

    def test_who_wanted_to_teach_no_longer_waits(self, session: Session, cast: Cast) -> None:
        session.get_one(Person, cast.student).teacher_wanted_at = MONDAY
        looking_after.set_role(session, cast.student, "admin", actor_id=cast.admin, now=MONDAY)
        session.commit()
        assert session.get_one(Person, cast.student).teacher_wanted_at is None

    def test_the_only_administrator_stays_one(self, session: Session, cast: Cast) -> None:
        with pytest.raises(Conflict, match="only administrator"):
            looking_after.set_role(session, cast.admin, "student", actor_id=cast.teacher, now=MONDAY)
        with pytest.raises(Conflict, match="only administrator"):
            looking_after.disable(session, cast.admin, actor_id=cast.teacher, now=MONDAY)

    def test_a_disabled_administrator_does_not_count(self, session: Session, cast: Cast) -> None:
        make_person(session, "Ben", role="admin", now=MONDAY, disabled_at=MONDAY)
        with pytest.raises(Conflict, match="only administrator"):
            looking_after.set_role(session, cast.admin, "student", actor_id=cast.teacher, now=MONDAY)

    def test_one_of_two_administrators_can_go(self, session: Session, cast: Cast) -> None:
        second = make_person(session, "Ben", role="admin", now=MONDAY)
        assert looking_after.set_role(session, second, "student", actor_id=cast.admin, now=MONDAY)

    def test_a_guest_gets_no_role(self, session: Session, cast: Cast) -> None:
        with pytest.raises(Conflict, match="guest"):
            looking_after.set_role(session, make_guest(session), "student", actor_id=cast.admin, now=MONDAY)


class TestOneself:
    @pytest.mark.parametrize("what", ["role", "disable", "enable", "sign-out", "link", "remove-codes"])
    def test_a_form_made_by_hand_is_refused(self, app: Flask, ada: Visitor, cast: Cast, what: str) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        path = f"/admin/people/{cast.admin}/{what}"
        response = ada.client.post(path, data={"role": "student"}, headers={"Accept": "text/html"})
        assert response.status_code == 403
        assert "Ask another administrator" in response.text
        ada.open("/admin")


class TestTheDoor:
    def test_who_is_disabled_is_out_at_once_and_can_be_let_in_again(
        self, ada: Visitor, cast: Cast, visitor: Open, stored: Stored, clock: Clock
    ) -> None:
        mira = visitor(cast.student)
        ada.open(f"/admin/people/{cast.student}")
        page = ada.press("Disable Mira Okafor")
        assert "Disabled today at 09:00" in page.words
        assert "Make the link" not in page.buttons()
        assert "Sign in" in mira.open("/").links()
        assert last_entry(stored) == (cast.admin, "person.disabled", "person", str(cast.student), {"devices": 1})
        assert "Disabled" in ada.open("/admin/people?q=mira").words
        ada.open(f"/admin/people/{cast.student}")
        ada.press("Enable Mira Okafor")
        assert last_entry(stored) == (cast.admin, "person.enabled", "person", str(cast.student), {})
        assert stored().get_one(Person, cast.student).disabled_at is None

    def test_a_second_click_changes_nothing(self, session: Session, cast: Cast) -> None:
        assert looking_after.disable(session, cast.student, actor_id=cast.admin, now=MONDAY)
        later = MONDAY + timedelta(hours=1)
        assert not looking_after.disable(session, cast.student, actor_id=cast.admin, now=later)
        assert session.get_one(Person, cast.student).disabled_at == MONDAY
        assert looking_after.enable(session, cast.student, actor_id=cast.admin, now=later)
        assert not looking_after.enable(session, cast.student, actor_id=cast.admin, now=later)

    def test_all_devices_are_signed_out(
        self, ada: Visitor, cast: Cast, visitor: Open, database: Database, stored: Stored
    ) -> None:
        with database.write_session() as session:
            make_sign_in(session, cast.student, now=MONDAY)
        mira = visitor(cast.student)
        ada.open(f"/admin/people/{cast.student}")
        assert "2 devices signed out" in ada.press("Sign them out").text
        assert "Sign in" in mira.open("/").links()
        assert last_entry(stored) == (cast.admin, "sign_in.ended", "person", str(cast.student), {"devices": 2})
        assert "Sign them out" not in ada.open(f"/admin/people/{cast.student}").buttons()

    def test_a_link_is_shown_once_and_sets_a_password(
        self, ada: Visitor, cast: Cast, visitor: Open, stored: Stored
    ) -> None:
        ada.open(f"/admin/people/{cast.student}")
        page = ada.press("Make the link")
        link = next(words(element) for element in page.root.iter("p") if element.get("id") == "link")
        assert link.startswith("http://localhost/reset/")
        secret = link.rpartition("/")[2]
        assert secret not in ada.open(f"/admin/people/{cast.student}").text
        assert last_entry(stored) == (cast.admin, "reset_link.made", "person", str(cast.student), {})
        mira = visitor()
        mira.open(f"/reset/{secret}")
        mira.press("Set password", new_password="a long way home")
        visitor().open(f"/reset/{secret}", 410)

    def test_codes_are_removed_with_their_recovery_codes(
        self, ada: Visitor, cast: Cast, database: Database, stored: Stored
    ) -> None:
        with database.write_session() as session:
            eva = session.get_one(Person, cast.teacher)
            eva.totp_salt, eva.totp_confirmed_at, eva.totp_step = b"s" * 16, MONDAY, 1
            session.add(RecoveryCode(person_id=eva.id, code_hash=b"h" * 32))
        assert "One-time codes Asked for at sign-in" in ada.open(f"/admin/people/{cast.teacher}").words
        page = ada.press("Remove the codes")
        assert "One-time codes Not used" in page.words
        assert "Remove the codes" not in page.buttons()
        eva = stored().get_one(Person, cast.teacher)
        assert (eva.totp_salt, eva.totp_confirmed_at, eva.totp_step) == (None, None, None)
        assert stored().scalars(select(RecoveryCode)).all() == []
        assert last_entry(stored) == (cast.admin, "codes.off", "person", str(cast.teacher), {})

    def test_who_is_disabled_gets_no_link(self, session: Session, cast: Cast) -> None:
        looking_after.disable(session, cast.student, actor_id=cast.admin, now=MONDAY)
        with pytest.raises(Conflict, match="disabled"):
            looking_after.hand_link(session, cast.student, actor_id=cast.admin, now=MONDAY)
        with pytest.raises(Conflict, match="guest"):
            looking_after.hand_link(session, make_guest(session), actor_id=cast.admin, now=MONDAY)
        with pytest.raises(NotAllowed):
            looking_after.hand_link(session, cast.admin, actor_id=cast.admin, now=MONDAY)


class TestAddingSomebody:
    def test_they_get_a_link_and_an_entry_without_a_name(
        self, ada: Visitor, cast: Cast, visitor: Open, stored: Stored
    ) -> None:
        ada.open("/admin/people")
        ada.follow("Add a person")
        page = ada.press("Add and make a link", shown_name="Noor Haddad", role="teacher")
        assert page.heading == "A link for Noor Haddad"
        assert "They sign in as “noor.haddad”" in page.words
        noor = stored().scalars(select(Person).where(Person.sign_in_name == "noor.haddad")).one()
        noor_id = noor.id
        assert (noor.role, noor.password_hash) == ("teacher", None)
        entries = stored().scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(entry.actor_id, entry.action, entry.subject_id, entry.detail) for entry in entries] == [
            (cast.admin, "person.added", str(noor_id), {"role": "teacher"}),
            (cast.admin, "reset_link.made", str(noor_id), {}),
        ]

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"shown_name": ""}, "Give the name that others will see."),
            ({"shown_name": "Mira", "sign_in_name": "mira.okafor"}, "“mira.okafor” is taken."),
            ({"shown_name": "Mira", "sign_in_name": "mi ra"}, "Use letters, digits"),
            ({"shown_name": "Mira", "email": "mira"}, "Write the address like"),
            ({"shown_name": "Mira", "role": "guest"}, "Not a valid choice"),
        ],
    )
    def test_what_cannot_be_is_told_beside_its_field(
        self, ada: Visitor, stored: Stored, fields: dict[str, str], told: str
    ) -> None:
        before = len(stored().scalars(select(Person.id)).all())
        ada.open("/admin/people/new")
        assert told in ada.press("Add and make a link", 422, **fields).words
        assert len(stored().scalars(select(Person.id)).all()) == before


class TestStrangers:
    PATHS = ("/admin", "/admin/people", "/admin/people/new", "/admin/people/1", "/admin/approvals", "/admin/audit",
             "/admin/privacy", "/admin/running")  # fmt: skip

    @pytest.mark.parametrize("who", ["student", "teacher"])
    def test_whoever_is_no_administrator_finds_nothing(self, cast: Cast, visitor: Open, who: str) -> None:
        browser = visitor(getattr(cast, who))
        for path in self.PATHS:
            assert browser.open(path, 404).heading == "There is nothing here"
        assert "Admin" not in browser.open("/").links()

    def test_a_guest_finds_nothing(self, app: Flask, database: Database, visitor: Open) -> None:
        with database.write_session() as session:
            guest_id = make_guest(session)
        browser = visitor(guest_id)
        for path in self.PATHS:
            assert browser.open(path, 404).heading == "There is nothing here"

    def test_nobody_is_asked_to_sign_in(self, visitor: Open) -> None:
        client = visitor().client
        for path in self.PATHS:
            assert client.get(path).headers["Location"] == f"/sign-in?next={path}"

    def test_a_role_taken_away_closes_the_pages_at_once(self, ada: Visitor, database: Database, cast: Cast) -> None:
        ada.open("/admin")
        with database.write_session() as session:
            session.get_one(Person, cast.admin).role = "teacher"
        ada.open("/admin", 404)

    def test_administrators_have_a_link(self, ada: Visitor) -> None:
        ada.open("/")
        assert ada.follow("Admin").path == "/admin"


def test_the_list_by_number_is_in_the_order_of_names(session: Session, cast: Cast) -> None:
    first = people_page(session)
    assert [row.id for row in first.rows] == [cast.admin, cast.teacher, cast.classmate, cast.student, cast.colleague]
    rest = people_page(session, after=cast.classmate)
    assert [row.id for row in rest.rows] == [cast.student, cast.colleague]


def test_a_device_signed_out_still_says_when_somebody_was_seen(session: Session, cast: Cast) -> None:
    seen = MONDAY + timedelta(days=3)
    session.add(
        SignIn(id=uuid.uuid4(), person_id=cast.student, device="A", created_at=MONDAY, seen_at=seen, ended_at=seen)
    )
    session.flush()
    row = next(row for row in people_page(session).rows if row.id == cast.student)
    assert row.seen_at == seen
