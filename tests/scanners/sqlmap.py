"""Sqlmap as each persona: every parameter of every form and address that our own crawler found, one request a route.

The check of tokens against forged requests is off, and each write is put back at once.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.scanners import planted
from tests.scanners.crawler import Crawl, crawl
from tests.scanners.figures import Outcome
from tests.scanners.site import Site, made_site, running
from tests.scanners.tools import find_tool, run_tool

NAME = "sqlmap"
HOLES = {"SQL injection": "/planted/search"}
_RULE = "=" * 54
_DEEP = {
    False: ["--level=1", "--risk=1", "--technique=B"],
    True: ["--level=2", "--risk=2", "--technique=BEUST"],
}
_SECONDS = {False: 120.0, True: 7200.0}


def scan(personas: list[str], *, is_long: bool) -> Iterator[Outcome]:
    """Scan as each persona. Raises Missing."""
    program = find_tool("sqlmap", "sqlmap")
    with made_site(checks_tokens=False) as site, running(site):
        for persona in personas:
            yield _scan(site, persona, program, is_long=is_long)


def _scan(site: Site, persona: str, program: str, *, is_long: bool) -> Outcome:
    site.begin(persona, puts_all_back=True)
    pages = crawl(site.scene, persona, 2)
    began = time.monotonic()
    site.begin(persona, puts_all_back=True)
    requests = _requests(pages, site.address)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "requests.log").write_text(_log(requests, site.address), encoding="utf-8")
        said = run_tool(
            [
                program, "-l", str(folder / "requests.log"), "--batch", "--disable-coloring", "--flush-session",
                "--output-dir", str(folder / "out"), "--results-file", str(folder / "results.csv"),
                "--dbms=SQLite", "--ignore-code=*", "--skip-waf", "--threads=1", "--timeout=10", *_DEEP[is_long],
                "--answers=redirect=N,follow=N",
            ],
            folder, _SECONDS[is_long],
        )  # fmt: skip
        results = folder / "results.csv"
        rows = list(csv.DictReader(results.open(encoding="utf-8"))) if results.exists() else []
    found = [(row["Target URL"], row["Parameter"] or "") for row in rows if row["Parameter"]]
    real = [f"{url} is open at {name}" for url, name in found if not urlsplit(url).path.startswith(planted.PREFIX)]
    if "CUT OFF" in said or not site.answered:
        real.append(f"not done: {said[-300:]}")
    return Outcome(
        NAME, persona, pages=len(pages.opened), forms=len(requests), requests=site.answered,
        seconds=time.monotonic() - began, findings=[*real, *site.failures_elsewhere()],
        planted={hole: any(urlsplit(url).path == at for url, _ in found) for hole, at in HOLES.items()},
    )  # fmt: skip


def _requests(pages: Crawl, address: str) -> list[tuple[str, str, str]]:
    """Return method, address and body, for each form and each address with parameters or a text in its path."""
    made = []
    for endpoint, path in pages.opened.items():
        if urlsplit(path).query and endpoint != "assets.send":
            made.append(("GET", path, ""))
    for form in pages.forms:
        body = urlencode(form.fields)
        if form.method == "get" and body:
            made.append(("GET", f"{urlsplit(form.address).path}?{body}", ""))
        elif body:
            made.append(("POST", form.address.partition("#")[0], body))
    return made


def _log(requests: list[tuple[str, str, str]], address: str) -> str:
    """Write requests as the log of a proxy, which sqlmap reads."""
    host = urlsplit(address).netloc
    lines = []
    for method, path, body in requests:
        lines += [_RULE, f"12:00:00  {address}  [127.0.0.1]", _RULE, f"{method} {path} HTTP/1.1", f"Host: {host}"]
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        lines += ["", body, _RULE, "", "", ""]
    return "\n".join(lines)
