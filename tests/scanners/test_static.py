"""Ruff's S rules, which are bandit's, judge the whole package: they find what is planted, and nothing is waved through.

Bandit itself is not installed beside it: the rules are the same, and one program already runs them everywhere.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib

import pytest

from quizapp.config import CHECKOUT

PLANTED = {
    "S608": "def f(session, name):\n    session.execute(f\"SELECT id FROM people WHERE name = '{name}'\")\n",
    "S105": 'password = "a long way home"\n',
    "S301": "import pickle\n\npickle.loads(b'')\n",
    "S307": "eval(input())\n",
    "S324": "import hashlib\n\nhashlib.md5(b'')\n",
    "S602": "import subprocess\n\nsubprocess.run(input(), shell=True)\n",
    "S704": "from markupsafe import Markup\n\nMarkup(input())\n",
}


def codes_in(source: str) -> set[str]:
    """Return the codes that ruff finds in a source that stands where the package does."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=json", "--stdin-filename"]
    told = subprocess.run(
        [*command, "quizapp/web/planted.py", "-"],
        input=source,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {found["code"] for found in json.loads(told.stdout)}


@pytest.mark.parametrize("code", PLANTED)
def test_what_is_planted_is_found(code: str) -> None:
    assert code in codes_in(PLANTED[code])


def test_no_rule_is_off_for_the_package() -> None:
    rules = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "S" in rules["select"]
    assert [code for code in rules["ignore"] if re.match(r"S\d", code)] == []
    assert [place for place in rules["per-file-ignores"] if not place.startswith(("tests/", "migrations/"))] == []


def test_no_line_is_waved_through_without_naming_the_rule() -> None:
    silent = [
        f"{path.relative_to(CHECKOUT)}:{number}"
        for path in sorted((CHECKOUT / "quizapp").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"# noqa(?!: [A-Z]+[0-9])|# ruff: noqa", line)
    ]
    assert silent == []
