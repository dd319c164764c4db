"""Every page is open to everyone: judged by axe in light, dark and at 320 px, for each kind of person."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AxeResults  # type: ignore[import-untyped]  # the package ships no types
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.browser.conftest import KIMS_PASSWORD, Town
from tests.chromium import OpenWindow
from tests.gallery import picture

NARROW = 320
COLOUR_RULES = ("color-contrast", "link-in-text-block")
EXEMPT = {
    "accounts.code": "asked only of a browser whose password was proven just before, and judged below",
    "accounts.keep": "asked only of a browser that was a guest just before, and judged in that story",
    "assets.send": "style sheets, scripts and pictures",
    "media.send": "pictures and sounds",
    "quizzes.clock": "JSON for the timer of a quiz",
    "health.healthz": "JSON for machines",
    "health.livez": "JSON for machines",
    "quizzes.attempt": "only leads to the question to go on with, or to the review",
    "flashcards.answer_again": "the answer side, judged after “Show answer”, or leads back to the card",
    "authoring.sets": "only leads to the teacher's shelf",
}
WRONG = "Something is wrong with this question"
EDITOR = "/teach/sets/{draft}/items/new?kind="


@dataclass(frozen=True)
class Stop:
    """A page to judge: who opens which address, and the button pressed on it, if any."""

    who: str
    path: str
    button: str = ""
    status: int = 200
    opens: str = ""  # what is folded away, by its summary
    types: str = ""  # an answer, before the button

    def __str__(self) -> str:
        return " ".join(filter(None, (self.who, self.path, self.button, self.types, self.opens)))


STOPS = [
    *[
        Stop("nobody", path)
        for path in (
            "/", "/sign-up", "/sign-in?next=/cards", "/forgot", "/reset/{secret}", "/topics",
            "/topics/{topic}", "/sets", "/sets/{slug}", "/?question={sample}&choice=a", "/?question={sample}",
        )
    ],
    *[
        Stop("student", path)
        for path in (
            "/", "/account", "/topics", "/topics/{topic}", "/sets", "/sets/{slug}", "/quizzes/new", "/attempts",
            "/account/privacy", "/account/privacy/delete",
            "/attempts/{open}/1", "/attempts/{open}/{asked}", "/attempts/{open}/finish", "/attempts/{finished}/review",
            "/cards", "/cards?topic={topic}", "/cards/browse", "/cards/browse?q=nowhere",
            "/cards/{card}", "/progress", "/progress/{topic}", "/progress/plans", "/predictions",
            "/attempts/{marked attempt}/review",
        )
    ],
    *[
        Stop("teacher", path)
        for path in (
            "/", "/teach", "/teach/sets/new", "/teach/sets/{draft}", "/teach/sets/{set}", "/teach/sets/{set}/results",
            "/teach/sets/{set}/settings",
            "/teach/sets/{draft}/results", "/teach/sets/{set}/preview", "/teach/sets/{set}/preview?question=1&answer=1",
            "/teach/sets/{set}/preview?question=5&answer=1", "/teach/sets/{set}/print",
            "/teach/sets/{set}/items/{item}",
            EDITOR + "multiple_choice", EDITOR + "true_false", EDITOR + "short_answer", EDITOR + "cloze",
            EDITOR + "flashcard",
            EDITOR + "numeric", EDITOR + "matching", EDITOR + "ordering",
            "/teach/passages/new", "/teach/passages/{passage}", "/teach/flags", "/account/codes",
            "/teach/sets/{marked}/results", "/teach/sets/{marked}/marking", "/teach/sets/{draft}/marking",
            "/teach/sets/{marked}/marking/{typed}", "/teach/sets/{marked}/marking/{essay}/{waits}/1",
            "/teach/sets/{marked}/marking/{essay}/{taker}/1?names=hidden", "/teach/sets/{marked}/attempts/{taker}/1",
            "/teach/sets/{marked}/objections", "/teach/sets/{draft}/objections",
            "/teach/sets/{marked}/regrade/{typed}", "/teach/sets/{marked}/regrade/{typed}?policy=drop",
            "/teach/sets/{parted}", "/teach/sets/{parted}/sections/{section}", "/teach/sets/{parted}/people",
            "/teach/sets/{parted}/people/{sitter}", "/teach/sets/{parted}/print", "/teach/sets/{draft}/people",
            "/teach/passages/{passage}/edit", "/teach/passages/{passage}/drafts", "/teach/passages/{drafted}",
            "/teach/passages/{drafted}/drafts?finish=1", "/teach/passages/{drafted}/drafts/{question}",
            "/teach/passages/{drafted}/drafts/{question}/edit",
        )
    ],
    *[Stop("guest", path) for path in ("/", "/account", "/topics/{topic}", "/sets/{slug}", "/sign-up?next=/topics")],
    *[
        Stop("nine", path)
        for path in (
            "/attempts/{asked numeric}", "/attempts/{asked matching}", "/attempts/{asked ordering}",
            "/attempts/{asked flashcard}?show=1", "/attempts/{answered numeric}", "/attempts/{answered cloze}",
            "/attempts/{answered matching}", "/attempts/{answered ordering}", "/cards?card={turned}",
            "/attempts/{sat}/1", "/attempts/{sat}/2", "/attempts/{sat}/finish",
            "/progress/plans", "/progress/plans/{plan}", "/progress/plans/{plan}/change",
        )
    ],
    Stop("nine", "/cards?card={turned}", "Show answer"),
    *[Stop(who, "/") for who in ("beginner", "done today", "waiting for cards")],
    Stop("guest", "/attempts/{trial}/review"),
    *[Stop("new student", path) for path in ("/", "/attempts", "/cards", "/cards/browse", "/progress")],
    *[Stop("new teacher", path) for path in ("/", "/teach", "/teach/flags")],
    *[
        Stop("admin", path)
        for path in (
            "/admin", "/admin/people", "/admin/people?q=nobody", "/admin/people?after=999999", "/admin/people/new",
            "/admin/people/{waiting}", "/admin/approvals", "/admin/audit", "/admin/audit?by=nobody", "/admin/privacy",
            "/admin/running",
        )
    ],
    Stop("nobody", "/nowhere", status=404),
    Stop("nobody", "/reset/used-before", status=410),
    Stop("nobody", "/sign-up", "Sign up", 422),
    Stop("nobody", "/sign-in", "Sign in", 422),
    Stop("student", "/cards", "Show answer"),
    Stop("student", "/cards?topic={topic}&ahead=1", "Show answer"),
    Stop("student", "/cards", "Show answer", opens=WRONG),
    Stop("student", "/attempts/{finished}/review", opens=WRONG),
    Stop("student", "/attempts/{open}/1", opens=WRONG),
    Stop("teacher", "/teach/flags", opens="Settled before"),
    Stop("student", "/attempts/{open}/{asked}", "Check answer", 422),
    Stop("student", "/attempts/{open}/{asked}", "Look at the passage"),
    Stop("guest", "/account", opens="Sign out and remove"),
    Stop("teacher", EDITOR + "single_choice", "Save", 422),
    Stop("teacher", "/teach/sets/{set}/items/{item}", "Preview"),
    Stop("teacher", "/teach/sets/{set}/preview", "Check answer", 422),
    Stop("teacher", "/teach/sets/{marked}/marking/{essay}/{waits}/1", "Save and next", 422),
    Stop("teacher", "/teach/sets/{marked}/attempts/{taker}/1", "Show what arrived"),
    Stop("teacher", "/teach/sets/{set}/preview?question=3", "Check answer", types="to stabilize"),
    Stop("teacher", "/teach/passages/new", "Save passage", 422),
    Stop("teacher", "/teach/sets/{parted}/sections/{section}", "Count what fits"),
    Stop("teacher", "/teach/sets/{draft}", opens="Add a section"),
    Stop("teacher", "/teach/passages/{drafted}/drafts/{question}", opens="Reject"),
    Stop("admin", "/admin/people/{waiting}", "Show how much they did"),
    Stop("admin", "/admin/people/{waiting}", opens="Change the role"),
    Stop("admin", "/admin/people/new", "Add and make a link", 422),
    Stop("admin", "/admin/privacy", opens="Refuse, with"),
]  # fmt: skip


@pytest.mark.parametrize("stop", STOPS, ids=str)
def test_a_page_serves_everyone(stop: Stop, look: OpenWindow, town: Town) -> None:
    expects = (f"status of {stop.status}",) if stop.status != 200 else ()
    page = look(stop.who, expects=expects, reduced_motion="reduce")  # colours change at once
    answer = page.goto(stop.path.format(**town.names))
    assert answer is not None
    if stop.types:
        page.get_by_label("Your answer").fill(stop.types)
    if stop.button:
        with page.expect_navigation() as pressed:
            page.locator("main, footer").get_by_role("button", name=stop.button, exact=True).last.click()
        answer = pressed.value
        assert answer is not None
    assert answer.status == stop.status
    if stop.opens:
        page.get_by_text(stop.opens).last.click()
    picture(page, str(stop))
    judge_in_every_mode(page)


def test_the_question_for_a_code_serves_everyone(look: OpenWindow) -> None:
    page = look("nobody", reduced_motion="reduce")
    page.goto("/sign-in")
    page.get_by_label("Name").fill("kim.stone")
    page.get_by_label("Password", exact=True).fill(KIMS_PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/sign-in/code")
    picture(page, "nobody /sign-in/code")
    judge_in_every_mode(page)


def test_every_page_is_judged(town: Town) -> None:
    routes = town.app.url_map.bind("localhost")
    judged = set()
    for stop in STOPS:
        if stop.status != 404:
            judged.add(str(routes.match(urlsplit(stop.path.format(**town.names)).path)[0]))
    pages = {rule.endpoint for rule in town.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert judged | set(EXEMPT) == pages
    assert not judged & set(EXEMPT)


@pytest.mark.parametrize(
    "fault",
    [
        "document.documentElement.removeAttribute('lang')",
        "document.querySelector('main a').replaceChildren()",
        "document.querySelector('h1').style.color = '#b0b0b0'",
    ],
)
def test_a_planted_fault_is_found(fault: str, look: OpenWindow) -> None:
    page = look("nobody")
    page.goto("/")
    page.evaluate(Axe().axe_script)
    judge(page, "sound")
    page.evaluate(fault)
    with pytest.raises(AssertionError, match="planted"):
        judge(page, "planted")


def test_what_reaches_beyond_the_edge_is_named(look: OpenWindow) -> None:
    page = look("nobody", width=NARROW)
    page.goto("/")
    assert sideways(page) == []
    page.evaluate("document.querySelector('h1').style.width = '400px'")
    assert sideways(page) == ["h1."]


def judge_in_every_mode(page: Page) -> None:
    """Fail on anything held against the page in light or dark, and on scrolling sideways in a narrow window."""
    page.evaluate(Axe().axe_script)
    judge(page, "light")
    page.emulate_media(color_scheme="dark")
    judge(page, "dark", COLOUR_RULES)  # the same document in other colours
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROW, "height": 640})
    judge(page, f"{NARROW} px")
    assert sideways(page) == []


def judge(page: Page, mode: str, rules: tuple[str, ...] = ()) -> None:
    """Fail on anything that axe, already in the page, holds against it as it stands, by its usual rules or by these."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = AxeResults(page.evaluate("(options) => axe.run(options)", options))
    assert found.violations_count == 0, f"{mode}: {found.generate_report()}"


def sideways(page: Page) -> list[str]:
    """Return what reaches beyond the right edge, when that makes the page scroll sideways."""
    found: list[str] = page.evaluate(
        """() => document.scrollingElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
            .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
            .slice(0, 8)
            .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`)"""
    )
    return found
