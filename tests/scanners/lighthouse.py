"""Lighthouse before the running site as each kind of person: full marks for each page; what lost some is a finding.

Accessibility and best practices, as on a phone; speed is measured by the bench. The machine's Chromium is started once.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.chromium import ARGUMENTS
from tests.scanners.crawler import crawl
from tests.scanners.figures import Outcome
from tests.scanners.site import Site, made_site, running
from tests.scanners.tools import Missing, find_tool, run_tool

NAME = "lighthouse"
CATEGORIES = ("accessibility", "best-practices")
HOLE = "/planted/careless"  # on one page something for each category
# The main pages of each persona; the long form takes every route.
MAIN = {
    "nobody": ("today.start", "accounts.sign_up", "topics.topic", "topics.item_set"),
    "guest": ("topics.index",),
    "student": (
        "today.start", "quizzes.build", "quizzes.question", "quizzes.review", "flashcards.review", "flashcards.browse",
        "progress.overview", "progress.topic", "accounts.account",
    ),
    "teacher": ("authoring.home", "authoring.item_set", "authoring.item", "authoring.settings", "authoring.results"),
    "admin": ("admin.people_list",),
}  # fmt: skip
NO_PAGES = ("planted.", "media.", "assets.", "health.", "quizzes.clock")
_PATIENCE = 90.0  # seconds for one page


def scan(personas: list[str], *, is_long: bool) -> Iterator[Outcome]:
    """Scan as each persona. Raises Missing."""
    program = find_tool("lighthouse", "lighthouse")
    with made_site(checks_tokens=True) as site, running(site), _chromium() as port:
        for persona in personas:
            yield _scan(site, persona, [program, f"--port={port}"], is_long=is_long)


def _scan(site: Site, persona: str, program: list[str], *, is_long: bool) -> Outcome:
    site.begin(persona, puts_all_back=False)
    opened = crawl(site.scene, persona, 2).opened
    routes = [route for route in opened if not route.startswith(NO_PAGES)] if is_long else MAIN[persona]
    site.begin(persona, puts_all_back=False)
    found = Outcome(NAME, persona, pages=len(routes))
    began = time.monotonic()
    for route in routes:
        path = opened.get(route)
        found.findings += [f"{path}: {fault}" for fault in _faults(program, site.address + path)] if path else [
            f"{route}: no page of it opened"
        ]  # fmt: skip
    faults = _faults(program, site.address + HOLE)
    found.planted = {category: any(fault.startswith(category) for fault in faults) for category in CATEGORIES}
    found.findings += site.failures_elsewhere()
    found.requests, found.seconds = site.answered, time.monotonic() - began
    return found


def _faults(program: list[str], address: str) -> list[str]:
    """Return what a page lost marks by, a line each, begun with its category."""
    with tempfile.TemporaryDirectory() as name:
        report = Path(name, "report.json")
        options = [f"--only-categories={','.join(CATEGORIES)}", "--output=json", f"--output-path={report}", "--quiet"]
        said = run_tool([*program, address, *options], Path(name), _PATIENCE)
        if not report.exists():
            return [f"no report: {said[-300:]}"]
        told = json.loads(report.read_text(encoding="utf-8"))
    return [fault for category in CATEGORIES for fault in _lost(told, category)]


def _lost(told: dict[str, Any], category: str) -> Iterator[str]:
    judged = told["categories"][category]
    if judged["score"] is None:
        yield f"{category}: not judged ({told.get('runtimeError', {}).get('message', 'no reason given')})"
    elif judged["score"] < 1:
        for audit in judged["auditRefs"]:
            result = told["audits"][audit["id"]]
            if audit["weight"] and result["score"] is not None and result["score"] < 1:
                yield f"{category} {judged['score'] * 100:.0f}: {result['title']}"


@contextmanager
def _chromium() -> Iterator[int]:
    """Start the machine's Chromium without a window; gives the port that it is driven by."""
    program = shutil.which("chromium-headless-shell") or find_tool("chromium", "chromium")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [program, *ARGUMENTS, "--headless", f"--remote-debugging-port={port}", f"--user-data-dir={folder}"]
        with subprocess.Popen(
            [*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as browser:
            try:
                _wait(browser, port)
                yield port
            finally:
                browser.terminate()


def _wait(browser: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and browser.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Missing("Chromium does not start on this machine.")
