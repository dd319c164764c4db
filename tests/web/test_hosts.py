"""The address of this site: other hosts, forwarded headers, other origins, and the headers of every answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.web.hosts import absolute_url
from quizapp.web.rendering import CONTENT_SECURITY_POLICY
from tests.conftest import Cast, Clock
from tests.pages import Visitor

EVIL = "evil.example"
FORWARDED = {
    "X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "81", "Forwarded": f"host={EVIL};proto=https",
    "X-Original-URL": "/teach", "X-Rewrite-URL": "/teach", "X-HTTP-Method-Override": "POST",
}  # fmt: skip
Make = Callable[..., Flask]


@pytest.fixture
def make(settings: Settings, clock: Clock) -> Iterator[Make]:
    """Make the application with other settings on the same database."""
    made: list[Flask] = []

    def make_one(**changed: object) -> Flask:
        app = create_app(dataclasses.replace(settings, **changed), now=clock)  # type: ignore[arg-type]
        app.config.update(TESTING=True)
        made.append(app)
        return app

    yield make_one
    for app in made:
        app.extensions["quizapp.database"].engine.dispose()


class TestWithItsAddressSet:
    @pytest.fixture
    def app(self, make: Make) -> Flask:
        return make(base_url="https://quiz.example", is_secure=True)

    @pytest.mark.parametrize(
        "base", ["https://evil.example", "https://quiz.example.evil.example", "https://quiz.example:81",
                 "http://quiz.example", "https://127.0.0.1"],
    )  # fmt: skip
    @pytest.mark.parametrize("path", ["/", "/topics", "/sign-in", "/no/such/page"])
    def test_another_host_is_refused_and_never_repeated(self, app: Flask, base: str, path: str) -> None:
        response = app.test_client().get(path, base_url=base)
        assert response.status_code == 403
        assert "This site is at https://quiz.example." in response.text
        assert EVIL not in response.text
        assert EVIL not in str(response.headers)

    @pytest.mark.parametrize("base", ["https://quiz.example", "https://QUIZ.example", "https://quiz.example:443"])
    def test_its_own_opens(self, app: Flask, base: str) -> None:
        assert app.test_client().get("/topics", base_url=base).status_code == 200

    def test_machines_ask_for_its_health_by_any_name(self, app: Flask) -> None:
        for path in ("/healthz", "/livez"):
            assert app.test_client().get(path, base_url="http://10.0.0.7:5000").status_code == 200


class TestForwardedHeaders:
    def test_they_are_ignored_without_a_trusted_proxy(self, make: Make) -> None:
        client = make().test_client()
        plain, forwarded = client.get("/sign-in"), client.get("/sign-in", headers=FORWARDED)
        assert EVIL not in forwarded.text
        assert EVIL not in str(forwarded.headers)
        assert forwarded.status_code == plain.status_code
        assert client.get("/account", headers=FORWARDED).headers["Location"] == "/sign-in?next=/account"

    def test_they_open_no_other_site_behind_a_trusted_proxy(self, make: Make) -> None:
        client = make(base_url="https://quiz.example", is_secure=True, trusted_proxies=1).test_client()
        proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        own = client.get("/topics", headers={**proxied, "X-Forwarded-Host": "quiz.example"})
        assert own.status_code == 200
        assert client.get("/topics", headers={**proxied, "X-Forwarded-Host": EVIL}).status_code == 403

    def test_only_as_many_as_there_are_proxies_count(self, make: Make) -> None:
        client = make(base_url="https://quiz.example", is_secure=True, trusted_proxies=1).test_client()
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": f"{EVIL}, quiz.example"}
        assert client.get("/topics", headers=headers).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t//evil.example"])
def test_no_page_sends_anybody_elsewhere(app: Flask, cast: Cast, visitor: Callable[..., Visitor], target: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    student = visitor(cast.student)
    answers: list[TestResponse] = [
        visitor().client.get("/sign-in", query_string={"next": target}),
        visitor().client.get("/sign-up", query_string={"next": target}),
        student.client.get("/sign-in", query_string={"next": target}),
        student.client.post("/cards/change", query_string={"next": target}, data={"do": "flag", "next": target}),
        student.client.post("/questions/1/flag/withdraw", data={"next": target}),
        student.client.get("/cards/browse", query_string={"next": target, "topic": target}),
    ]
    for response in answers:
        assert not response.headers.get("Location", "/").startswith(("http", "//", "/\\", "/\t"))
        assert 'href="https://evil' not in response.text
        assert 'value="//evil' not in response.text


def test_every_answer_carries_the_headers(app: Flask, cast: Cast, visitor: Callable[..., Visitor]) -> None:
    student = visitor(cast.student)
    stamp = app.extensions["quizapp.assets"]["page.css"].stamp
    answers = [
        student.client.get("/topics"), student.client.get("/no/such/page"), student.client.get("/teach"),
        student.client.post("/topics"), student.client.post("/sign-out"), visitor().client.get("/account"),
        student.client.post("/sign-out", headers={"Origin": "null"}), student.client.get("/healthz"),
        student.client.get(f"/assets/{stamp}/page.css"), student.client.get("/assets/0/none.css"),
        student.client.post("/account/profile", data={"shown_name": "x" * 3_000_000}),
        student.client.open("/topics", method="OPTIONS"), student.client.head("/topics"),
    ]  # fmt: skip
    assert {response.status_code for response in answers} >= {200, 303, 400, 403, 404, 405, 413}
    for response in answers:
        where = f"{response.request.method} {response.request.path}"
        assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, where
        assert response.headers["X-Content-Type-Options"] == "nosniff", where
        assert response.headers["Referrer-Policy"] == "same-origin", where
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin", where
        is_kept = "immutable" in response.headers["Cache-Control"]
        assert is_kept == (response.request.path.startswith("/assets/") and response.status_code == 200), where


def test_the_address_of_a_set_is_below_the_address_of_the_site(app: Flask, make: Make) -> None:
    with make(base_url="https://quiz.example").test_request_context("/", base_url="http://evil.example"):
        from_settings = absolute_url("/sets/a")
    with app.test_request_context("/", base_url="http://school.lan:5000"):
        from_request = absolute_url("/sets/a")
    assert (from_settings, from_request) == ("https://quiz.example/sets/a", "http://school.lan:5000/sets/a")
