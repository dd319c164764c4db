"""What a screen reader is told of the main pages: their accessible trees, kept in `trees/`.

`QUIZAPP_TEST_TREES=write` writes them again; read what changed before it is committed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Town, town_on
from tests.chromium import OpenWindow

FOLDER = Path(__file__).with_name("trees")
KINDS = (
    "single_choice", "multiple_choice", "true_false", "short_answer", "numeric", "cloze", "matching", "ordering",
    "flashcard",
)  # fmt: skip
PAGES = (
    ("nobody", "welcome", "/"),
    ("nobody", "welcome answered", "/?question={sample}&choice=a"),
    ("nobody", "topic", "/topics/{topic}"),
    ("student", "today", "/"),
    ("student", "quiz overview", "/attempts/{open}/finish"),
    ("student", "review", "/attempts/{finished}/review"),
    ("student", "card", "/cards/{card}"),
    ("student", "progress", "/progress"),
    ("student", "progress of a topic", "/progress/{topic}"),
    *(("nine", f"asked {kind}", f"/attempts/{{asked {kind}}}") for kind in KINDS),
    *(("nine", f"answered {kind}", f"/attempts/{{answered {kind}}}") for kind in KINDS),
    ("nine", "card front", "/cards?card={turned}"),
    ("nine", "card back", "/cards?card={turned}"),
    ("teacher", "set", "/teach/sets/{set}"),
    ("teacher", "editor", "/teach/sets/{set}/items/{item}"),
)
_FIGURE = re.compile(r"(?<!\[level=)\d[\d.,:]*")
_ADDRESS = re.compile(r":?\n +- /url: .*")


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A site of its own: in the one that others share, what is due and begun depends on who was there before."""
    yield from town_on(sqlite_template, tmp_path_factory.mktemp("quiet"))


def test_a_screen_reader_is_told_what_is_there(look: OpenWindow, town: Town) -> None:
    changed = []
    for who, stops in groupby(PAGES, itemgetter(0)):
        page = look(who)
        for _, name, path in stops:
            page.goto(path.format(**town.names))
            if name == "card back":
                page.get_by_role("button", name="Show answer").last.click()
                page.get_by_role("button", name="Good").wait_for()
                page.wait_for_load_state()
            kept = FOLDER / f"{name.replace(' ', '-')}.yml"
            told = tree(page)
            if os.environ.get("QUIZAPP_TEST_TREES") == "write":
                kept.parent.mkdir(exist_ok=True)
                kept.write_text(told, encoding="utf-8")
            elif not kept.exists() or kept.read_text(encoding="utf-8") != told:
                changed.append(f"{kept.name}:\n{told}")
    assert changed == []


def tree(page: Page) -> str:
    """Return the accessible tree of a page, without the header that all share and the addresses of links.

    Every figure is written as 0: those change with the days and the memory, not with the page.
    """
    parts = [page.locator(part) for part in ("header.focus-top", "main", "footer.bar")]
    told = "\n".join(part.aria_snapshot() for part in parts if part.count())
    return _FIGURE.sub("0", _ADDRESS.sub("", told)) + "\n"
