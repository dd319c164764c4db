"""What the whole site does without: dangerous calls, browser storage, foreign connections, forged or stale cookies."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from sqlalchemy.orm import Session

import quizapp
from quizapp.models import Person
from tests.conftest import MONDAY, Cast, Clock
from tests.pages import Visitor

PACKAGE = Path(quizapp.__file__).parent
SCRIPTS = sorted(PACKAGE.glob("static/js/*.js"))
# What is kept out, and the only files that may: each talks to this machine, to the mail server, or makes code a hash.
IMPORTS = {
    "dangerous deserialising": (r"pickle|marshal|shelve|dill|yaml|jsonpickle", ()),
    "reading XML": (r"xml|lxml|defusedxml", ()),
    "asking other hosts": (
        r"http\.client|urllib\.request|urllib3|requests|httpx|aiohttp|ftplib|telnetlib|xmlrpc|smtplib|socket|ssl",
        ("background/mail.py", "background/outbox.py", "bootstrap.py", "serving.py", "worker.py"),
    ),
    "starting programs": (
        r"subprocess|pty|multiprocessing",
        ("authoring/documents.py", "bootstrap.py", "child.py", "cli.py", "serving.py"),
    ),
}
CALLS = {
    "running text as code": (r"eval|exec|compile|__import__|os\.system|os\.popen", ()),
    "making templates of text": (r"render_template_string|Template|.*\.from_string", ()),
    "a weak hash": (r"hashlib\.(md5|sha1|new)", ("core/one_time_codes.py",)),
    "a debug mode": (r".*\.run_simple|app\.run", ()),
}
IN_SCRIPTS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage|"
    r"indexedDB|document\.cookie|postMessage|onmessage|__proto__|window\.open"
)


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def called(tree: ast.Module) -> Iterator[str]:
    return (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_of(pattern: str, name: str) -> bool:
    return re.match(rf"(?:{pattern})(?:\.|$)", name) is not None


def offenders(
    find: Callable[[ast.Module], Iterator[str]], pattern: str, allowed: tuple[str, ...]
) -> list[tuple[str, str]]:
    return [
        (path, name) for path, tree in sources() for name in find(tree) if path not in allowed and is_of(pattern, name)
    ]


@pytest.mark.parametrize("fault", IMPORTS)
def test_nothing_imports_what_is_good_for(fault: str) -> None:
    assert offenders(imported, *IMPORTS[fault]) == []


@pytest.mark.parametrize("fault", CALLS)
def test_nothing_calls_what_is_good_for(fault: str) -> None:
    assert offenders(called, *CALLS[fault]) == []


@pytest.mark.parametrize(
    ("find", "rules", "planted"),
    [
        (imported, IMPORTS, "import pickle\nfrom requests import get\nimport xml.etree\nimport subprocess"),
        (called, CALLS, "eval(a)\nrender_template_string(a)\nhashlib.md5(a)\napp.run(debug=True)"),
    ],
)
def test_each_of_these_is_found_when_planted(
    find: Callable[[ast.Module], Iterator[str]], rules: dict[str, tuple[str, tuple[str, ...]]], planted: str
) -> None:
    found = list(find(ast.parse(planted)))
    for pattern, _ in rules.values():
        assert any(is_of(pattern, name) for name in found), pattern


def test_scripts_neither_write_markup_nor_keep_nor_tell_anything() -> None:
    assert SCRIPTS
    for path in SCRIPTS:
        # What is typed and not yet acknowledged, until it is or somebody signs out; and whether the clock is hidden.
        allowed = {"localStorage"} if path.name in ("journal.js", "timer.js") else set()
        assert set(IN_SCRIPTS.findall(path.read_text(encoding="utf-8"))) <= allowed, path.name
    assert IN_SCRIPTS.search("box.innerHTML = text")


@pytest.mark.parametrize("path", ["/sign-up", "/sign-in", "/account"])
def test_password_fields_are_masked_and_open_to_password_managers(
    visitor: Callable[..., Visitor], cast: Cast, path: str
) -> None:
    page = visitor(cast.student if path == "/account" else None).open(path)
    fields = [field for field in page.root.iter("input") if "password" in (field.get("name") or "")]
    assert fields
    for field in fields:
        assert field.get("type") == "password"
        assert field.get("autocomplete") in ("current-password", "new-password")
        assert field.get("maxlength") is None


@pytest.mark.parametrize("path", ["/", "/topics", "/sign-in", "/nowhere", "/healthz", "/livez"])
def test_every_answer_says_what_it_is(visitor: Callable[..., Visitor], path: str) -> None:
    response = visitor().client.get(path)
    assert response.headers["Content-Type"] in ("text/html; charset=utf-8", "application/json")
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH"])
def test_methods_that_no_page_has_are_refused(visitor: Callable[..., Visitor], cast: Cast, method: str) -> None:
    response = visitor(cast.student).client.open("/account", method=method)
    assert response.status_code in (403, 405)
    assert "Cookie" not in response.text


class TestCookies:
    """What the cookie says is signed: nobody becomes another by writing one."""

    def opens(self, app: Flask, value: str) -> bool:
        client = app.test_client()
        client.set_cookie("quizapp", value)
        return client.get("/account").status_code == 200

    def signed(self, app: Flask, sign_in_id: str, secret_key: str | None = None) -> str:
        other = Flask("other")
        other.secret_key = secret_key or app.secret_key
        serializer = SecureCookieSessionInterface().get_signing_serializer(other)
        assert serializer is not None
        return str(serializer.dumps({"_user_id": sign_in_id, "_fresh": True}))

    @pytest.fixture
    def sign_in_id(self, visitor: Callable[..., Visitor], cast: Cast) -> str:
        with visitor(cast.student).client.session_transaction() as cookie:
            return str(cookie["_user_id"])

    def test_ours_opens(self, app: Flask, sign_in_id: str) -> None:
        assert self.opens(app, self.signed(app, sign_in_id))

    def test_one_signed_by_another_key_opens_nothing(self, app: Flask, sign_in_id: str) -> None:
        assert not self.opens(app, self.signed(app, sign_in_id, "another key, as long as it should be"))

    def test_one_that_was_changed_or_not_signed_opens_nothing(self, app: Flask, sign_in_id: str) -> None:
        value = self.signed(app, sign_in_id)
        payload, moment, signature = value.split(".")
        for forged in (payload, f"{payload}.{moment}", f"{payload}.{moment}.", f"x{value}", f"{payload}.{moment}.AAAA"):
            assert not self.opens(app, forged)
        assert signature

    def test_a_token_of_a_form_is_no_cookie(self, app: Flask, visitor: Callable[..., Visitor]) -> None:
        page = visitor().open("/sign-in")
        token = next(field.get("value", "") for field in page.root.iter("input") if field.get("name") == "csrf_token")
        assert token
        assert not self.opens(app, token)


class TestIdleDevices:
    @pytest.mark.parametrize(("who", "idle"), [("student", timedelta(days=90)), ("admin", timedelta(hours=12))])
    def test_a_device_that_sends_nothing_is_signed_out(
        self, visitor: Callable[..., Visitor], cast: Cast, clock: Clock, who: str, idle: timedelta
    ) -> None:
        client = visitor(getattr(cast, who)).client
        clock.now = MONDAY + idle
        assert client.get("/account").status_code == 200
        clock.advance(seconds=1)
        assert client.get("/account").status_code == 303


def test_a_field_sent_twice_gives_nobody_a_role(visitor: Callable[..., Visitor], stored: Callable[[], Session]) -> None:
    browser = visitor()
    browser.open("/sign-up")
    browser.press("Sign up", 422, shown_name="Noor", password="a long way home", role=["admin", "student"])
    assert stored().scalars(select(Person).where(Person.shown_name == "Noor")).all() == []
