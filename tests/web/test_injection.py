"""Nothing that somebody typed runs as a script: every stored text holds every vector, and Chromium opens the pages."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, BrowserContext, Page

from quizapp.core.items import fields
from quizapp.web import rendering
from tests.chromium import served
from tests.web.scene import Scene
from tests.web.test_leaks import addresses

VECTORS = Path(__file__).with_name("vectors.txt").read_text(encoding="utf-8").splitlines()
WORDS = "\n".join(VECTORS)
# Every stored text that a person can cause and a page can show; a JSON column is filled leaf by leaf.
FIELDS = {
    "people": ("shown_name",), "topics": ("title",), "passages": ("heading", "note", "key_facts"),
    "passage_versions": ("text",), "item_sets": ("title", "description"), "item_versions": ("content",),
    "flags": ("comment",), "sign_ins": ("device",), "attempts": ("title",), "attempt_items": ("answer",),
    "responses": ("answer",), "privacy_requests": ("reason",), "evidence": ("quote",),
}  # fmt: skip
NAMED = {"stem", "title", "text", "feedback", "misconception", "answer", "hints", "quote"}
PERSONAS = ("nobody", "student", "teacher", "admin")
HOOK = """
window.ran = [];
window.alert = window.confirm = window.prompt = window.print = (said) => window.ran.push(`called: ${said}`);
document.addEventListener("securitypolicyviolation", (event) => window.ran.push(`blocked: ${event.violatedDirective}`));
"""
# What escaped into markup, though nothing ran it: handlers, scripts and addresses that no template of ours writes.
FOREIGN = """() => [...document.querySelectorAll("*")].flatMap((element) => [
  ...[...element.attributes].filter((a) => a.name.startsWith("on") ||
    (/^(href|src|action|formaction|data)$/.test(a.name) && /^\\s*(javascript|vbscript|data:text)/i.test(a.value))
  ).map((a) => `${element.tagName} ${a.name}`),
  ...(element.tagName === "SCRIPT" && !element.getAttribute("src")?.startsWith("/assets/") ? ["SCRIPT"] : []),
  ...(["IFRAME", "OBJECT", "EMBED", "BASE", "STYLE", "FRAME", "MARQUEE"].includes(element.tagName)
    || (element.tagName === "math" && !element.hasAttribute("alttext"))  // a formula of ours says its source
    ? [element.tagName] : []),
]).concat(window.ran)"""
Look = Callable[[str], list[str]]


@pytest.fixture
def poisoned(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The site with every vector in every stored text."""
    # All vectors together are longer than an item may be.
    monkeypatch.setattr(fields, "len", lambda value: 0 if isinstance(value, str) else len(value), raising=False)
    with closing(sqlite3.connect(scene.path)) as database, database:
        database.row_factory = sqlite3.Row
        database.execute(
            "PRAGMA ignore_check_constraints = ON"
        )  # all of them together are longer than a comment may be
        for table, columns in FIELDS.items():
            sets = ", ".join(f"{column} = ?" for column in columns)
            for row in database.execute(f"SELECT rowid AS place, * FROM {table}").fetchall():  # noqa: S608  # named above
                new = [filled(row[column], row["place"]) for column in columns]
                database.execute(f"UPDATE {table} SET {sets} WHERE rowid = ?", [*new, row["place"]])  # noqa: S608
    return scene


def filled(value: Any, number: int) -> Any:
    """Return a stored value with all its words replaced; JSON keeps its shape, stems take turns in their format."""
    if not isinstance(value, str):
        return value
    try:
        content = json.loads(value)
    except ValueError:
        return WORDS
    if not isinstance(content, dict | list):
        return WORDS
    content = leaves(content)
    if isinstance(content, dict) and "stem" in content:
        content["stem_format"] = ("plain", "markdown", "html")[number % 3]
    return json.dumps(content)


def leaves(content: Any, name: str = "") -> Any:
    if isinstance(content, dict):
        return {key: leaves(value, key) for key, value in content.items()}
    if isinstance(content, list):
        return [leaves(value, name) for value in content]
    # Braces are gaps to a cloze, and no vector of a template engine is one.
    return f"{content} {WORDS.replace('{{', '{ {')}" if isinstance(content, str) and name in NAMED else content


@pytest.fixture
def look(chromium: Browser, poisoned: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[Look]:
    """Open a person's pages and return what ran, was blocked or stands in them as foreign markup."""
    settings = poisoned.app.extensions["quizapp.settings"]
    monkeypatch.setitem(poisoned.app.extensions, "quizapp.settings", dataclasses.replace(settings, base_url=""))
    contexts: list[BrowserContext] = []
    with served(poisoned.app) as address:

        def open_pages(persona: str) -> list[str]:
            context = chromium.new_context(base_url=address)
            contexts.append(context)
            context.add_init_script(HOOK)
            name = poisoned.app.config["SESSION_COOKIE_NAME"]
            held = poisoned.browsers[persona].client.get_cookie(name)
            if held is not None:
                context.add_cookies([{"name": name, "value": held.value, "url": address}])
            page = context.new_page()
            return [trace for path in paths(poisoned, persona) for trace in opened(page, path)]

        yield open_pages
        for context in contexts:
            context.close()


def opened(page: Page, path: str) -> list[str]:
    """Open one page; return what is foreign in it."""
    response = page.goto(path, wait_until="load")
    assert response is not None
    assert response.status < 500, path
    return [f"{path}: {trace}" for trace in page.evaluate(FOREIGN)]


def paths(scene: Scene, persona: str) -> list[str]:
    """Return the pages that open to a person, about their own rows and what is shared."""
    found = list(addresses(scene, persona, ("student" if persona == "nobody" else persona,)))
    if "own set" in scene.things.get(persona, {}):
        preview = f"/teach/sets/{scene.things[persona]['own set']['set_id']}/preview?question="
        found += [f"{preview}{place}{answer}" for place in (1, 2, 3) for answer in ("", "&answer=1")]
    client = scene.browsers[persona].client
    return [
        path for path in dict.fromkeys(found)
        if (response := client.get(path)).status_code == 200 and response.mimetype == "text/html"
    ]  # fmt: skip


@pytest.mark.parametrize("persona", PERSONAS)
def test_nothing_typed_runs(look: Look, persona: str) -> None:
    assert look(persona) == []


def test_the_vectors_are_a_hundred_and_on_the_pages(poisoned: Scene) -> None:
    assert len(set(VECTORS)) >= 100
    own = poisoned.things["student"]
    review = f"/attempts/{own['own closed attempt']['attempt_id']}/review"
    questions = {f"/attempts/{own['own attempt']['attempt_id']}/{position}" for position in (1, 2, 3)}
    assert {review, *questions, "/cards", "/cards/browse", "/account"} <= set(paths(poisoned, "student"))
    student, teacher = poisoned.browsers["student"].client, poisoned.browsers["teacher"].client
    texts = [student.get(path).get_data(as_text=True) for path in paths(poisoned, "student")]
    texts += [teacher.get(path).get_data(as_text=True) for path in paths(poisoned, "teacher")]
    assert sum("&lt;script&gt;alert(1)" in shown for shown in texts) > len(texts) * 2 / 3


def test_a_text_that_is_not_escaped_is_found(poisoned: Scene, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "escape", Markup)
    assert any("blocked" in trace or "onerror" in trace for trace in look("student"))
