"""The gallery: `python -m tests.gallery FOLDER [pytest arguments]` pictures every page that is judged.

Each stop of `browser/test_everyone.py`, and each state of an answer on its way, is taken in light and dark at 1280 and
390 pixels; an `index.html` shows them.
"""

from __future__ import annotations

import os
import re
import sys
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

SHOTS_DIR = os.environ.get("QUIZAPP_TEST_SHOTS_DIR", "")
WIDTHS = (390, 1280)  # the last are those that the page is judged in
HEIGHT = 900
SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")


def picture(page: Page, name: str) -> None:
    """Take a page as it stands, when a gallery is being made."""
    if not SHOTS_DIR:
        return
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        # As tall as the page: what sticks to the window's edge would stand in the middle of the picture.
        height = max(HEIGHT, page.evaluate("() => document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            file = f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}--{width}-{scheme}.png"
            page.screenshot(path=Path(SHOTS_DIR, file), full_page=True)
    page.set_viewport_size({"width": WIDTHS[-1], "height": HEIGHT})


def main(arguments: list[str]) -> int:
    """Take the pictures and write their index; the status is that of the tests."""
    if not arguments:
        sys.stderr.write("python -m tests.gallery FOLDER [pytest arguments]\n")
        return 2
    folder = Path(arguments[0]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["QUIZAPP_TEST_SHOTS_DIR"] = str(folder)
    judged = str(Path(__file__).with_name("browser"))
    status = pytest.main([judged, "-q", "-k", "serves_everyone", *arguments[1:]])
    (folder / "index.html").write_text(_index(folder), encoding="utf-8")
    return int(status)


def _index(folder: Path) -> str:
    names = sorted(path.name for path in folder.glob("*--*.png"))
    rows = [
        f"<h2>{escape(page)}</h2><p>"
        + "".join(f'<a href="{shot}"><img src="{shot}" height="420"></a> ' for shot in shots)
        for page, shots in groupby(names, lambda name: name.partition("--")[0])
    ]
    return "<!doctype html><title>Gallery</title>\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
