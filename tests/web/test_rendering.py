"""What templates are given: author text made safe, evidence cut into runs, days and lengths in words, headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.core import formatting
from quizapp.core.formatting import MATHS
from quizapp.web.rendering import (
    count,
    day_name,
    duration_name,
    markdown,
    marked,
    moment_name,
    only_characters,
    rich,
)
from tests.conftest import Cast
from tests.pages import Visitor, parse

MONDAY = date(2026, 11, 16)
CANARIES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "[click](https://evil.example)",
    "![x](https://evil.example/pixel.png)",
    "<a href='javascript:alert(1)'>click</a>",
    "<svg onload=alert(1)>",
    "<style>body{display:none}</style>",
    "<iframe src=https://evil.example></iframe>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "```html\n<script>alert(1)</script>\n```",
    "<https://evil.example>",
    '<p style="position:fixed" onclick="alert(1)">x</p>',
    "| a | <script>alert(1)</script> |\n|---|---|\n| b | <img src=x onerror=alert(1)> |",
]
ALLOWED = {
    "html", "head", "body", "em", "strong", "code", "sub", "sup", "br", "p", "ul", "ol", "li", "blockquote", "pre",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


FORMULAS = [
    r"$\text{<script>alert(1)</script>}$",
    r"$\text{<img src=x onerror=alert(1)>}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$$\style{position:fixed}{x}$$",
    r"$\class{x onload=alert(1)}{y}$",
    r"$\text{</mtext></math><svg onload=alert(1)>}$",
    r"$\text{<annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml>}$",
]


def judged(text: str) -> None:
    """Fail on an element or an attribute that author text may not have."""
    root = parse(f"<!DOCTYPE html><title>x</title><body>{text}")
    for element in root.iter():
        assert element.tag in ALLOWED | {"title"}, f"{element.tag} in {text}"
        assert element.attrib == {}, f"{element.attrib} in {text}"


@pytest.mark.parametrize("canary", CANARIES)
def test_author_text_can_do_nothing(canary: str) -> None:
    judged(markdown(canary))
    judged(rich(canary, "markdown"))
    judged(rich(canary))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_brings_no_markup_of_its_author(formula: str) -> None:
    for rendered in (markdown(formula), rich(formula, "markdown")):
        shown = re.sub(r'="[^"]*"', "", rendered)  # its source stands in an attribute, as text
        assert set(re.findall(r"<(\w+)", shown)) <= ALLOWED | MATHS.keys() | {"span"}
        assert not re.search(r"<\w+[^>]* (on\w+|href|style|class|src|id)\b", shown.replace("<span class", "<span"))


@pytest.mark.parametrize(
    "converted",
    [
        "<math><mtext><script>alert(1)</script></mtext></math>",
        "<math><mi href='javascript:alert(1)' onclick='alert(1)'>x</mi></math>",
    ],
)
def test_formulas_are_cleaned_last(converted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatting, "mathml", lambda source, *, is_block=False: converted)
    shown = rich("$never seen before$", "markdown")
    assert "script" not in shown
    assert "onclick" not in shown
    assert "href" not in shown


@given(st.text(alphabet=st.sampled_from("<>\"'&/[]()!*_`|\n abc=:#-"), max_size=80))
def test_no_author_text_makes_an_element_of_its_own(text: str) -> None:
    for rendered in (markdown(text), rich(text, "markdown"), rich(text)):
        assert set(re.findall(r"<(\w+)", rendered)) <= ALLOWED
        assert not re.search(r"<\w+\s+\w", rendered)


def test_markdown_says_what_its_author_meant() -> None:
    assert markdown("A *b* and **c**\n\n- d\n- e") == (
        "<p>A <em>b</em> and <strong>c</strong></p>\n<ul>\n<li>d</li>\n<li>e</li>\n</ul>\n"
    )
    assert rich("Water is `H2O` *here*", "markdown") == "Water is <code>H2O</code> <em>here</em>"
    assert rich("2 < 3 & *plain*") == "2 &lt; 3 &amp; *plain*"
    assert rich("$x$") == "$x$"


SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=6)


@given(st.text(max_size=50), SPANS)
def test_runs_give_the_text_back_and_mark_what_the_spans_cover(text: str, spans: list[tuple[int, int]]) -> None:
    runs = marked(text, spans)
    assert "".join(run.text for run in runs) == text
    assert all(run.text for run in runs)
    covered = {place for start, end in spans for place in range(max(0, start), min(end, len(text)))}
    at, found = 0, set()
    for run in runs:
        if run.is_marked:
            found |= set(range(at, at + len(run.text)))
        at += len(run.text)
    assert found == covered


@given(st.text(max_size=50), SPANS, st.integers(0, 50), st.integers(0, 50))
def test_a_margin_cuts_a_part_out(text: str, spans: list[tuple[int, int]], one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert "".join(run.text for run in marked(text, spans, (start, end))) == text[start:end]


def test_a_run_unpacks_to_text_and_mark() -> None:
    assert [tuple(run) for run in marked("one two three", [(4, 7)])] == [
        ("one ", False), ("two", True), (" three", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (MONDAY, "today"),
        (MONDAY - timedelta(days=1), "yesterday"),
        (MONDAY + timedelta(days=1), "tomorrow"),
        (MONDAY + timedelta(days=2), "Wednesday"),
        (MONDAY + timedelta(days=6), "Sunday"),
        (MONDAY + timedelta(days=7), "23 November"),
        (MONDAY - timedelta(days=2), "14 November"),
        (date(2027, 1, 3), "3 January 2027"),
        (date(2025, 11, 16), "16 November 2025"),
    ],
)
def test_days_have_the_names_a_reader_would_use(day: date, name: str) -> None:
    assert day_name(day, MONDAY) == name


def test_moments_are_told_in_the_readers_zone() -> None:
    now = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
    moment = datetime(2026, 11, 16, 20, 14, tzinfo=UTC)
    assert moment_name(moment, now, ZoneInfo("UTC")) == "today at 20:14"
    assert moment_name(moment, now, ZoneInfo("Asia/Kathmandu")) == "tomorrow at 01:59"
    assert moment_name(moment - timedelta(days=8), now, ZoneInfo("UTC")) == "8 November at 20:14"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "under a minute"), (29, "under a minute"), (31, "1 minute"), (360, "6 minutes"), (3600, "1 hour"),
        (3900, "1 hour 5 minutes"), (7260, "2 hours 1 minute"), (3599, "1 hour"),
    ],
)  # fmt: skip
def test_lengths_of_time_are_told_in_words(seconds: float, words: str) -> None:
    assert duration_name(seconds) == words


def test_one_and_many() -> None:
    assert [count(number, "card") for number in (0, 1, 2)] == ["0 cards", "1 card", "2 cards"]
    assert count(3, "quiz", "quizzes") == "3 quizzes"


@pytest.mark.parametrize(
    "forbidden", ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\ufdd0", "\ufffe", "\U0001fffe", "\U0010ffff"]
)
def test_a_page_holds_no_character_that_html_forbids(forbidden: str) -> None:
    assert only_characters(f"a{forbidden}b".encode()) == b"ab"


@pytest.mark.parametrize("text", ["\t\n\f\r", "é", "\u00a0", "ﷺ", "\u2ffe", "\ufffd", "👩", "\U0001f3fe"])
def test_every_other_character_stays(text: str) -> None:
    assert only_characters(f"{text}\0{text}".encode()) == (text * 2).encode()


def test_a_refused_form_shows_what_was_sent_as_characters(visitor: Callable[..., Visitor], cast: Cast) -> None:
    browser = visitor(cast.student)
    browser.open("/account")
    page = browser.press("Save study settings", 422, new_cards_per_day="many\x00cards")
    assert [field.get("value") for field in page.all("input", name="new_cards_per_day")] == ["manycards"]


class TestHeaders:
    def test_every_kind_of_answer_is_confined(self, app: Flask, visitor: Callable[..., Visitor]) -> None:
        client = visitor().client
        for path in ("/", "/no/such/page", "/account", "/healthz"):
            headers = client.get(path).headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert headers["Cache-Control"] == "no-store"
            assert "Strict-Transport-Security" not in headers

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, visitor: Callable[..., Visitor]) -> None:
        browser = visitor()
        browser.open("/sign-in")
        cookie = browser.client.get_cookie("quizapp")
        assert cookie is not None
        assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")

    def test_over_https_the_cookie_is_bound_to_the_host(self, database_url: str, settings: Settings) -> None:
        app = create_app(
            Settings(
                data_dir=settings.data_dir, database_url=database_url, secret_key="k" * 40, is_secure=True,
                base_url="https://quiz.example",
            )
        )  # fmt: skip
        client = app.test_client()
        response = client.get("/sign-in", base_url="https://quiz.example")
        app.extensions["quizapp.database"].engine.dispose()
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
        stored = response.headers["Set-Cookie"]
        assert stored.startswith("__Host-quizapp=")
        assert "Secure" in stored
        assert "Domain" not in stored


class TestNavigation:
    @pytest.mark.parametrize(
        ("role", "labels"),
        [
            ("", ["Topics", "Question sets"]),
            ("student", ["Today", "Topics", "Cards", "Progress"]),
            ("teacher", ["Today", "Topics", "Cards", "Progress", "Teach"]),
            ("admin", ["Today", "Topics", "Cards", "Progress", "Teach", "Admin"]),
        ],
    )
    def test_everyone_sees_the_rooms_that_are_theirs(
        self, visitor: Callable[..., Visitor], cast: Cast, role: str, labels: list[str]
    ) -> None:
        page = visitor(getattr(cast, role) if role else None).open("/topics")
        (nav,) = page.all("nav", aria_label="Main")
        assert ["".join(link.itertext()).strip() for link in nav.iter("a")] == labels
        assert [link.get("href") for link in nav.iter("a") if link.get("aria-current") == "page"] == ["/topics"]
