"""Resets by mail: the same answer for everybody, one mail for who is meant, a link that works once for an hour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.accounts import resets
from quizapp.accounts.people import add_person
from quizapp.app import create_app
from quizapp.background.jobs import run_jobs
from quizapp.background.sweeps import Turn
from quizapp.config import MailServer, Settings
from quizapp.models import Job, OutboxMessage, Person
from tests.accounts.visits import Open, database_of, neutral, signed_in
from tests.conftest import Clock
from tests.pages import Visitor


@pytest.fixture
def mailing(settings: Settings, noor: int, clock: Clock) -> Iterator[Flask]:
    server = MailServer(host="127.0.0.1", port=1, sender="quizapp@school.example")
    app = create_app(replace(settings, mail=server, base_url="http://localhost"), now=clock)
    app.config.update(TESTING=True)
    yield app
    database_of(app).engine.dispose()


def work(app: Flask, clock: Clock) -> list[dict[str, str]]:
    """Do the jobs as a worker does; return the mail in the outbox."""
    settings = app.extensions["quizapp.settings"]
    run_jobs(Turn("jobs", database_of(app), settings, clock, Random(1), lambda: False), {resets.JOB: resets.mail_links})
    with database_of(app).read_session() as session:
        return [
            message.payload for message in session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at))
        ]


def asked(app: Flask, given: str) -> Visitor:
    browser = Visitor(app)
    browser.open("/forgot")
    browser.press("Mail me a link", name=given)
    return browser


def secret_in(mail: dict[str, str]) -> str:
    return re.findall(r"http://localhost/reset/(\S+)", mail["body"])[0]  # type: ignore[no-any-return]


def test_a_mailed_link_sets_a_password_once_within_an_hour(mailing: Flask, clock: Clock) -> None:
    asked(mailing, " NOOR@example.org ")
    (mail,) = work(mailing, clock)
    assert (mail["to"], mail["subject"]) == ("noor@example.org", "Set a new password")
    assert "You sign in as “noor”." in mail["body"]
    browser = Visitor(mailing)
    browser.open(f"/reset/{secret_in(mail)}")
    clock.advance(minutes=59)
    browser.press("Set password", new_password="fog in lanterns")
    signed_in(Visitor(mailing), "noor", "fog in lanterns")
    browser.open(f"/reset/{secret_in(mail)}", 410)


def test_after_an_hour_or_another_wish_a_mailed_link_is_dead(mailing: Flask, clock: Clock) -> None:
    asked(mailing, "noor")
    first = secret_in(work(mailing, clock)[0])
    clock.advance(minutes=1)
    asked(mailing, "noor")
    second = secret_in(work(mailing, clock)[1])
    Visitor(mailing).open(f"/reset/{first}", 410)
    Visitor(mailing).open(f"/reset/{second}")
    clock.advance(hours=1)
    Visitor(mailing).open(f"/reset/{second}", 410)


def test_the_answer_is_the_same_whoever_is_meant_and_mail_goes_only_to_who_has_an_address(
    mailing: Flask, clock: Clock
) -> None:
    with database_of(mailing).write_session() as session:
        add_person(session, shown_name="Silent", sign_in_name="silent", role="student", now=clock.now)
        gone = add_person(
            session, shown_name="Gone", sign_in_name="gone", email="g@x.org", role="student", now=clock.now
        )
        gone.disabled_at = clock.now
    pages, work_done = set(), []
    for given in ("nobody", "silent", "gone", "no@body.org", "noor"):
        browser = asked(mailing, given)
        assert browser.page is not None
        pages.add(neutral(browser.page.text))
        work_done.append(len(work(mailing, clock)))
    assert len(pages) == 1
    assert work_done == [0, 0, 0, 0, 1]
    with database_of(mailing).read_session() as session:
        told = [job.payload for job in session.scalars(select(Job).order_by(Job.id))]
    assert [len(payload["people"]) for payload in told] == [0, 0, 0, 0, 1]
    assert "nobody" not in repr(told)


def test_done_twice_it_is_one_mail_and_its_link_stays_good(mailing: Flask, clock: Clock) -> None:
    asked(mailing, "noor")
    (mail,) = work(mailing, clock)
    with database_of(mailing).write_session() as session:
        job = session.scalars(select(Job)).one()
        job.status, job.finished_at = "waiting", None
    assert work(mailing, clock) == [mail]
    Visitor(mailing).open(f"/reset/{secret_in(mail)}")


def test_people_who_share_an_address_get_a_mail_each(mailing: Flask, clock: Clock) -> None:
    with database_of(mailing).write_session() as session:
        add_person(
            session, shown_name="Omar", sign_in_name="omar", email="noor@example.org", role="student", now=clock.now
        )
    asked(mailing, "noor@example.org")
    bodies = [mail["body"] for mail in work(mailing, clock)]
    assert sorted(re.findall("sign in as “(.*)”", body)[0] for body in bodies) == ["noor", "omar"]


def test_a_fourth_wish_for_the_same_name_waits(mailing: Flask, clock: Clock) -> None:
    for name in ("noor", "nobody"):
        for _ in range(4):
            asked(mailing, name)
        browser = Visitor(mailing)
        browser.open("/forgot")
        page = browser.press("Mail me a link", 429, name=name)
        assert page.response.headers["Retry-After"] == "300"
        assert "Try again in 5 minutes." in page.words


def test_a_foreign_host_never_gets_into_a_mail(mailing: Flask, clock: Clock) -> None:
    browser = Visitor(mailing)
    page = browser.open("/forgot")
    values = {name: value[0] for name, value in page.values(page.form_of(page.all("button", type="submit")[0])).items()}
    browser.client.post("/forgot", data={**values, "name": "noor"}, headers={"X-Forwarded-Host": "evil.example"})
    assert [mail for mail in work(mailing, clock) if "evil" in mail["body"]] == []


def test_without_mail_the_page_says_whom_to_ask(visitor: Open, noor: int, app: Flask) -> None:
    page = visitor().open("/sign-in")
    assert page.links()["Forgot your password?"] == "/forgot"
    page = visitor().open("/forgot")
    assert "Ask your teacher or whoever runs this site" in page.words
    assert "Mail me a link" not in page.buttons()
    with database_of(app).read_session() as session:
        assert session.get_one(Person, noor).email is not None


def test_dead_links_tried_in_a_row_are_slowed(visitor: Open, clock: Clock) -> None:
    browser = visitor()
    page = browser.open("/sign-in")
    token = page.all("input", name="csrf_token")[0].get("value")
    answers = [
        browser.client.post("/reset/made-up", data={"csrf_token": token, "new_password": "x"}).status_code
        for _ in range(22)
    ]
    assert answers == [410] * 21 + [429]
