"""The stories' keyboard notices a focus that cannot be seen, and a pointer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Town
from tests.chromium import OpenWindow, windows
from tests.stories.keys import Keys


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (":focus-visible { outline: none !important }", "the focus does not show"),
        (".top { position: fixed; inset: 0; z-index: 9; pointer-events: auto }", "something covers"),
    ],
)
def test_a_focus_that_cannot_be_seen_is_noticed(fault: str, complaint: str, look: OpenWindow) -> None:
    page = look("nobody")
    keys = Keys(page)
    keys.open("/")
    keys.tab_to("See question sets")
    page.evaluate("(rule) => document.styleSheets[0].insertRule(rule, document.styleSheets[0].cssRules.length)", fault)
    with pytest.raises(AssertionError, match=complaint):
        keys.focused()


def test_a_pointer_is_noticed(chromium: Browser, town: Town) -> None:
    with pytest.raises(AssertionError, match="a pointer was used"):
        click_somewhere(chromium, town)


def click_somewhere(chromium: Browser, town: Town) -> None:
    """Click on the heading of the start page, where keys are promised."""
    with windows(chromium, town.app, town.address) as open_window:
        keys = Keys(open_window())
        keys.open("/")
        keys.page.locator("h1").click()
