"""Who may open which page: every route has its verdict, written by hand, and the door is seen to keep it."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from quizapp.models import Person
from quizapp.web import access
from quizapp.web.access import RULES, local_path, rule_of
from tests.builders import make_person
from tests.conftest import MONDAY, Cast
from tests.pages import Page, Visitor
from tests.web.verdicts import ADMITTED, OBJECTS, VERDICTS

MADE_UP: dict[str, Any] = {"UUIDConverter": uuid.UUID(int=7), "_Number": 7, "UnicodeConverter": "anything"}


def routes(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_every_route_has_its_verdict(app: Flask) -> None:
    assert {(rule.endpoint, method): rule_of(app, rule.endpoint) for rule, method in routes(app)} == VERDICTS


def test_every_route_has_its_object(app: Flask) -> None:
    listed = [endpoint for endpoints in OBJECTS.values() for endpoint in endpoints]
    assert sorted(listed) == sorted({rule.endpoint for rule, _ in routes(app)})


class TestTheDoor:
    """Every view is replaced by one that says "entered", so that only the door decides."""

    @pytest.fixture
    def people(self, app: Flask, cast: Cast) -> dict[str, int | None]:
        with app.extensions["quizapp.database"].write_session() as session:
            disabled = make_person(session, "Gone Away", role="admin", now=MONDAY)
        return {
            "nobody": None, "student": cast.student, "teacher": cast.teacher, "admin": cast.admin, "disabled": disabled,
        }  # fmt: skip

    @pytest.fixture
    def browsers(
        self, app: Flask, people: dict[str, int | None], visitor: Callable[..., Visitor]
    ) -> dict[str, Visitor]:
        app.config["WTF_CSRF_ENABLED"] = False
        for endpoint, view in list(app.view_functions.items()):
            app.view_functions[endpoint] = entered(getattr(view, "access", None))
        browsers = {name: visitor(person_id) for name, person_id in people.items()}
        with app.extensions["quizapp.database"].write_session() as session:
            gone = update(Person).where(Person.id == people["disabled"])
            session.execute(gone.values(disabled_at=datetime(2026, 11, 16, tzinfo=UTC)))
        return browsers

    def test_the_door_keeps_every_verdict(self, app: Flask, browsers: dict[str, Visitor]) -> None:
        assert wrong(app, browsers) == []

    @pytest.mark.parametrize("rule", sorted({*VERDICTS.values()} - {"anyone"}))
    def test_a_rule_that_admits_too_many_is_noticed(
        self, app: Flask, browsers: dict[str, Visitor], rule: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(RULES, rule, lambda _viewer: True)
        assert {endpoint for _, endpoint, _ in wrong(app, browsers)} == {
            endpoint for (endpoint, _), verdict in VERDICTS.items() if verdict == rule
        }

    @pytest.mark.parametrize("rule", sorted({*VERDICTS.values()}))
    def test_a_rule_that_admits_nobody_is_noticed(
        self, app: Flask, browsers: dict[str, Visitor], rule: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(RULES, rule, lambda _viewer: False)
        assert wrong(app, browsers) != []


def entered(rule: str | None) -> Callable[..., str]:
    def view(**_values: Any) -> str:
        return "entered"

    if rule is not None:
        view.access = rule  # type: ignore[attr-defined]
    return view


def wrong(app: Flask, browsers: dict[str, Visitor]) -> list[tuple[str, str, str]]:
    """Return who got another verdict than the one written here, and where."""
    found = []
    for (name, browser), (rule, method) in itertools.product(browsers.items(), routes(app)):
        verdict = VERDICTS[rule.endpoint, method]
        response = browser.client.open(address(app, rule, method), method=method)
        if not is_as_written(response, name, name in ADMITTED[verdict]):
            found.append((name, rule.endpoint, method))
    return found


def is_as_written(response: TestResponse, name: str, is_admitted: bool) -> bool:
    if is_admitted:
        return response.text == "entered"
    if name in ("nobody", "disabled"):
        return response.status_code == 303 and response.headers["Location"].startswith("/sign-in?next=")
    return response.status_code == 404 and "There is nothing here" in response.text


def address(app: Flask, rule: Rule, method: str) -> str:
    values = {name: MADE_UP[type(converter).__name__] for name, converter in rule._converters.items()}
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=method)


def test_an_unknown_address_is_not_found(visitor: Callable[..., Visitor]) -> None:
    assert visitor().open("/no/such/page", 404).heading == "There is nothing here"


def test_a_page_that_is_refused_reads_like_one_that_does_not_exist(visitor: Callable[..., Visitor], cast: Cast) -> None:
    student = visitor(cast.student)
    refused, unknown = student.open("/teach", 404), student.open("/no/such/page", 404)
    assert refused.words.rpartition("number")[0] == unknown.words.rpartition("number")[0] != ""


class TestForgottenRule:
    """A view that nobody gave a rule."""

    @pytest.fixture
    def app(self, own_app: Flask) -> Flask:
        """This test adds a route."""
        return own_app

    def test_a_view_without_a_rule_does_not_exist_for_anybody(
        self, app: Flask, cast: Cast, visitor: Callable[..., Visitor]
    ) -> None:
        app.add_url_rule("/forgotten", "forgotten", lambda: "the key")
        for person_id in (None, cast.student, cast.admin):
            page = visitor(person_id).open("/forgotten", 404)
            assert "the key" not in page.text


def test_a_rule_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="no access rule 'everyone'"):
        access.access("everyone")


def test_who_must_sign_in_comes_back_to_where_they_were_going(visitor: Callable[..., Visitor]) -> None:
    client = visitor().client
    response = client.get("/attempts?before=2026-11-16")
    assert response.headers["Location"] == "/sign-in?next=/attempts?before%3D2026-11-16"
    client.application.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/quizzes/new").headers["Location"] == "/sign-in?next=/"


@pytest.mark.parametrize(
    "target",
    [
        None, "", "progress", "https://evil.example", "http:evil", "//evil.example", "///evil.example",
        "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "/a\\b", "javascript:alert(1)",
        "/\x00", " /topics", "/\r\nLocation: https://evil.example", "/\u2028/evil.example", "/\u202e/x", "/\x7f",
        "\u2044\u2044evil.example", "\uff0f\uff0fevil.example", "%2f%2fevil.example", "https:/evil.example",
        "https:evil.example", "data:text/html,x", "JavaScript:alert(1)", "\tjavascript:alert(1)", "@evil.example",
        "//evil.example/%2f..", "/\x85/evil.example", "\ufeff/topics", "///", "//", "./topics", "../topics", "?next=/",
    ],
)  # fmt: skip
def test_next_never_leaves_the_site(target: str | None) -> None:
    assert local_path(target, "/start") == "/start"


@pytest.mark.parametrize(
    "target",
    [
        "/", "/topics", "/attempts?before=2026", "/topics/a#s1", "/a//b", "/ü", "/topics?q=https://x.example",
        "/%2f%2fevil.example", "/%5cevil.example", "/@evil.example", "/javascript:alert(1)",
    ],
)  # fmt: skip
def test_next_goes_anywhere_on_the_site(target: str) -> None:
    assert local_path(target, "/start") == target


class TestForeignRequests:
    """What another site makes a browser send is refused, token or not."""

    @pytest.fixture
    def browser(self, app: Flask, visitor: Callable[..., Visitor], cast: Cast) -> Visitor:
        app.config["WTF_CSRF_ENABLED"] = False  # so that nothing but the origin refuses
        return visitor(cast.student)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "http://localhost.evil.example"},
            {"Origin": "https://localhost"},
            {"Origin": "http://localhost:81"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
            {"Origin": "null"},
            {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
            {"Origin": "null", "Sec-Fetch-Site": "none"},
            {"Origin": ""},
            {"Origin": "http://[localhost"},
            {"Referer": "https://evil.example/http://localhost/"},
            {"Referer": "http://localhost.evil.example/"},
        ],
    )
    def test_a_foreign_post_changes_nothing(self, browser: Visitor, headers: dict[str, str]) -> None:
        response = browser.client.post("/sign-out", headers=headers)
        page = Page(response, "/sign-out")
        assert page.status == 403
        assert "nothing was changed" in page.words
        assert browser.open("/account").path == "/account"

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Origin": "http://localhost"},
            {"Sec-Fetch-Site": "same-origin"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
            {"Referer": "http://localhost/account?a=b"},
        ],
    )
    def test_our_own_post_passes(self, browser: Visitor, headers: dict[str, str]) -> None:
        assert browser.client.post("/sign-out", headers=headers).status_code == 303

    def test_links_from_elsewhere_open_pages(self, browser: Visitor) -> None:
        assert browser.client.get("/topics", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_every_unsafe_route_refuses_a_missing_and_a_foreign_token(
    app: Flask, cast: Cast, visitor: Callable[..., Visitor]
) -> None:
    teacher, other = visitor(cast.teacher), visitor(cast.student)
    foreign = token(other.open("/account"))
    teacher.open("/account")
    for rule, method in routes(app):
        if method == "GET":
            continue
        for data in ({}, {"csrf_token": ""}, {"csrf_token": "made-up"}, {"csrf_token": foreign}):
            response = teacher.client.open(address(app, rule, method), method=method, data=data)
            assert response.status_code == 400, rule
            assert "Nothing was changed" in response.text


def token(page: Page) -> str:
    return next(element.get("value", "") for element in page.root.iter("input") if element.get("name") == "csrf_token")
