"""What holds for all templates, styles, scripts and icons at once."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

QUIZAPP = Path(__file__).parents[2] / "quizapp"
TEMPLATES = sorted((QUIZAPP / "templates").rglob("*.html"))
STYLES = QUIZAPP / "static" / "css"
SCRIPTS = QUIZAPP / "static" / "js"


def joined(folder: Path, order: str) -> str:
    """Return the files of an order list as one text."""
    return "\n".join((folder / name).read_text("utf-8") for name in (folder / order).read_text("utf-8").split())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(QUIZAPP)))
def test_a_template_has_no_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)|javascript:", text)


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = (QUIZAPP / "static" / "icons.svg").read_text("utf-8")
    known = set(re.findall(r'<symbol id="i-([a-z]+)"', sprite))
    named = {name for path in TEMPLATES for name in re.findall(r'\bicon\("([a-z]+)"', path.read_text("utf-8"))}
    named |= {name for path in TEMPLATES for name in re.findall(r'icon_name="([a-z]+)"', path.read_text("utf-8"))}
    assert named <= known


@pytest.mark.parametrize(
    ("folder", "orders", "kind"), [(STYLES, ["ORDER"], "css"), (SCRIPTS, ["page.ORDER", "focus.ORDER"], "js")]
)
def test_every_file_is_joined_and_every_joined_file_exists(folder: Path, orders: list[str], kind: str) -> None:
    listed = {name for order in orders for name in (folder / order).read_text("utf-8").split()}
    assert listed == {path.name for path in folder.glob(f"*.{kind}")}


def test_styles_and_scripts_stay_small() -> None:
    styles = re.sub(r"/\*.*?\*/\n?|^ +", "", joined(STYLES, "ORDER"), flags=re.DOTALL | re.MULTILINE)  # as sent
    assert len(gzip.compress(styles.encode(), 6)) <= 13_000
    for order in ("page.ORDER", "focus.ORDER"):
        assert len(gzip.compress(joined(SCRIPTS, order).encode(), 6)) <= 9_000


def test_styles_name_colours_by_role_only() -> None:
    others = "\n".join(path.read_text("utf-8") for path in STYLES.glob("*.css") if path.name != "tokens.css")
    used = set(re.findall(r"var\((--[a-z0-9-]+)", others))
    defined = set(re.findall(r"(--[a-z0-9-]+):", joined(STYLES, "ORDER")))
    assert used <= defined
    assert not re.search(r"#[0-9a-f]{3,8}\b(?!\w)(?=[;\s,)])", others)


def test_nothing_is_fetched_from_elsewhere() -> None:
    text = (
        joined(STYLES, "ORDER") + joined(SCRIPTS, "page.ORDER") + "".join(path.read_text("utf-8") for path in TEMPLATES)
    )
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)
