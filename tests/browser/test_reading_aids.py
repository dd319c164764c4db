"""Pages for those who read with larger letters, wider lines or their own colours."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from playwright.sync_api import Page, expect

from tests.browser.conftest import Town
from tests.browser.test_everyone import sideways
from tests.chromium import OpenWindow

MAIN = (
    ("nobody", "/"), ("nobody", "/?question={sample}&choice=a"), ("nobody", "/sign-up"), ("nobody", "/topics/{topic}"),
    ("student", "/"), ("student", "/topics"), ("student", "/topics/{topic}"), ("student", "/quizzes/new"),
    ("student", "/attempts"), ("student", "/attempts/{open}/1"), ("student", "/attempts/{open}/{asked}"),
    ("student", "/attempts/{open}/finish"), ("student", "/attempts/{finished}/review"), ("student", "/cards"),
    ("student", "/cards/browse"), ("student", "/cards/{card}"), ("student", "/progress"), ("student", "/predictions"),
    ("student", "/progress/{topic}"), ("student", "/account"),
    ("nine", "/attempts/{asked matching}"), ("nine", "/attempts/{asked ordering}"),
    ("nine", "/attempts/{answered matching}"), ("nine", "/attempts/{answered ordering}"),
    ("nine", "/attempts/{answered multiple_choice}"), ("nine", "/cards?card={turned}"),
    ("nine", "/progress/plans"), ("nine", "/progress/plans/{plan}"),
    ("teacher", "/teach"), ("teacher", "/teach/sets/{set}"), ("teacher", "/teach/sets/{set}/items/{item}"),
    ("teacher", "/teach/sets/{set}/results"), ("teacher", "/teach/sets/{set}/preview?question=2"),
    ("teacher", "/teach/passages/{drafted}/drafts/{question}"),
    ("teacher", "/teach/passages/{drafted}/drafts?finish=1"),
)  # fmt: skip
# The distances of WCAG 2.2, 1.4.12, that a page must bear.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-block-end: 2em !important }"""
ADOPT = (
    "(rules) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rules); document.adoptedStyleSheets = [sheet]; }"
)
# What hides a part of its text: lists that one scrolls, fields and what only screen readers read are left out.
CUT = """() => [...document.querySelectorAll("body *")].filter((element) =>
    ["hidden", "clip"].includes(getComputedStyle(element).overflowX) && element.checkVisibility()
    && !element.closest(".hear, svg, input, select, textarea, thead, [role=columnheader]")
    && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)
).map((element) => `cut: ${element.tagName} ${element.className} ${element.textContent.trim().slice(0, 40)}`)"""
SYSTEM_COLOUR = """(name) => {
    const probe = document.body.appendChild(document.createElement("p"));
    probe.style.setProperty("color", name);
    return getComputedStyle(probe).color;
}"""


def test_nothing_is_cut_or_runs_out_with_larger_letters_or_wider_text(look: OpenWindow, town: Town) -> None:
    found = []
    for who, stops in groupby(MAIN, itemgetter(0)):
        page = look(who, width=640, height=450)  # 1280 at 200 %
        for _, path in stops:
            page.goto(path.format(**town.names))
            found += [f"{path} at 200 %: {what}" for what in lost(page)]
            page.evaluate(ADOPT, SPACED)
            for width in (320, 1280, 640):
                page.set_viewport_size({"width": width, "height": 450})
                found += [f"{path} spaced at {width} px: {what}" for what in lost(page)]
    assert found == []


def test_what_is_cut_is_named(look: OpenWindow) -> None:
    page = look("nobody")
    page.goto("/")
    assert lost(page) == []
    page.evaluate(ADOPT, "h1 { height: 1rem; overflow: hidden }")
    assert lost(page) == ["cut: H1  Learn what you read, and keep it"]


def test_in_colours_of_ones_own_focus_choice_verdict_and_figures_stay_seen(look: OpenWindow, town: Town) -> None:
    page = look("student", forced_colors="active")
    page.goto("/attempts/{open}/1".format(**town.names))
    text, strong, marker = (page.evaluate(SYSTEM_COLOUR, name) for name in ("CanvasText", "Highlight", "Mark"))
    expect(page.locator(".verdict .i")).to_have_css("color", text)
    expect(page.locator(".proof mark").first).to_have_css("background-color", marker)
    page.goto("/quizzes/new")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_css("outline-style", "solid")
    page.goto("/topics")
    expect(page.locator(".recall:not(.is-due) .at").first).to_have_css("fill", strong)
    expect(page.locator(".recall.is-due .at").first).to_have_css("fill", strong)
    page.goto("/progress/{topic}".format(**town.names))
    expect(page.locator(".chart .curve").first).to_have_css("stroke", strong)
    page.goto("/cards?topic={topic}".format(**town.names))
    page.keyboard.press("1")
    expect(page.locator(".options label:has(:checked)")).to_have_css("outline-style", "solid")


def lost(page: Page) -> list[str]:
    """Return what lies beyond the right edge, and what hides a part of its text."""
    cut: list[str] = page.evaluate(CUT)
    return [*sideways(page), *cut]
