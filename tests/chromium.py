"""A real Chromium before the application on a port of its own; whatever a page complains of fails the test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from werkzeug.serving import make_server

from tests.builders import make_sign_in
from tests.conftest import skip_or_fail

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic",
)  # fmt: skip
PATIENCE = 15_000  # milliseconds that anything on a page may take to come
OpenWindow = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine, started once."""
    with started() as browser:
        yield browser


@contextmanager
def started() -> Iterator[Browser]:
    """Start the browser of this machine."""
    # The same engine without the browser's own windows opens a page in a third of the time.
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        skip_or_fail("there is no chromium on this machine (Debian: apt install chromium)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_window(chromium: Browser, app: Flask) -> Iterator[OpenWindow]:
    """Open windows on the application of this test, each as a device of its own."""
    with served(app) as address, windows(chromium, app, address) as opener:
        yield opener


@contextmanager
def served(app: Callable[..., Any]) -> Iterator[str]:
    """Serve a WSGI application on a free port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def windows(chromium: Browser, app: Flask, address: str) -> Iterator[OpenWindow]:
    """Give a function that opens a window, signed in as `person_id` or as nobody; further keywords make the context.

    At the end every complaint of every window fails, unless it contains one of the words in `expects`.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(
        person_id: int | None = None, *, width: int = 1280, height: int = 900, expects: tuple[str, ...] = (),
        **options: Any,
    ) -> Page:  # fmt: skip
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": height}, timezone_id="Europe/Prague", **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        _watch(context, address, complaints, expects)
        if person_id is not None:
            value = _signed_in(app, person_id)
            context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": address}])
        return context.new_page()

    try:
        yield open_one
    finally:
        for context in contexts:
            context.close()
    assert complaints == []


def _watch(context: BrowserContext, address: str, complaints: list[str], expects: tuple[str, ...]) -> None:
    def complain(text: str) -> None:
        if not any(words in text for words in expects):
            complaints.append(text)

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):  # a breach of the content security policy is an error here
            complain(f"{message.type}: {message.text} ({message.location['url']})")

    def on_request(request: Request) -> None:
        if not request.url.startswith((address + "/", "data:")):
            complain(f"a request leaves the site: {request.url}")

    def on_failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what a page still fetched when somebody went on
            complain(f"{request.method} {request.url}: {request.failure}")

    context.on("console", on_console)
    context.on("request", on_request)
    context.on("requestfailed", on_failed)
    context.on("weberror", lambda error: complain(f"script: {error.error}"))


def _signed_in(app: Flask, person_id: int) -> str:
    with app.extensions["quizapp.database"].write_session() as session:
        sign_in_id = make_sign_in(session, person_id, now=app.extensions["quizapp.clock"]())
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps({"_user_id": sign_in_id.hex, "_fresh": True}))
