"""Wapiti as each persona: it follows the links itself, finds forms and sends them its own payloads.

Pages are as they are shipped; only the check of tokens against forged requests is off, or nothing it sends would come
as far as a form. It begins at one page of every route that the persona can open.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.scanners import planted
from tests.scanners.crawler import crawl
from tests.scanners.figures import Outcome
from tests.scanners.site import Site, made_site, running
from tests.scanners.tools import find_tool, run_tool

NAME = "wapiti"
HOLES = {"SQL injection": "/planted/search", "script": "/planted/echo", "redirect": "/planted/go"}
_MODULES = {False: "sql,xss,redirect", True: "sql,xss,permanentxss,redirect,crlf,file,exec,ssrf,htaccess,methods"}
_DEPTH = {False: "0", True: "2"}
_SECONDS = {False: 120.0, True: 3600.0}


def scan(personas: list[str], *, is_long: bool) -> Iterator[Outcome]:
    """Scan as each persona. Raises Missing."""
    program = find_tool("wapiti", "wapiti3")
    with made_site(checks_tokens=False) as site, running(site):
        for persona in personas:
            yield _scan(site, persona, program, is_long=is_long)


def _scan(site: Site, persona: str, program: str, *, is_long: bool) -> Outcome:
    site.begin(persona, puts_all_back=False)
    pages = crawl(site.scene, persona, 2)
    began = time.monotonic()
    site.begin(persona, puts_all_back=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = folder / "report.json"
        starts = [part for path in sorted(pages.opened.values()) for part in ("-s", site.address + path)]
        said = run_tool(
            [
                program, "-u", f"{site.address}/", *starts, "-x", f"{site.address}/assets/*", "-d", _DEPTH[is_long],
                "-m", _MODULES[is_long], "-f", "json", "-o", str(report), "--store-session", name,
                "--store-config", name, "--no-bugreport", "--flush-session", "-S", "normal", "-t", "10",
            ],
            folder, _SECONDS[is_long],
        )  # fmt: skip
        told = json.loads(report.read_text()) if report.exists() else {}
    found = [
        (kind, entry["path"], f"{kind}: {entry['method']} {entry['path']} {entry['info']}"[:300])
        for group in ("vulnerabilities", "anomalies")
        for kind, entries in told.get(group, {}).items()
        for entry in entries
    ]
    real = [line for _, path, line in found if not urlsplit(path).path.startswith(planted.PREFIX)]
    if not told:
        real.append(f"no report: {said[-300:]}")
    return Outcome(
        NAME, persona, pages=int(told.get("infos", {}).get("crawled_pages_nbr", 0)), requests=site.answered,
        seconds=time.monotonic() - began, findings=[*real, *site.failures_elsewhere()],
        planted={hole: any(urlsplit(path).path == at for _, path, _ in found) for hole, at in HOLES.items()},
    )  # fmt: skip
