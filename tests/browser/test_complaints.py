"""Windows notice what goes wrong in them: each kind of complaint, planted."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.conftest import Town
from tests.chromium import windows

NOWHERE = "http://127.0.0.1:1/"


@pytest.mark.parametrize(
    ("script", "told_by", "complaint"),
    [
        ("console.error('planted')", "console", "error: planted"),
        ("setTimeout(() => { throw new Error('planted'); })", "pageerror", "script: .*planted"),
        (
            "document.head.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "console",
            "Content Security Policy",
        ),
        ("document.body.setAttribute('style', 'color: red')", "console", "Content Security Policy"),
        (f"fetch('{NOWHERE}').catch(() => 0)", "console", "Content Security Policy"),
        ("fetch('/nowhere')", "console", "status of 404"),
    ],
)
def test_a_complaint_fails_the_test(
    script: str, told_by: Literal["console", "pageerror"], complaint: str, chromium: Browser, town: Town
) -> None:
    with pytest.raises(AssertionError, match=complaint):
        run_in_a_window(script, told_by, chromium, town)


def test_leaving_the_site_fails_the_test(chromium: Browser, town: Town) -> None:
    with pytest.raises(AssertionError, match="leaves the site"):
        leave_the_site(chromium, town)


def test_a_complaint_that_a_test_expects_passes(chromium: Browser, town: Town) -> None:
    with windows(chromium, town.app, town.address) as open_window:
        page = open_window(expects=("status of 404",))
        page.goto("/nowhere")


def run_in_a_window(script: str, told_by: Literal["console", "pageerror"], chromium: Browser, town: Town) -> None:
    """Run a script on the start page, and wait until the browser has told of what it did."""
    with windows(chromium, town.app, town.address) as open_window:
        page = open_window()
        page.goto("/")
        with page.expect_event(told_by):
            page.evaluate(f"() => {{ {script} }}")


def leave_the_site(chromium: Browser, town: Town) -> None:
    """Open an address of another site, where nobody answers."""
    with windows(chromium, town.app, town.address) as open_window:
        page = open_window()
        with pytest.raises(Error):
            page.goto(NOWHERE)
