"""No page asks anybody but this site: every request of every kind of page is listed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.conftest import Town
from tests.chromium import windows

ELSEWHERE = "http://127.0.0.1:1/"
PAGES = {
    "nobody": ("/", "/sign-up", "/sign-in", "/topics", "/topics/{topic}", "/sets", "/sets/{slug}", "/nowhere"),
    "student": (
        "/", "/account", "/account/privacy", "/account/privacy/delete", "/topics/{topic}", "/quizzes/new", "/attempts",
        "/attempts/{open}/1", "/attempts/{finished}/review", "/cards", "/cards/browse", "/progress",
        "/progress/{topic}",
    ),
    "teacher": (
        "/", "/teach", "/teach/sets/{set}", "/teach/sets/{set}/results", "/teach/sets/{set}/items/{item}",
        "/teach/passages/new", "/teach/flags",
    ),
}  # fmt: skip


@contextmanager
def listed(page: Page) -> Iterator[list[str]]:
    """Collect the address of every request that the page makes."""
    addresses: list[str] = []

    def note(request: Request) -> None:
        addresses.append(request.url)

    page.context.on("request", note)
    yield addresses
    page.context.remove_listener("request", note)


def foreign(addresses: list[str], site: str) -> list[str]:
    return [address for address in addresses if not address.startswith((f"{site}/", "data:"))]


@pytest.mark.parametrize("who", PAGES)
def test_no_page_asks_a_third_party(who: str, chromium: Browser, town: Town) -> None:
    with windows(chromium, town.app, town.address) as open_window:
        page = open_window(town.people.get(who), expects=("status of 404",))
        with listed(page) as addresses:
            for path in PAGES[who]:
                page.goto(path.format(**town.names), wait_until="networkidle")
    assert len(addresses) >= 2 * len(PAGES[who])  # at least a style sheet each
    assert foreign(addresses, town.address) == []


@pytest.mark.parametrize("script", [
    "document.body.append(Object.assign(new Image(), {src: ELSEWHERE}))",
    "document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: ELSEWHERE}))",
    "fetch(ELSEWHERE).catch(() => 0)",
])  # fmt: skip
def test_a_planted_request_is_found(script: str, chromium: Browser, town: Town) -> None:
    context = chromium.new_context(base_url=town.address, bypass_csp=True)  # else the policy would stop it first
    page = context.new_page()
    with listed(page) as addresses:
        page.goto("/")
        with page.expect_request(ELSEWHERE):
            page.evaluate(script.replace("ELSEWHERE", repr(ELSEWHERE)))
    context.close()
    assert foreign(addresses, town.address) == [ELSEWHERE]
