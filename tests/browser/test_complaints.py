"""Windows notice what goes wrong in them: each kind of complaint, planted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.conftest import Town
from tests.chromium import windows

NOWHERE = "http://127.0.0.1:1/"


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("console.error('planted')", "error: planted"),
        ("setTimeout(() => { throw new Error('planted'); })", "script: .*planted"),
        (
            "document.head.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "Content Security Policy",
        ),
        ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
        (f"fetch('{NOWHERE}').catch(() => 0)", "Content Security Policy"),
        ("fetch('/nowhere')", "status of 404"),
    ],
)
def test_a_complaint_fails_the_test(script: str, complaint: str, chromium: Browser, town: Town) -> None:
    with pytest.raises(AssertionError, match=complaint):
        run_in_a_window(script, chromium, town)


def test_leaving_the_site_fails_the_test(chromium: Browser, town: Town) -> None:
    with pytest.raises(AssertionError, match="leaves the site"):
        leave_the_site(chromium, town)


def test_a_complaint_that_a_test_expects_passes(chromium: Browser, town: Town) -> None:
    with windows(chromium, town.app, town.address) as open_window:
        page = open_window(expects=("status of 404",))
        page.goto("/nowhere")


def run_in_a_window(script: str, chromium: Browser, town: Town) -> None:
    """Run a script on the start page, and wait until the page has answered after it."""
    with windows(chromium, town.app, town.address) as open_window:
        page = open_window()
        page.goto("/")
        page.evaluate(f"() => {{ {script} }}")
        page.evaluate("() => fetch('/livez').then(() => 0)")


def leave_the_site(chromium: Browser, town: Town) -> None:
    """Open an address of another site, where nobody answers."""
    with windows(chromium, town.app, town.address) as open_window:
        page = open_window()
        with pytest.raises(Error):
            page.goto(NOWHERE)
