"""What visits to the pages of accounts have in common."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from quizapp.database import Database
from quizapp.models import Person, SignIn
from tests.pages import Visitor

PASSWORD = "lanterns in fog"
Open = Callable[..., Visitor]


def database_of(app: Flask) -> Database:
    database: Database = app.extensions["quizapp.database"]
    return database


def stored(app: Flask, person_id: int) -> Person:
    with database_of(app).read_session() as session:
        return session.get_one(Person, person_id)


def person_named(app: Flask, sign_in_name: str) -> Person:
    with database_of(app).read_session() as session:
        return session.scalars(select(Person).where(Person.sign_in_name == sign_in_name)).one()


def open_devices(app: Flask, person_id: int) -> int:
    with database_of(app).read_session() as session:
        statement = select(func.count()).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        return session.scalar(statement) or 0


def send(visitor: Visitor, path: str, **fields: str) -> TestResponse:
    """Post what no page offers, with a good token."""
    page = visitor.open("/account" if "@" in visitor_name(visitor) else "/sign-in")
    token = next(element.get("value", "") for element in page.all("input", name="csrf_token"))
    return visitor.client.post(path, data={"csrf_token": token, **fields})


def visitor_name(visitor: Visitor) -> str:
    with visitor.client.session_transaction() as cookie:
        return "@" if cookie.get("_user_id") else ""


def signed_in(visitor: Visitor, name: str, password: str) -> Visitor:
    visitor.open("/sign-in?next=/account")
    visitor.press("Sign in", name=name, password=password)
    assert visitor.page is not None
    assert visitor.page.heading == "Your account"
    return visitor


def same_browser(app: Flask, visitor: Visitor) -> Visitor:
    """Return a second window of the same browser, as its cookies stand now."""
    window = Visitor(app)
    cookie = visitor.client.get_cookie("quizapp")
    assert cookie is not None
    window.client.set_cookie("quizapp", cookie.value)
    window.page = visitor.page
    return window


def first_form(visitor: Visitor) -> dict[str, str]:
    page = visitor.page
    assert page is not None
    return {name: values[0] for name, values in page.values(page.form_of(page.all("button", type="submit")[0])).items()}


def neutral(text: str) -> str:
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)
    text = re.sub(r' data-person="\d+"', "", text)
    return re.sub(r"\b([aA])[ .][01]\b", r"\1", text)
