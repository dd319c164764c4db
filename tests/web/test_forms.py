"""What every form shares: tidied text, passwords left alone, an id for one submission, blame beside the field."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from wtforms import IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired

from quizapp.errors import Invalid
from quizapp.web.forms import Form, SubmissionId


class Letter(Form):
    """A form with each kind of field that matters here."""

    id = SubmissionId()
    title = StringField("Title", validators=[DataRequired("Give it a title.")])
    body = TextAreaField("Body")
    password = PasswordField("Password")
    number = IntegerField("Number")


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    app.config["WTF_CSRF_ENABLED"] = False
    return app  # type: ignore[return-value]  # pytest passes the value on


def sent(app: Flask, **fields: str) -> Letter:
    with app.test_request_context("/", method="POST", data={"id": str(uuid.uuid4()), **fields}):
        form = Letter()
        form.validate_on_submit()
        return form


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  A title \n", "A title"), ("one\r\ntwo\rthree", "one\ntwo\nthree"), ("one\vtwo", "one\ntwo"),
        ("nul\x00 bell\x07 del\x7f", "nul bell del"), ("tab\there", "tab\there"), ("ünïcode “kept”", "ünïcode “kept”"),
    ],
)  # fmt: skip
def test_text_is_tidied(app: Flask, given: str, kept: str) -> None:
    form = sent(app, title=given, body=given)
    assert form.title.data == kept
    assert form.body.data == kept


def test_a_password_is_left_as_typed(app: Flask) -> None:
    assert sent(app, title="x", password="  two spaces  ").password.data == "  two spaces  "


def test_blanks_are_no_title(app: Flask) -> None:
    assert sent(app, title=" \n ").title.errors == ["Give it a title."]


def test_a_form_gets_an_id_and_keeps_it(app: Flask) -> None:
    with app.test_request_context("/"):
        first, second = str(Letter().id.data), str(Letter().id.data)
    assert uuid.UUID(first) != uuid.UUID(second)
    assert sent(app, title="x", id=first).id.uuid == uuid.UUID(first)


@pytest.mark.parametrize("broken", ["", "12", "not-a-uuid", "' OR 1=1"])
def test_a_broken_id_says_what_to_do(app: Flask, broken: str) -> None:
    assert sent(app, title="x", id=broken).id.errors == ["This page is incomplete. Reload it and try again."]


def test_a_refusal_stands_beside_its_field_or_above_the_form(app: Flask) -> None:
    form = sent(app, title="x")
    form.blame(Invalid("title", "There is one already."))
    form.blame(Invalid("", "Too many at once."))
    assert form.title.errors == ["There is one already."]
    assert form.form_errors == ["Too many at once."]
